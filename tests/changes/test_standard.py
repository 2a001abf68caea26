"""Standard changes that a policy lets the pipeline authorise; policies and models that govern them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from changes.models import Authorisation, ChangeModel, ChangeRequest, Policy
from changes.operations import models, policies, requests, standard
from changes.operations.asking import RefusedByPolicy
from changes.policy import rule_on
from itsm.kernel import delegations, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import LedgerEntry
from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import NOW, make_model, make_policy

pytestmark = pytest.mark.django_db
RULES = [{"name": "good tests", "devolve": [{"fact": "tests.failed", "at_most": 0, "asked": "no failed test"}]}]


@pytest.fixture
def policy():
    return make_policy("standard-deployments", RULES)


def authorise(policy, pipeline, facts, **details):
    model = details.pop("model", None) or make_model(
        "standard-deployment", type="standard", policy_name=policy.name, pre_authorised=True
    )
    return standard.authorise_by_pipeline(
        model=model, service=make_service("Shop"), title="Shop 1.8.3", window=(NOW, NOW + timedelta(minutes=30)),
        cis=[make_ci("shop-1")], ruling=rule_on(policy.rules, facts), policy=policy, evidence={"tests": facts},
        actor=Actor.person(pipeline), now=NOW,
    )  # fmt: skip


def test_good_evidence_makes_a_scheduled_change_with_its_decision_in_the_ledger(policy, pipeline):
    change = authorise(policy, pipeline, {"tests.failed": 0})

    asked, entry = change.authorisations.get(), LedgerEntry.objects.get(decision="authorised_by_pipeline")
    assert (change.status, change.type, change.requested_by) == ("scheduled", "standard", pipeline)
    assert (asked.role, asked.state, asked.rule) == ("pipeline", Authorisation.State.AUTHORISED, "good tests")
    assert asked.decisions.get().ledger_sequence == entry.sequence
    assert entry.policy_version == f"{policy}, good tests"
    assert entry.evidence_digest == ledger.digest({"tests": {"tests.failed": 0}})
    assert entry.details["looked"][0]["found"] == "tests.failed is 0"


def test_failing_evidence_makes_no_change(policy, pipeline):
    with pytest.raises(standard.NotPreAuthorised):
        authorise(policy, pipeline, {"tests.failed": 2})
    assert not ChangeRequest.objects.exists()
    assert not Authorisation.objects.exists()


def test_a_model_that_is_not_pre_authorised_is_never_the_pipelines(policy, pipeline):
    with pytest.raises(standard.NotPreAuthorised):
        authorise(policy, pipeline, {"tests.failed": 0}, model=make_model())


def test_a_refusal_is_in_the_ledger_with_the_rule_and_what_failed(policy, pipeline):
    ruling = rule_on(policy.rules, {"tests.failed": 2})
    entry = standard.refuse_by_pipeline(
        subject=make_service("Shop"), ruling=ruling, policy=policy, evidence={"failed": 2},
        actor=Actor.person(pipeline), now=NOW,
    )  # fmt: skip

    assert (entry.decision, entry.comment) == ("refused_by_pipeline", "no failed test: tests.failed is 2")
    assert ledger.verify().broken_at is None


def test_it_is_carried_out_and_closed_by_the_pipeline(policy, pipeline):
    change, actor = authorise(policy, pipeline, {"tests.failed": 0}), Actor.person(pipeline)
    standard.begin(change_id=change.pk, actor=actor, now=NOW)
    ended = standard.end(change_id=change.pk, outcome="successful", actor=actor, now=NOW)

    assert (ended.status, ended.outcome) == ("closed", "successful")


def test_one_that_failed_is_reviewed(policy, pipeline):
    change, actor = authorise(policy, pipeline, {"tests.failed": 0}), Actor.person(pipeline)
    standard.begin(change_id=change.pk, actor=actor, now=NOW)

    assert standard.end(change_id=change.pk, outcome="failed", actor=actor, now=NOW).status == "review"


def test_what_the_pipeline_authorised_cannot_be_planned_otherwise(policy, pipeline):
    change = authorise(policy, pipeline, {"tests.failed": 0})

    with pytest.raises(RefusedByPolicy):
        requests.plan(change_id=change.pk, title="Shop 6.6.6", actor=SYSTEM)
    change.refresh_from_db()
    assert (change.title, change.status) == ("Shop 1.8.3", "scheduled")


def test_a_new_version_retires_the_one_in_force(policy, change_manager, person):
    manager, author = Actor.person(change_manager), Actor.person(person("kim", Role.CHANGE_MANAGER))
    second = policies.draft(name=policy.name, title=policy.title, rules=RULES, actor=author)
    policies.enforce(policy_id=second.pk, actor=manager, now=NOW)

    assert list(Policy.objects.order_by("version").values_list("version", "state")) == [
        (1, "retired"), (2, "in_force"),
    ]  # fmt: skip
    policy.refresh_from_db()
    assert policy.retired_at == NOW
    assert LedgerEntry.objects.get(decision="policy_in_force", subject_id=second.pk).details == {"drafted_by": "kim"}
    with pytest.raises(policies.NotADraft):
        policies.enforce(policy_id=policy.pk, actor=manager, now=NOW)


def test_nobody_puts_their_own_draft_in_force_nor_who_has_the_role_from_its_author(policy, change_manager, alice):
    second = policies.draft(name=policy.name, title="x", rules=RULES, actor=Actor.person(change_manager))
    delegations.give(
        taker=alice, role=Role.CHANGE_MANAGER, until=timezone.now() + timedelta(days=7), reason="On leave.",
        actor=Actor.person(change_manager), now=timezone.now(),
    )  # fmt: skip

    for who in (change_manager, alice):
        with pytest.raises(policies.OwnDraft):
            policies.enforce(policy_id=second.pk, actor=Actor.person(who), now=NOW)
    second.refresh_from_db()
    assert second.state == "draft"
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.filter(pk=second.pk).update(enforced_by=change_manager)


def test_the_database_keeps_the_rules_of_a_version_in_force(policy):
    with pytest.raises(InternalError), transaction.atomic():
        Policy.objects.filter(pk=policy.pk).update(rules=[])
    policy.refresh_from_db()
    assert policy.rules == RULES


def test_rules_that_cannot_work_are_not_drafted(change_manager):
    with pytest.raises(InvalidInput) as refusal:
        policies.draft(name="x", title="x", rules=[{"name": "a"}], actor=Actor.person(change_manager))
    assert "either who is required" in refusal.value.errors["rules"]["0"]["non_field_errors"][0]
    assert not Policy.objects.exists()


def test_only_a_change_manager_governs(alice, policy):
    with pytest.raises(Forbidden):
        policies.draft(name="x", title="x", rules=RULES, actor=Actor.person(alice))
    with pytest.raises(Forbidden):
        models.create(code="x", name="x", type="normal", policy_name="x", actor=Actor.person(alice))


@pytest.mark.parametrize(
    "details",
    [
        {"type": "odd"},
        {"type": "normal", "pre_authorised": True},
        {"required_fields": ["colour"]},
        {"questions": [{"code": "a", "text": "Which?", "kind": "choice"}]},
        {"questions": [{"code": "a", "text": "x"}, {"code": "a", "text": "y"}]},
        {"tasks": {"title": "x"}},
        {"tasks": [{"instructions": "x"}]},
        {"tasks": [{"title": "x", "colour": "red"}]},
    ],
)
def test_a_model_that_cannot_work_is_refused(details):
    with pytest.raises(InvalidInput):
        models.create(code="x", name="x", policy_name="x", actor=SYSTEM, **{"type": "normal", **details})
    assert not ChangeModel.objects.exists()


def test_an_administrator_alone_enters_what_is_standard_already(person, change_manager):
    about = {"code": "x", "name": "x", "type": "standard", "policy_name": "x", "pre_authorised": True}
    with pytest.raises(InvalidInput, match="Propose the model"):
        models.create(actor=Actor.person(change_manager), **about)
    model = models.create(actor=Actor.person(person("root", is_superuser=True)), **about)

    assert model.pre_authorised
    assert LedgerEntry.objects.get(decision="standard_model_adopted").subject_id == model.pk


def test_a_models_code_is_taken_once():
    make_model("normal")
    with pytest.raises(InvalidInput, match="already"):
        models.create(code="normal", name="x", type="normal", policy_name="x", actor=SYSTEM)
