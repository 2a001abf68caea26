"""The gate on evidence: what proves nothing is its own verdict; the world is asked when a rule asks."""

from datetime import timedelta

import pytest

from changes.operations import unauthorised
from itsm.kernel.errors import InvalidInput
from tests.builders import SYSTEM
from tests.transition.builders import make_article, make_requirement
from tests.transition.gate_builders import DIGEST, GOOD, NO_FAILURE, OTHER, ask, deploy, looked_at, make_shop
from transition.operations import gaps, incidents
from transition.operations.evidence import facts_of, inconclusive

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "piece",
    [
        {"kind": "tests", "name": "unit", "passed": 0, "failed": 0},
        {"kind": "tests", "passed": 0, "failed": 0, "skipped": 40},
        {"kind": "tests", "outcome": "cancelled"},
        {"kind": "tests", "passed": 10, "failed": 0, "outcome": "timed_out"},
        {"kind": "tests", "passed": 10, "failed": 0, "outcome": "error"},
        {"kind": "tests", "passed": 10, "failed": 0, "digest": OTHER},
    ],
)
def test_evidence_that_proves_nothing_is_inconclusive_and_bars_by_itself(now, piece):
    shop = make_shop([NO_FAILURE])
    deployment = ask(shop, now, evidence=[piece], artifact_digest=DIGEST)

    found = looked_at(deployment, "no failed test")
    assert deployment.decision == "refused"
    assert (found["verdict"], found["consequence"]) == ("inconclusive", "block")
    assert deployment.evidence.get().inconclusive


@pytest.mark.parametrize(
    ("consequence", "decision"), [("block", "refused"), ("ask", "pending"), ("warn", "authorised")]
)
def test_the_policy_says_what_follows_from_inconclusive_evidence(now, change_manager, consequence, decision):
    shop = make_shop([NO_FAILURE | {"inconclusive": consequence}])
    deployment = ask(shop, now, evidence=[{"kind": "tests", "passed": 0, "failed": 0}])

    assert deployment.decision == decision
    assert looked_at(deployment, "no failed test")["verdict"] == "inconclusive"
    assert ask(shop, now, evidence=[{"kind": "tests", "passed": 1, "failed": 1}]).decision == "refused"


def test_a_failure_that_was_seen_stays_a_failure_whatever_was_not(now):
    shop = make_shop([NO_FAILURE | {"inconclusive": "warn"}])
    shown = [{"kind": "tests", "passed": 9, "failed": 1}, {"kind": "tests", "outcome": "cancelled"}]

    assert ask(shop, now, evidence=shown).decision == "refused"


def test_what_nobody_knows_may_be_left_to_people(now, change_manager):
    shop = make_shop([NO_FAILURE, {"fact": "scan.critical", "at_most": 0, "unknown": "ask"}])
    deployment = ask(shop, now)

    waits = [reason for reason in deployment.reasons if reason["verdict"] == "pending"]
    assert deployment.decision == "pending"
    assert waits[0]["who"] == ["Change Manager"]
    assert waits[0]["where"] == f"/changes/requests/{deployment.change.number}/#decision"
    assert deployment.change.status == "assessment"


def test_coverage_scans_and_signatures_are_facts():
    facts = facts_of(
        [
            {"kind": "coverage", "name": "unit", "percent": 91.5}, {"kind": "coverage", "percent": 72},
            {"kind": "signature", "verified": True}, {"kind": "signature", "verified": False},
            {"kind": "scan", "critical": 0}, {"kind": "scan", "outcome": "timeout"},
        ]
    )  # fmt: skip

    assert facts["coverage.percent"] == 72
    assert facts["signature.verified"] is False
    assert (facts["scan.conclusive"], facts["scan.critical"].so_far) == (False, 0)
    assert inconclusive({"kind": "scan", "name": "sast", "outcome": "timeout"}) == "scan “sast” ended as timeout"


@pytest.mark.parametrize("value", [10**400, -1, float("inf")])
def test_it_refuses_figures_that_no_step_counts(value):
    with pytest.raises(InvalidInput):
        facts_of([{"kind": "tests", "passed": value}])


def test_only_the_very_artifact_that_was_on_staging_goes_on(now):
    staged = {"fact": "deployed.staging", "is": True, "asked": "it was on staging"}
    shop = make_shop([staged])
    never = ask(shop, now, artifact_digest=DIGEST)
    deploy(shop, now, environment="staging", artifact_digest=DIGEST)

    assert never.decision == "refused"
    assert "Deploy this artifact to staging first." in looked_at(never, "it was on staging")["fix"]
    assert ask(shop, now, artifact_digest=OTHER).decision == "refused"
    assert ask(shop, now, artifact_digest=DIGEST).decision == "authorised"
    assert looked_at(ask(shop, now), "it was on staging")["verdict"] == "unknown"


def test_knowledge_in_place_is_asked_of_the_requirements_it_brings(now):
    shop = make_shop([{"fact": "knowledge_missing", "at_most": 0, "asked": "articles are there"}])
    written, _ = (make_requirement(shop.plan, code) for code in ("a", "b"))
    make_article(written)

    assert ask(shop, now, requirements=["a"]).decision == "authorised"
    refused = ask(shop, now, requirements=["a", "b"])
    assert "without a published article: b" in looked_at(refused, "articles are there")["found"]
    assert looked_at(ask(shop, now), "articles are there")["verdict"] == "unknown"


def test_open_gaps_major_incidents_and_unauthorised_changes_are_found(now, support_lead):
    conditions = [
        {"fact": name, "at_most": 0, "asked": name, "otherwise": "warn"}
        for name in ("open_gaps", "major_incidents", "unauthorised_changes", "collisions")
    ]
    shop = make_shop(conditions)
    gaps.name(service=shop, title="No runbook", severity="minor", actor=SYSTEM)
    incidents.report(title="Shop is down", service=shop, priority=1, opened_at=now, actor=SYSTEM)
    unauthorised.record(title="Restarted", services=[shop], began_at=now, actor=SYSTEM, now=now)
    deployment = ask(shop, now + timedelta(minutes=1))

    verdicts = {name: looked_at(deployment, name) for name in ("open_gaps", "major_incidents", "unauthorised_changes")}
    assert {found["verdict"] for found in verdicts.values()} == {"warn"}
    assert "No runbook" in verdicts["open_gaps"]["found"]
    assert "INC-" in verdicts["major_incidents"]["found"]
    assert looked_at(deployment, "collisions")["verdict"] == "ok"
    assert deployment.decision == "authorised"


def test_a_service_that_fails_too_often_is_left_to_people(now, change_manager):
    shop = make_shop([NO_FAILURE, {"fact": "change_failure_percent", "at_most": 20, "otherwise": "ask",
                                   "unknown": "warn", "asked": "it rarely fails"}])  # fmt: skip
    first = deploy(shop, now, outcome="failed")
    deployment = ask(shop, now + timedelta(hours=1))

    assert looked_at(first, "it rarely fails")["verdict"] == "unknown"
    assert deployment.decision == "pending"
    found = looked_at(deployment, "it rarely fails")["found"]
    assert found == "1 of 1 failed or were rolled back (100 %) in the last 30 days"


def test_each_rule_that_was_looked_at_is_told_with_what_to_mend(now):
    shop = make_shop([NO_FAILURE | {"fix": "Mend the test."}, {"fact": "coverage.percent", "at_least": 80}])
    deployment = ask(shop, now, evidence=[{"kind": "tests", "passed": 1, "failed": 2}])

    said = {reason["asked"]: reason for reason in deployment.reasons}
    assert {"no failed test", "coverage percent at least 80", "the code stream is active", "no freeze bars it now",
            "no critical gap stands"} <= set(said)  # fmt: skip
    assert said["no failed test"]["fix"] == "Mend the test."
    assert all(reason["rule"] and reason["found"] and reason["verdict"] for reason in deployment.reasons)
    assert GOOD


@pytest.mark.parametrize(
    ("fact", "piece"),
    [
        ("deployed.staging", {"kind": "deployed", "staging": True}),
        ("record.failed_percent", {"kind": "record", "failed_percent": 0}),
        ("artifact.named_by_digest", {"kind": "artifact", "named_by_digest": True}),
    ],
)
def test_a_pipeline_cannot_say_what_the_program_knows_itself(now, fact, piece):
    condition = {"fact": fact, "asked": "it is known here", **({"at_most": 5} if "record" in fact else {"is": True})}
    deployment = ask(make_shop([condition]), now, evidence=[piece])
    assert deployment.decision == "refused"
    assert looked_at(deployment, "it is known here")["verdict"] != "ok"


def test_it_refuses_a_piece_that_is_nested_without_end(now):
    piece: dict = {"kind": "tests"}
    for _ in range(700):
        piece = {"kind": "tests", "more": piece}
    with pytest.raises(InvalidInput):
        facts_of([piece])


def test_what_was_shown_and_what_was_not_is_said_in_words(now):
    shop = make_shop([
        NO_FAILURE,
        {"fact": "tests.flaky", "at_most": 0, "unknown": "warn", "asked": "no flaky test"},
        {"fact": "scan.critical", "at_most": 0, "unknown": "warn", "asked": "nothing critical"},
        {"fact": "signature.verified", "is": True, "asked": "it is signed"},
    ])  # fmt: skip
    shown = [{"kind": "tests", "passed": 9, "failed": 2}, {"kind": "signature", "verified": False}]

    found = {
        asked: looked_at(ask(shop, now, evidence=shown), asked)["found"]
        for asked in ("no failed test", "no flaky test", "nothing critical", "it is signed")
    }

    assert found == {
        "no failed test": "2 failed",
        "no flaky test": "the evidence of the kind tests says nothing of “flaky”",
        "nothing critical": "no evidence of the kind scan was sent",
        "it is signed": "verified: no",
    }
