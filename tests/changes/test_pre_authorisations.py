"""A change model becomes standard on a record that holds, with two people, and loses it with the record."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from changes.models import ChangeModel, ChangeRequest, PreAuthorisation
from changes.operations import models, planning, pre_authorisations, requests
from changes.queries.safe_runs import ended
from itsm.kernel import ledger, outbox
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from itsm.kernel.models import LedgerEntry, Notification, OutboxEvent
from itsm.kernel.roles import Role
from itsm.portal.queries import work
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import END, NOW, START, make_change, make_model, make_policy
from tests.plans import copies, made_up
from tests.transition.gate_builders import NO_FAILURE, ask, make_shop

pytestmark = pytest.mark.django_db
NOBODY = {"name": "standard", "when": {"pre_authorised": True},
          "devolve": [{"fact": "pre_authorised", "is": True}]}  # fmt: skip


@pytest.fixture
def model():
    return make_model("renewal")


@pytest.fixture
def kim(person):
    return person("kim", Role.CHANGE_MANAGER)


def ran(model, outcome="successful", days_ago=10, **details):
    return ChangeRequest.objects.create(
        title="Renew it", model=model, type=model.type, status="closed", outcome=outcome,
        finished_at=NOW - timedelta(days=days_ago), **details,
    )  # fmt: skip


def propose(model, who, **terms):
    return pre_authorisations.propose(
        model_id=model.pk, reason="Always the same steps.", actor=Actor.person(who), now=NOW,
        **{"safe_runs_needed": 2, "failures_revoke": 2} | terms,
    )  # fmt: skip


def approve(asked, who, **said):
    return pre_authorisations.approve(pre_authorisation_id=asked.pk, actor=Actor.person(who), now=NOW, **said)


@pytest.fixture
def approved(model, alice, kim):
    first, second = ran(model, days_ago=20), ran(model)
    done = approve(propose(model, alice), kim, comment="Good.")
    model.refresh_from_db()
    assert done.shown == [second.number, first.number]
    return done


def carry_out(model, alice, bob, outcome, days=1):
    """A change of the model that ends so, `days` after the approval."""
    change = make_change(requested_by=alice, assignee=bob, model=model)
    ChangeRequest.objects.filter(pk=change.pk).update(status="implementing", started_at=NOW)
    change.tasks.update(state="done")
    return requests.finish(change_id=change.pk, outcome=outcome, actor=SYSTEM, now=NOW + timedelta(days=days))


def test_each_step_is_in_the_ledger_and_makes_the_model_standard(approved, model):
    assert (model.type, model.pre_authorised) == ("standard", True)
    assert approved.review_due_at == NOW + timedelta(days=365)
    entries = [approved.propose_entry, approved.decide_entry]
    said = LedgerEntry.objects.filter(pk__in=entries).order_by("pk").values_list("decision", flat=True)
    assert list(said) == ["pre_authorisation_proposed", "pre_authorisation_approved"]
    assert ledger.verify().broken_at is None


def test_it_is_shown_by_the_latest_changes_and_one_that_went_wrong_begins_the_row_anew(model, alice, kim):
    asked = propose(model, alice)
    ran(model, days_ago=9)
    with pytest.raises(pre_authorisations.NotShownSafe, match="Only 1 of 2") as few:
        approve(asked, kim)
    assert few.value.checks[0]["message"] == "1 more must run safely."
    bad = ran(model, "backed_out", days_ago=5)
    ran(model, days_ago=3)
    with pytest.raises(pre_authorisations.NotShownSafe) as broken:
        approve(asked, kim)
    assert broken.value.checks[0]["label"] == bad.number
    model.refresh_from_db()
    assert not model.pre_authorised
    ran(model, days_ago=1)
    assert approve(asked, kim).state == "approved"


def test_nobody_approves_their_own_proposal(model, kim, alice):
    ran(model), ran(model)
    asked = propose(model, kim)
    with pytest.raises(pre_authorisations.OwnProposal):
        approve(asked, kim)
    with pytest.raises(Forbidden):
        approve(asked, alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        PreAuthorisation.objects.filter(pk=asked.pk).update(state="approved", decided_by=kim, decided_at=NOW)
    assert not LedgerEntry.objects.filter(decision="pre_authorisation_approved").exists()


def test_a_model_is_not_simply_set_to_be_pre_authorised(model, approved):
    with pytest.raises(InvalidInput, match="Propose the model"):
        models.update(model_id=make_model("other").pk, pre_authorised=True, actor=SYSTEM)
    with pytest.raises(InvalidInput, match="stays standard"):
        models.update(model_id=model.pk, type="normal", actor=SYSTEM)
    with pytest.raises(pre_authorisations.ProposedAlready):
        pre_authorisations.propose(model_id=model.pk, reason="Again.", actor=SYSTEM, now=NOW)


def test_a_change_of_it_needs_nobodys_word_and_is_scheduled_at_once(approved, model, alice, bob):
    make_policy(rules=[NOBODY, {"name": "rest", "require": [{"role": "change_manager"}]}])
    change = make_change(requested_by=alice, assignee=bob, model=model, cis=[make_ci()])
    change = requests.submit(change_id=change.pk, actor=Actor.person(alice), now=NOW)

    asked, entry = change.authorisations.get(), LedgerEntry.objects.get(decision="pre_authorised")
    assert (change.status, asked.state, asked.rule) == ("scheduled", "authorised", "standard")
    assert entry.comment == f"Renewal is pre-authorised by {approved.number}."
    assert asked.decisions.get().ledger_sequence == entry.sequence
    # another plan is another change: it is written down anew, and stays scheduled
    moved = requests.plan(change_id=change.pk, title="Renew two", actor=Actor.person(alice))
    assert (moved.status, moved.authorisations.filter(state="authorised").count()) == ("scheduled", 1)
    # after the revocation people are asked again
    pre_authorisations.revoke(pre_authorisation_id=approved.pk, reason="A new maker.", actor=SYSTEM, now=NOW)
    again = requests.plan(change_id=change.pk, title="Renew three", actor=Actor.person(alice))
    assert (again.status, again.authorisations.get(state="pending").rule) == ("assessment", "rest")


def test_failures_take_it_away_in_the_moment_of_the_last_one(approved, model, alice, bob):
    carry_out(model, alice, bob, "failed")
    approved.refresh_from_db()
    assert approved.state == "approved"
    carry_out(model, alice, bob, "successful", days=2)
    carry_out(model, alice, bob, "failed", days=3)

    approved.refresh_from_db(), model.refresh_from_db()
    assert (approved.state, model.pre_authorised, model.type) == ("revoked", False, "normal")
    assert "2 of its latest 20 changes failed" in approved.revoked_because
    assert approved.revoke_entry == LedgerEntry.objects.get(decision="pre_authorisation_revoked").sequence


def test_it_is_revoked_by_hand_with_a_reason_and_only_by_a_change_manager(approved, model, alice, kim):
    with pytest.raises(InvalidInput):
        pre_authorisations.revoke(pre_authorisation_id=approved.pk, reason=" ", actor=Actor.person(kim), now=NOW)
    with pytest.raises(Forbidden):
        pre_authorisations.revoke(pre_authorisation_id=approved.pk, reason="x", actor=Actor.person(alice), now=NOW)
    pre_authorisations.revoke(pre_authorisation_id=approved.pk, reason="Changed.", actor=Actor.person(kim), now=NOW)
    with pytest.raises(IllegalMove):
        pre_authorisations.revoke(pre_authorisation_id=approved.pk, reason="x", actor=Actor.person(kim), now=NOW)


def test_its_yearly_review_is_told_once_done_or_it_lapses(approved, model, kim):
    due = approved.review_due_at
    assert pre_authorisations.look_after(actor=SYSTEM, now=due - timedelta(days=1)) == []
    assert len(pre_authorisations.look_after(actor=SYSTEM, now=due)) == 1
    assert pre_authorisations.look_after(actor=SYSTEM, now=due) == []
    assert OutboxEvent.objects.filter(name="changes.pre_authorisation.review_due").count() == 1
    waits = work.waiting_for(Actor.person(kim), due, ["standard"])
    assert [(item.title, item.step.label) for item in waits] == [("Renewal", "Review")]

    pre_authorisations.review(
        pre_authorisation_id=approved.pk, comment="Twelve runs, none failed.", actor=Actor.person(kim), now=due
    )
    assert work.waiting_for(Actor.person(kim), due, ["standard"]) == []
    later = due + timedelta(days=365)
    pre_authorisations.look_after(actor=SYSTEM, now=later)
    pre_authorisations.look_after(actor=SYSTEM, now=later + timedelta(days=30))
    approved.refresh_from_db()
    assert (approved.state, "yearly review was due" in approved.revoked_because) == ("revoked", True)


def test_who_has_to_decide_is_told(model, alice, kim):
    propose(model, alice)
    outbox.publish()
    for subscriber in outbox.waiting_subscribers():
        outbox.drain(subscriber)
    assert Notification.objects.get(user=kim).text == "Alice proposes “Renewal” as a standard change."


def test_the_gate_refuses_with_a_reason_what_is_no_longer_pre_authorised(service_owner, now):
    shop = make_shop([NO_FAILURE], owner=service_owner)
    ChangeModel.objects.update(pre_authorised=False)
    refused = ask(shop, now)
    assert refused.decision == "refused"
    assert "the change model is pre-authorised" in [reason["asked"] for reason in refused.reasons]


def test_the_record_is_read_by_its_index(model, alice):
    change, others = make_change(requested_by=alice, model=model), make_model("another")
    with made_up([ChangeRequest]) as write:
        write("UPDATE changes_changerequest SET model_id = %s", [others.pk])
        models_ = f"CASE WHEN n %% 20 = 0 THEN {model.pk} ELSE model_id END"
        ends = {"finished_at": "now() - n * interval '1 hour'", "outcome": "'successful'"}
        copies(write, change, 2000, model_id=models_, **ends)
    plan = ended(model)[:20].explain()
    assert "change_by_model_end" in plan
    assert "Sort" not in plan


def test_a_request_must_say_what_its_model_wants(alice, bob):
    asks = [{"code": "down", "text": "How long is it down?", "kind": "number", "required": True},
            {"code": "night", "text": "At night?", "kind": "yes_no"}]  # fmt: skip
    strict = make_model("strict", required_fields=["cis", "reason"], questions=asks)
    make_policy()
    change = make_change(requested_by=alice, assignee=bob, model=strict)
    with pytest.raises(requests.Incomplete) as refusal:
        requests.submit(change_id=change.pk, actor=Actor.person(alice), now=NOW)
    assert set(refusal.value.errors) == {"cis", "reason", "answers"}
    assert refusal.value.errors["answers"] == {"down": ["It must be answered."]}
    assert [check["label"] for check in refusal.value.checks] == [
        "CIs that it touches", "Reason", "How long is it down?",
    ]  # fmt: skip
    for wrong in ({"down": "long"}, {"down": True}, {"colour": "red"}, {"night": "yes"}, [1]):
        with pytest.raises(InvalidInput):
            requests.plan(change_id=change.pk, answers=wrong, actor=SYSTEM)
    requests.plan(
        change_id=change.pk, answers={"down": 5, "night": False}, reason="It runs out.", cis=[make_ci()], actor=SYSTEM
    )
    done = requests.submit(change_id=change.pk, actor=Actor.person(alice), now=NOW)
    assert (done.status, done.answers) == ("assessment", {"down": 5, "night": False})
    # an answer is part of what is authorised
    seen = done.authorisations.get().fingerprint
    requests.plan(change_id=change.pk, answers={"down": 50}, actor=SYSTEM)
    assert done.authorisations.get(state="pending").fingerprint != seen
    # another model asks other things
    moved = requests.plan(change_id=change.pk, model=make_model("normal"), actor=SYSTEM)
    assert moved.answers == {}


def test_a_draft_is_raised_with_its_answers(alice):
    strict = make_model("strict", questions=[{"code": "why", "text": "Why?"}])
    made = planning.draft(
        title="x", model=strict, answers={"why": "So."}, start=START, end=END, actor=Actor.person(alice)
    )
    assert made.answers == {"why": "So."}
    with pytest.raises(InvalidInput):
        planning.draft(title="x", model=strict, answers={"who": "Me"}, actor=Actor.person(alice))
