"""Nonsense in a form: each wrong value is named at its field, in words."""

import pytest

from tests.builders import make_ci, make_service
from tests.changes.builders import make_model, make_policy
from tests.transition.builders import make_plan, make_stream

pytestmark = pytest.mark.django_db
MONTHS_AND_DAYS = {"period_days": 2, "period_months": 2, "min_runs": 1, "reason": "Winter."}
CASES = [
    ("/changes/proposals/new/", "cost_high_eur", "Less than the 500 it begins with. Say more here, or begin with less.",
     {"title": "a", "outcome_wanted": "b", "why_now": "c", "value": "d", "cost_low_eur": 500, "cost_high_eur": 2,
      "sponsor": "alice"}),
    ("/changes/jobs/new/", "duration_minutes", "A job lasts a minute at least.",
     {"name": "a", "kind": "backup", "first_start": "2026-11-26T10:00", "time_zone": "UTC", "duration_minutes": 0,
      "cis": "db-1",
      "active": "on"}),
    ("/changes/models/new/", "questions", "Question 1: its kind is one of text, yes_no, number, choice.",
     {"code": "abc", "name": "a", "type": "normal", "window_minutes": 30, "policy_name": "normal",
      "questions": "night: At night? (maybe)", "review_hours": 120, "clean_back_out": "failed", "tasks": "[]"}),
    ("/transition/streams/{stream}/change-rhythm/", "max_runs", "At most cannot be less than at least.",
     {"period_days": 1, "min_runs": 5, "max_runs": 2, "reason": "Winter."}),
    ("/transition/streams/{stream}/change-rhythm/", "period_months",
     "A period lasts days or months; leave one of the two empty.", MONTHS_AND_DAYS),
    ("/administration/organisation/edit/", "day_ends", "The working day ends before it begins. Give a later time.",
     {"working_days": ["1"], "day_begins": "18:00", "day_ends": "09:00", "digest_hour": 7, "seen_revision": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "field", "says", "said"), CASES)
def test_what_the_database_forbids_is_said_at_the_field_and_not_by_a_constraint(
    browser_of, person, alice, service_owner, path, field, says, said
):
    make_policy("normal")
    make_model("normal", policy_name="normal")
    make_ci("db-1")
    stream = make_stream(make_plan(make_service("Online Shop", owner=service_owner)))

    answer = browser_of(person("root", is_superuser=True)).post(path.format(stream=stream.number), said)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [says]}
    html = answer.content.decode()
    assert "Constraint" not in html
    assert f"{field}: " not in html
