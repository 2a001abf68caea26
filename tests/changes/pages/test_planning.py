"""Planning a change on its pages: the form, its tasks, its window."""

from datetime import timedelta

import pytest
from django.urls import reverse

from changes.models import ChangeRequest
from changes.operations import planning, requests
from tests.builders import SYSTEM
from tests.changes.builders import make_change, make_model, make_policy
from tests.changes.pages.conftest import SOON
from tests.changes.pages.test_requests import HTMX, page

pytestmark = pytest.mark.django_db


def test_a_draft_becomes_a_request_by_the_form(browser_of, alice, firewall):
    model = make_model()
    make_policy()
    client = browser_of(alice)
    data = {
        "title": "Open port 443", "model": model.pk, "cis": "fw-1", "likelihood": 1, "impact": 1, "check_minutes": 5,
        "back_out_minutes": 10, "margin_minutes": 10, "start": f"{SOON:%Y-%m-%dT%H:%M}",
        "end": f"{SOON + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    client.post(reverse("changes:request-create"), data)

    change = ChangeRequest.objects.get(title="Open port 443")
    assert (list(change.cis.all()), change.starts_at) == ([firewall], SOON)
    client.post(reverse("changes:request-submit", args=[change.number]))
    change.refresh_from_db()
    assert change.status == ChangeRequest.Status.ASSESSMENT


def test_the_form_names_a_ci_that_does_not_exist_and_makes_nothing(browser_of, alice):
    answer = browser_of(alice).post(reverse("changes:request-create"), {"title": "x", "cis": "no-such-box"})

    assert answer.status_code == 422
    assert "no-such-box" in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_an_edit_is_refused_when_somebody_was_there_first(browser_of, alice, change):
    client = browser_of(alice)
    url = reverse("changes:request-edit", args=[change.number])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, [])}
    data["services"] = []
    planning.plan(change_id=change.pk, title="Written by another", actor=SYSTEM)

    answer = client.post(url, data | {"title": "Written by me"})

    assert answer.status_code == 422
    assert "has changed since you read it" in answer.content.decode()
    change.refresh_from_db()
    assert change.title == "Written by another"


def test_a_chosen_model_says_what_it_means_and_a_window_without_end_is_as_long_as_usual(browser_of, alice):
    model = make_model("swap", window_minutes=90, windows="Mon–Thu 20:00–24:00", required_fields=["reason", "cis"])
    client = browser_of(alice)
    said = client.get(reverse("changes:request-questions"), {"model": model.pk}).content.decode()
    assert "Usually 1 h 30 min, Mon–Thu 20:00–24:00." in said
    assert "Wanted before it is submitted: Reason, CIs that it touches." in said

    data = {"title": "Swap it", "model": model.pk, "start": "2026-12-02T20:00", "end": "", "likelihood": 1, "impact": 1,
            "check_minutes": 5, "back_out_minutes": 5, "margin_minutes": 10}  # fmt: skip
    assert client.post(reverse("changes:request-create"), data).status_code == 302
    change = ChangeRequest.objects.get()
    assert change.ends_at - change.starts_at == timedelta(minutes=90)

    for start in ("9999-12-31T23:59", "0001-01-01T00:00", "2026-12-02T20:00+99:00"):
        answer = client.post(reverse("changes:request-create"), data | {"start": start})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["start"]), start


def test_a_new_task_follows_the_last_one_unless_said_otherwise(browser_of, alice, bob):
    change = make_change(requested_by=alice, assignee=bob, status="draft")
    address = reverse("changes:request-add-task", args=[change.number])
    client = browser_of(alice)
    first = change.tasks.order_by("order").last()
    form = client.get(address).context["form"]

    assert form.initial["offset_minutes"] == first.offset_minutes + first.duration_minutes
    assert form.initial["predecessor"] == first.pk


def test_the_history_tells_a_moved_window_in_words_and_the_api_by_its_ends(browser_of, api, alice):
    change = make_change(requested_by=alice, status="draft", start=SOON, end=SOON + timedelta(hours=2))
    moved = SOON + timedelta(days=1)
    requests.schedule(change_id=change.pk, start=moved, end=moved + timedelta(hours=2), actor=SYSTEM)
    html = page(browser_of(alice), change)
    assert "T22:00" not in html[html.index("Changed window") :]
    assert f"{moved:%H:%M} –" in html[html.index("Changed window") :]

    story = api(alice).get(f"/api/history/?record={change.number}").json()["results"]
    told = next(one for entry in story for one in entry["changes"] if one["field"] == "window" and one["before"])
    assert set(told["after"]) == {"start", "end"}


def test_what_is_in_the_way_of_no_window_is_not_told_of_the_present_one(browser_of, alice):
    change = make_change(requested_by=alice, status="draft", start=SOON, end=SOON + timedelta(hours=2))
    asked = {"start": f"{SOON:%Y-%m-%dT%H:%M}", "end": f"{SOON - timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    address = reverse("changes:request-schedule", args=[change.number])
    told = browser_of(alice).get(address, asked, **HTMX, HTTP_HX_TARGET="in-the-way").content.decode()

    assert "Give both ends" in told
