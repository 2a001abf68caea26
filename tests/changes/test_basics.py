"""The five groups of basics, over plain facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from changes.basics import Clash, Snapshot, Taken, TaskFact, judge

START = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
TASK = TaskFact(
    number="TSK-1", order=1, title="Add the rule", instructions="Log in.", assignee="J. Baker", assignee_id=7,
    can_work=True, offset_minutes=0, duration_minutes=35, is_acknowledged=True, is_over=False,
)  # fmt: skip
SECOND = replace(TASK, number="TSK-2", order=2, title="Restart", offset_minutes=35, duration_minutes=5)
FACTS = Snapshot(
    now=START - timedelta(days=1), start=START, end=START + timedelta(hours=2), check_minutes=20, back_out_minutes=25,
    margin_minutes=10, back_out_trigger="Shop down", back_out_steps="Load the old rules", tasks=[TASK], touched=1,
    impacted=14, stale=[], unheard=[], clashes=[], examined={"changes": 96, "jobs": 41, "freezes": 2},
)  # fmt: skip


def verdict(code: str, **facts):
    return {v.code: v for v in judge(replace(FACTS, **facts))}[code]


def test_a_sound_change_has_all_five_in_order_and_each_says_why():
    verdicts = judge(FACTS)

    assert {v.verdict for v in verdicts} == {"ok"}
    assert len(verdicts) == 5
    assert all(v.explanation and v.examined for v in verdicts)


def test_the_budget_of_the_window_is_added_up():
    assert verdict("time_to_go_back").explanation == (
        "35 min work + 20 min check + 25 min back-out + 10 min margin = 90 of 120 min."
    )


def test_a_window_too_short_blocks_and_says_by_how_much():
    short = verdict("time_to_go_back", end=START + timedelta(minutes=80))

    assert short.verdict == "block"
    assert "10 min too short" in short.explanation
    assert short.fix.action == "schedule"


@pytest.mark.parametrize("lacking", [{"back_out_minutes": 0}, {"back_out_steps": " "}])
def test_no_way_back_blocks(lacking):
    assert verdict("time_to_go_back", **lacking).verdict == "block"


def test_steps_of_the_way_back_that_the_model_lets_be_said_later_warn_but_its_time_is_said_first():
    later = {"back_out_steps": "", "steps_said_later": True}
    said = verdict("time_to_go_back", **later)

    assert said.verdict == "warn"
    assert "said when it is over" in said.explanation
    assert verdict("time_to_go_back", **later, back_out_minutes=0).verdict == "block"


def test_no_trigger_for_the_way_back_warns():
    assert verdict("time_to_go_back", back_out_trigger="").verdict == "warn"


def test_without_a_window_time_and_neighbours_are_unknown():
    assert verdict("time_to_go_back", start=None, end=None).verdict == "unknown"
    assert verdict("nothing_else", start=None, end=None).verdict == "unknown"


def test_an_empty_list_of_cis_is_unknown_never_in_order():
    assert verdict("no_surprise", touched=0, impacted=0).verdict == "unknown"
    nothing = verdict("nothing_else", touched=0)
    assert (nothing.verdict, nothing.skipped) == ("unknown", "no CI")


def test_a_clash_without_a_ci_still_blocks():
    clash = Clash("Christmas bars changes.", "block", "freeze")
    assert verdict("nothing_else", touched=0, clashes=[clash]).verdict == "block"


def test_a_related_change_warns_and_is_named():
    warned = verdict("nothing_else", clashes=[Clash("RFC-9 runs on DB.", "warn", "change")])

    assert (warned.verdict, warned.explanation) == ("warn", "RFC-9 runs on DB.")
    assert warned.examined == "96 changes, 41 jobs, 2 freezes"


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ({"instructions": " "}, "no instructions"),
        ({"duration_minutes": 0}, "no duration"),
    ],
)
def test_a_task_that_does_not_say_what_to_do_blocks(task, said):
    found = verdict("everyone_knows", tasks=[replace(TASK, **task)])

    assert found.verdict == "block"
    assert said in found.explanation
    assert found.fix.target == "TSK-1"


def test_a_task_planned_before_the_one_it_follows_has_ended_blocks():
    early = replace(SECOND, offset_minutes=30, predecessor_order=1)

    assert verdict("everyone_knows", tasks=[TASK, replace(early, offset_minutes=35)]).verdict == "ok"
    assert "before task 1 has ended" in verdict("everyone_knows", tasks=[TASK, early]).explanation


def test_no_tasks_block_and_leave_unknown_who_does_them():
    assert verdict("everyone_knows", tasks=[]).verdict == "block"
    assert verdict("nobody_assumes", tasks=[]).verdict == "unknown"


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ({"assignee": "", "assignee_id": None}, "Nobody is named"),
        ({"can_work": False}, "cannot sign in"),
        ({"is_acknowledged": False}, "assigned to J. Baker but not acknowledged"),
    ],
)
def test_a_task_that_nobody_took_blocks(task, said):
    found = verdict("nobody_assumes", tasks=[replace(TASK, **task)])

    assert found.verdict == "block"
    assert said in found.explanation


def test_a_person_elsewhere_at_the_time_blocks():
    clash = Clash("J. Baker is also on RFC-1039 from 22:15.", "block", "person")
    found = verdict("nobody_assumes", clashes=[clash])

    assert (found.verdict, found.explanation) == ("block", clash.text)
    assert verdict("nothing_else", clashes=[clash]).verdict == "ok"


def test_two_tasks_of_one_person_at_once_warn():
    both = [TASK, replace(SECOND, offset_minutes=10)]

    assert verdict("nobody_assumes", tasks=both).verdict == "warn"
    assert verdict("nobody_assumes", tasks=[both[0], replace(both[1], assignee_id=8)]).verdict == "ok"


def test_stale_cis_and_unheard_owners_warn_by_name_and_number():
    found = verdict("no_surprise", stale=["a", "b", "c", "d"], unheard=["R. Roe, owner of Payments"])

    assert found.verdict == "warn"
    assert "4 of 15 CIs (a, b, c and 1 more)" in found.explanation
    assert "R. Roe, owner of Payments" in found.explanation


def test_the_most_serious_comes_first_and_a_waived_one_no_longer_blocks():
    facts = replace(FACTS, tasks=[replace(TASK, is_acknowledged=False)], waived={"nobody_assumes": Taken("K: told me")})
    first = judge(facts)[0]

    assert (first.code, first.verdict, first.waived_by) == ("nobody_assumes", "block", "K: told me")
    assert not first.blocks
