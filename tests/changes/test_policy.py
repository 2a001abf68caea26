"""What a policy rules on facts: the first rule that fits, and every condition looked at is told."""

import pytest

from changes.policy import Looked, Requirement, rule_on, validate

RULES = [
    {"name": "standard", "when": {"type": "standard"}, "devolve": [
        {"fact": "tests.failed", "at_most": 0, "asked": "no failed test"},
        {"fact": "freeze", "is": False, "asked": "no freeze"},
    ]},
    {"name": "high", "when": {"risk": ["high", "medium"], "criticality": {"at_least": 3, "at_most": 4}},
     "require": [{"role": "change_manager", "point": "build"}, {"role": "cab_member", "quorum": 2}]},
    {"name": "rest", "when": {"type": "normal"}, "require": [{"role": "change_manager"}]},
]  # fmt: skip


def test_the_first_rule_whose_conditions_all_hold_decides():
    ruling = rule_on(RULES, {"type": "normal", "risk": "medium", "criticality": 3})

    assert (ruling.rule, ruling.decision) == ("high", "ask")
    assert ruling.require == [Requirement("change_manager", 1, "build"), Requirement("cab_member", 2, "deploy")]
    assert [(look.rule, look.verdict) for look in ruling.looked] == [
        ("standard", "not_applicable"), ("high", "ok"), ("high", "ok"),
    ]  # fmt: skip


def test_a_bound_that_is_missed_leads_to_the_next_rule():
    assert rule_on(RULES, {"type": "normal", "risk": "medium", "criticality": 2}).rule == "rest"


def test_good_evidence_authorises_and_each_condition_is_told():
    ruling = rule_on(RULES, {"type": "standard", "tests.failed": 0, "freeze": False})

    assert ruling.decision == "authorise"
    assert ruling.failed == []
    assert Looked("standard", "no failed test", "tests.failed is 0", "ok") in ruling.looked


def test_every_condition_that_fails_is_named_not_only_the_first():
    ruling = rule_on(RULES, {"type": "standard", "tests.failed": 2, "freeze": True})

    assert ruling.decision == "refuse"
    assert [look.asked for look in ruling.failed] == ["no failed test", "no freeze"]


@pytest.mark.parametrize("unknown", [{}, {"tests.failed": None}, {"tests.failed": "none"}])
def test_evidence_that_is_absent_or_not_comparable_is_unknown_and_refuses(unknown):
    ruling = rule_on(RULES, {"type": "standard", "freeze": False, **unknown})

    assert ruling.decision == "refuse"
    assert [(look.asked, look.verdict) for look in ruling.failed] == [("no failed test", "unknown")]


def test_no_rule_that_fits_refuses_and_says_so():
    ruling = rule_on(RULES, {"type": "emergency", "risk": "low", "criticality": 1})

    assert (ruling.decision, ruling.require) == ("refuse", [])
    assert ruling.failed[-1].asked == "a rule whose conditions hold"


def test_no_rules_at_all_refuse():
    assert rule_on([], {"type": "normal"}).decision == "refuse"


def test_a_condition_without_a_known_bound_never_holds():
    ruling = rule_on([{"name": "odd", "devolve": [{"fact": "x", "atmost": 1}]}], {"x": 0})

    assert ruling.decision == "refuse"


def test_good_rules_have_no_problems():
    assert validate(RULES) == []


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ([], "at least one rule"),
        ({}, "at least one rule"),
        (["x"], "must be an object"),
        ([{"name": "a"}], "either who is required"),
        ([{"require": [], "name": "a"}], "decides nothing"),
        ([{"devolve": []}], "decides nothing"),
        ([{"require": [{"role": "king"}]}], "known role"),
        ([{"require": [{"role": "cab_member", "quorum": 0}]}], "quorum"),
        ([{"require": [{"role": "cab_member", "point": "never"}]}], "build or deploy"),
        ([{"require": [{"role": "cab_member"}, {"role": "cab_member"}]}], "twice"),
        ([{"require": [{"role": "cab_member", "point": "build"}]}], "nobody is asked to deploy"),
        ([{"when": {"risk": {"above": 1}}, "require": [{"role": "cab_member"}]}], "at_least, at_most and is"),
        ([{"when": [], "require": [{"role": "cab_member"}]}], "`when` must be an object"),
        ([{"devolve": [{"at_most": 0}]}], "needs a fact"),
        ([{"devolve": [{"fact": "x"}]}], "needs at_least"),
        ([{"devolve": [{"fact": "x", "at_most": 0, "unless": 1}]}], "unknown unless"),
        ([{"devolve": [{"fact": "x", "is": 0}], "then": 1}], "unknown then"),
    ],
)
def test_what_is_wrong_with_rules_is_said(rules, problem):
    assert problem in " ".join(validate(rules))
