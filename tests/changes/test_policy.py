"""What a policy rules on facts: the first rule that fits, and every condition looked at is told."""

import pytest

from changes.policy import Looked, Requirement, explain, facts_asked, rule_on
from changes.policy_check import as_errors, validate
from changes.policy_form import rows_of, rows_sent, rules_of

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
        ([{"name": "x" * 201, "require": [{"role": "cab_member"}]}], "at most 200"),
        ([{"name": ["a"], "require": [{"role": "cab_member"}]}], "give a text"),
        ([{"require": [{"role": "cab_member", "quorum": 99_999}]}], "1 to 100"),
        ([{"require": [{"role": ["cab_member"]}]}], "known role"),
        ([{"devolve": [{"fact": 1, "is": 1}]}], "needs a fact"),
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
    assert problem in " ".join(map(str, validate(rules)))


def test_each_problem_names_its_rule_and_the_field_at_fault():
    good = {"name": "fine", "require": [{"role": "cab_member"}]}
    wrong = {"name": "odd", "when": {"risk": {"above": 1}}, "require": [{"role": "king"}]}

    problems = validate([good, wrong])
    assert [str(problem) for problem in problems] == [
        "Rule 2 (odd), when: risk knows at_least, at_most and is.",
        "Rule 2 (odd), who is asked: king is no known role.",
    ]
    assert list(as_errors(problems)["rules"]) == ["1"]
    assert set(as_errors(problems)["rules"]["1"]) == {"when", "require"}


def test_every_rule_is_looked_at_also_those_behind_the_one_that_decides():
    ruling, looked = explain(RULES, {"type": "normal", "risk": "high", "criticality": 4})

    assert ruling.rule == "high"
    assert [(one.fits, one.decides, one.reached) for one in looked] == [
        (False, False, True), (True, True, True), (True, False, False),
    ]  # fmt: skip
    assert [look.found for look in looked[0].conditions] == ["type is normal"]
    assert facts_asked(RULES) == ["type", "tests.failed", "freeze", "risk", "criticality"]


def test_rules_go_into_rows_and_come_back_as_they_were():
    assert rules_of(rows_of(RULES)) == RULES


def test_rows_are_read_in_the_order_wished_for_and_without_what_was_left_out():
    sent = {
        "rule-0-name": "second", "rule-0-place": "2", "rule-0-people-0-role": "cab_member",
        "rule-0-people-0-quorum": "2",
        "rule-1-name": "first", "rule-1-place": "1", "rule-1-when-0-fact": "risk",
        "rule-1-when-0-value": "high, medium",
        "rule-1-people-3-role": "change_manager", "rule-1-people-1-role": "",
        "rule-2-name": "gone", "rule-2-remove": "on", "rule-9": "x", "rule-99999-name": "x", "name": "p",
    }  # fmt: skip
    assert rules_of(rows_sent(sent)) == [
        {"name": "first", "when": {"risk": ["high", "medium"]}, "require": [{"role": "change_manager"}]},
        {"name": "second", "require": [{"role": "cab_member", "quorum": 2}]},
    ]


def test_a_trace_speaks_in_words():
    rules = [{"name": "r", "when": {"pre_authorised": True, "cab_required": {"is": False}}, "require": []}]
    _, looks = explain(rules, {"pre_authorised": False, "cab_required": False})
    assert [(look.asked, look.found) for look in looks[0].conditions] == [
        ("pre authorised is yes", "pre authorised is no"),
        ("cab required is no", "cab required is no"),
    ]
