"""Risk is computed from what is known, part by part, and the higher of it and people's estimate counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from changes.models import ChangeRequest
from changes.operations import planning
from changes.queries.facts import facts_of
from changes.risk import MOST, Record, RiskFacts, level_of, parts_of
from cmdb.models import ConfigurationItem, ServiceHours
from itsm.kernel.models import Team
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import END, NOW, START, make_change

NOTHING = RiskFacts(touched=0, impacted=0, criticality=None, alike=Record(), alike_is="of this model", team=Record(),
                    in_hours=None)  # fmt: skip
WORST = RiskFacts(touched=3, impacted=500, criticality=4, alike=Record(20, 6), alike_is="of this model on these CIs",
                  team=Record(10, 3), in_hours=True)  # fmt: skip


def points(**facts):
    return {part.code: part.points for part in parts_of(replace(WORST, **facts))}


def test_what_nobody_knows_counts_nothing_and_is_said():
    parts = parts_of(NOTHING)
    assert {part.points for part in parts} == {0}
    assert all(part.why.startswith("Nobody knows") for part in parts)


@pytest.mark.parametrize(
    ("facts", "part", "wanted"),
    [
        ({"criticality": 1}, "criticality", 0), ({"criticality": 4}, "criticality", 3),
        ({"impacted": 0}, "breadth", 0), ({"impacted": 9}, "breadth", 1), ({"impacted": 10}, "breadth", 2),
        ({"impacted": 100}, "breadth", 3),
        ({"alike": Record(20, 0)}, "history", 0), ({"alike": Record(20, 2)}, "history", 1),
        ({"alike": Record(20, 5)}, "history", 2), ({"alike": Record(20, 6)}, "history", 3),
        ({"team": Record(1, 1)}, "team", 1), ({"team": Record(3, 2)}, "team", 2), ({"team": Record(3, 3)}, "team", 3),
        ({"in_hours": False}, "time", 0), ({"in_hours": True}, "time", 1),
    ],
)  # fmt: skip
def test_a_part_has_its_points(facts, part, wanted):
    assert points(**facts)[part] == wanted


def test_the_sum_is_the_level():
    assert sum(points().values()) == MOST
    assert [level_of(sum_of) for sum_of in (0, 4, 5, 8, 9, 13)] == [1, 1, 2, 2, 3, 3]


@pytest.mark.django_db
def test_it_is_computed_when_the_plan_is_written_and_the_higher_counts(alice, bob, change_manager):
    shop = make_service("Shop")
    ConfigurationItem.objects.filter(pk=shop.ci_id).update(criticality=4)
    for weekday in range(1, 8):
        ServiceHours.objects.create(service=shop, weekday=weekday, span=(0, 1440))
    Team.objects.create(name="Network").members.add(bob, alice)
    host = make_ci("db")
    make_ci("app", depends_on=[host])
    made = [make_change(requested_by=alice, assignee=alice, cis=[host]) for _ in range(3)]
    ended = dict(zip(made, ("failed", "successful", "backed_out"), strict=True))
    for before, outcome in ended.items():
        ChangeRequest.objects.filter(pk=before.pk).update(outcome=outcome, status="review", finished_at=NOW)
    change = make_change(requested_by=alice, assignee=bob, cis=[host], services=[shop])
    planning.schedule(change_id=change.pk, start=START, end=END + timedelta(minutes=1), actor=SYSTEM)
    change.refresh_from_db()
    said = {part["code"]: (part["points"], part["why"]) for part in change.risk_parts}

    assert said["criticality"][0] == 3
    assert said["breadth"] == (1, "1 touched, 1 impacted.")
    assert said["history"] == (2, "2 of the last 3 of this model on these CIs failed or were backed out.")
    assert said["team"] == (2, "2 of the last 3 of their teams failed or were backed out.")
    assert said["time"][0] == 1
    assert (change.estimated_risk.label, change.risk.label, change.category) == ("Low", "High", "major")
    assert facts_of(change)["risk"] == "high"
    assert facts_of(change)["category"] == "major"


@pytest.mark.django_db
def test_an_estimate_above_what_is_computed_stands(alice):
    change = make_change(requested_by=alice, likelihood=3, impact=3)
    assert (change.computed_risk, change.risk.label) == (1, "High")
    assert {part["points"] for part in change.risk_parts} == {0}
