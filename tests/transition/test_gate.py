"""May I deploy? Devolved to the pipeline on evidence, and refused with the rule named."""

from datetime import timedelta

import pytest

from changes.operations import freezes
from itsm.kernel import ledger
from itsm.kernel.actor import Actor
from itsm.kernel.models import LedgerEntry
from tests.builders import SYSTEM, make_ci, make_class, make_service
from tests.changes.builders import make_model, make_policy
from tests.transition.builders import make_requirement
from transition.models import Deployment, StreamRun
from transition.operations import deployments, gaps, plans, streams

pytestmark = pytest.mark.django_db
RULES = [
    {
        "name": "tested production deployment",
        "when": {"environment": "production"},
        "devolve": [
            {"fact": "tests.passed", "at_least": 1, "asked": "at least one test passed"},
            {"fact": "tests.failed", "at_most": 0, "asked": "no failed test"},
            {"fact": "freezes", "at_most": 0, "asked": "no freeze"},
            {"fact": "critical_gaps", "at_most": 0, "asked": "no open critical gap"},
        ],
    },
    {"name": "elsewhere people decide", "require": [{"role": "change_manager"}]},
]
GOOD = [{"kind": "tests", "name": "unit", "passed": 812, "failed": 0}]


@pytest.fixture
def shop(service_owner):
    make_policy("deployments", RULES)
    model = make_model("deployment", type="standard", policy_name="deployments", pre_authorised=True)
    service = make_service("Online Shop", owner=service_owner)
    plan = plans.create(service=service, actor=SYSTEM)
    streams.create(
        plan=plan, ordinal=1, name="Code", kind="code", period_days=1, active_from="2026-11-02", change_model=model,
        actor=SYSTEM,
    )  # fmt: skip
    return service


@pytest.fixture
def ask(shop, pipeline, now):
    def request(evidence=GOOD, environment="production", version="1.8.3", **more):
        return deployments.request(
            service=shop, environment=environment, artifact="shop", version=version, evidence=evidence,
            actor=Actor.person(pipeline), now=now, **more,
        )  # fmt: skip

    return request


def test_good_evidence_is_authorised_as_a_standard_change_and_in_the_ledger(ask):
    deployment = ask()

    entry = LedgerEntry.objects.get(decision="authorised_by_pipeline")
    assert deployment.decision == "authorised"
    assert (deployment.change.type, deployment.change.status) == ("standard", "scheduled")
    assert entry.evidence_digest == ledger.digest(GOOD)
    assert entry.policy_version.startswith("Deployments v1")
    assert {reason["verdict"] for reason in deployment.reasons} == {"ok"}


def test_a_failing_test_is_refused_and_the_rule_is_named(ask):
    deployment = ask([{"kind": "tests", "passed": 811, "failed": 1}])

    failed = [reason for reason in deployment.reasons if reason["verdict"] == "block"]
    assert deployment.decision == "refused"
    assert deployment.change is None
    assert [(f["rule"], f["asked"]) for f in failed] == [("tested production deployment", "no failed test")]
    assert LedgerEntry.objects.filter(decision="refused_by_pipeline").count() == 1


def test_without_evidence_it_is_unknown_and_refused(ask):
    deployment = ask([])

    assert deployment.decision == "refused"
    assert "unknown" in {reason["verdict"] for reason in deployment.reasons}


def test_a_freeze_refuses(ask, now):
    freezes.create(name="Year end", start=now, end=now + timedelta(days=1), everywhere=True, actor=SYSTEM)

    assert ask().decision == "refused"


@pytest.mark.parametrize("scope", ["services", "cis", "classes", "environments"])
def test_a_freeze_refuses_what_is_in_its_scope(ask, shop, now, scope):
    kind = shop.ci.ci_class
    kind.parent = make_class("anything", kind=kind.kind)
    kind.save()
    named = {"services": shop, "cis": shop.ci, "classes": kind.parent, "environments": "production"}[scope]
    other = {"services": make_service("Other"), "cis": make_ci("other"), "classes": make_class("rack"),
             "environments": "staging"}[scope]  # fmt: skip
    about = {"start": now, "end": now + timedelta(days=1), "actor": SYSTEM}
    freezes.create(name="Elsewhere", **about, **{scope: [other]})
    assert ask().decision == "authorised"

    freezes.create(name="Here", **about, **{scope: [named]})
    refused = ask(version="1.8.4")
    assert refused.decision == "refused"
    assert [look["found"][:4] for look in refused.reasons if look["asked"] == "no freeze bars it now"] == ["Here"]


def test_a_critical_gap_refuses_until_its_risk_is_accepted_and_again_after(ask, shop, service_owner, support_lead, now):
    gap = gaps.name(service=shop, title="No runbook", severity="critical", actor=Actor.person(support_lead))
    assert ask().decision == "refused"

    gaps.accept_risk(
        gap_id=gap.pk,
        until=now + timedelta(hours=1),
        reason="One day only.",
        actor=Actor.person(service_owner),
        now=now,
    )
    assert ask().decision == "authorised"
    later = deployments.request(
        service=shop, environment="production", artifact="shop", version="2", evidence=GOOD, actor=SYSTEM,
        now=now + timedelta(hours=2),
    )  # fmt: skip
    assert later.decision == "refused"


def test_elsewhere_people_are_asked_and_the_deployment_follows_them(ask, change_manager, now):
    from changes.operations import waivers
    from changes.queries.basics import verdicts_of
    from tests.changes.builders import decide, waiting

    deployment = ask(environment="staging")
    assert (deployment.decision, deployment.state) == ("pending", "requested")
    manager = Actor.person(change_manager)
    for verdict in verdicts_of(deployment.change, now):
        if verdict.blocks:
            waivers.waive(
                change_id=deployment.change.pk,
                check_code=verdict.code,
                reason="A pipeline does it.",
                actor=manager,
                now=now,
            )
    decide(waiting(deployment.change), change_manager)
    deployments.follow(change_id=deployment.change.pk, actor=SYSTEM)

    deployment.refresh_from_db()
    assert (deployment.decision, deployment.state) == ("authorised", "authorised")


def test_a_finished_deployment_is_a_run_of_the_code_stream_and_closes_its_change(ask, pipeline, now):
    deployment = ask()
    actor = Actor.person(pipeline)
    deployments.start(deployment_id=deployment.pk, actor=actor, now=now + timedelta(minutes=5))
    done = deployments.finish(
        deployment_id=deployment.pk, outcome="succeeded", actor=actor, now=now + timedelta(minutes=9)
    )

    done.change.refresh_from_db()
    assert StreamRun.objects.get().deployment == done
    assert (done.change.status, done.change.outcome) == ("closed", "successful")


def test_an_authorisation_is_used_once_and_in_time(ask, pipeline, now):
    late, used = ask(), ask()
    with pytest.raises(deployments.AuthorisationExpired):
        deployments.start(deployment_id=late.pk, actor=SYSTEM, now=now + timedelta(hours=5))
    deployments.start(deployment_id=used.pk, actor=SYSTEM, now=now)

    from itsm.kernel.errors import IllegalMove

    with pytest.raises(IllegalMove):
        deployments.start(deployment_id=used.pk, actor=SYSTEM, now=now)


def test_an_authorisation_that_goes_by_unused_lapses_with_its_change(ask, now):
    unused, used = ask(), ask()
    deployments.start(deployment_id=used.pk, actor=SYSTEM, now=now)

    assert deployments.lapse_unused(actor=SYSTEM, now=now + timedelta(hours=3)) == []
    lapsed = deployments.lapse_unused(actor=SYSTEM, now=now + timedelta(hours=5))

    assert [deployment.pk for deployment in lapsed] == [unused.pk]
    unused.refresh_from_db()
    assert (unused.state, unused.change.status) == ("lapsed", "cancelled")
    assert deployments.lapse_unused(actor=SYSTEM, now=now + timedelta(hours=6)) == []


def test_rolling_back_takes_back_what_it_brought_and_the_version_before_is_live_again(ask, shop, now):
    kept, brought = (make_requirement(shop.plan, code) for code in ("a", "b"))
    for version, codes, at in (("1.8.2", ["a"], now), ("1.8.3", ["a", "b"], now + timedelta(hours=1))):
        deployment = ask(version=version, requirements=codes)
        deployments.start(deployment_id=deployment.pk, actor=SYSTEM, now=at)
        deployments.finish(deployment_id=deployment.pk, outcome="succeeded", actor=SYSTEM, now=at)

    done = deployments.finish(
        deployment_id=deployment.pk, outcome="rolled_back", actor=SYSTEM, now=now + timedelta(hours=2)
    )

    for record in (kept, brought, shop.ci):
        record.refresh_from_db()
    assert done.state == "rolled_back"
    assert (kept.deployed_at, brought.deployed_at) == (now, None)
    assert shop.ci.version == "1.8.2"


def test_by_rest_the_same_key_has_one_effect(shop, api, pipeline):
    client = api(pipeline)
    body = {
        "service": "online-shop", "environment": "production", "artifact": "registry/online-shop", "version": "1.8.3",
        "commits": ["9f2c"], "evidence": GOOD,
    }  # fmt: skip
    first = client.post("/api/transition/deployments/", body, HTTP_IDEMPOTENCY_KEY="run-42")
    second = client.post("/api/transition/deployments/", body, HTTP_IDEMPOTENCY_KEY="run-42")

    assert first.status_code == second.status_code == 201
    assert first.json()["decision"] == "authorised"
    assert first.json()["change"]["number"].startswith("RFC-")
    assert second.json()["id"] == first.json()["id"]
    assert Deployment.objects.count() == 1
    assert LedgerEntry.objects.filter(decision="authorised_by_pipeline").count() == 1


def test_it_refuses_who_may_not_deploy(shop, api, viewer):
    body = {"service": "online-shop", "environment": "production", "artifact": "a", "version": "1", "evidence": GOOD}

    assert api(viewer).post("/api/transition/deployments/", body).status_code == 403
    assert not Deployment.objects.exists()


def test_what_it_answers_is_what_can_be_read_afterwards(shop, pipeline, api):
    """The answer is drawn from what was written, without reading it again."""
    client = api(pipeline)
    body = {
        "service": shop.slug, "environment": "production", "artifact": "registry/shop", "version": "9.9",
        "evidence": [{"kind": "tests", "name": "unit", "passed": 5, "failed": 0}],
    }  # fmt: skip

    answered = client.post("/api/transition/deployments/", body)

    assert answered.status_code == 201
    said = answered.json()
    assert client.get(f"/api/transition/deployments/{said['id']}/").json() == said


def test_an_answer_takes_few_statements(shop, pipeline, api, django_assert_max_num_queries):
    """Sixteen, and a savepoint or two in place of BEGIN and COMMIT, which are not the test's to make."""
    client = api(pipeline)
    body = {
        "service": shop.slug, "environment": "production", "artifact": "registry/shop", "version": "9.9",
        "commits": ["9f2c41d"], "evidence": [{"kind": "tests", "name": "unit", "passed": 5, "failed": 0}],
    }  # fmt: skip
    client.post("/api/transition/deployments/", body)
    with django_assert_max_num_queries(16):
        answered = client.post("/api/transition/deployments/", body | {"version": "10.0"})
    assert answered.json()["decision"] == "authorised"
