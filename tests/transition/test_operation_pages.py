"""Pages of deployments, acceptance, gaps, incidents, meetings and improvements."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.builders import SYSTEM, make_service
from tests.changes.builders import make_model, make_policy
from tests.transition.builders import make_plan, make_stream
from transition.models import Improvement, Incident
from transition.operations import acceptance, deployments, gaps, improvements, incidents, meetings

pytestmark = pytest.mark.django_db
NOUNS = ["deployment", "acceptance", "gap", "incident", "meeting", "improvement"]


def make_world(name, owner):
    now = timezone.now()
    service = make_service(name, owner=owner)
    make_stream(make_plan(service), change_model=make_model("deployment", type="standard", policy_name="deployments"))
    series = meetings.agree(service=service, kind="sunrise", at=time(9), actor=SYSTEM)
    return {
        "deployment": deployments.request(
            service=service, environment="production", artifact="shop", version="1", actor=SYSTEM, now=now
        ),
        "acceptance": acceptance.open_review(service=service, actor=SYSTEM),
        "gap": gaps.name(service=service, title="No run book", severity="minor", actor=SYSTEM),
        "incident": incidents.report(title="Invoices twice", service=service, opened_at=now, actor=SYSTEM),
        "meeting": meetings.write_pack(series_id=series.pk, starts_at=now, actor=SYSTEM, now=now),
        "improvement": improvements.log(title="Try restores", service=service, actor=SYSTEM),
    }


@pytest.fixture
def world(service_owner):
    make_policy("deployments", [{"name": "people decide", "require": [{"role": "change_manager"}]}])
    acceptance.define_criterion(code="alerts", text="Each alert says what to do", actor=SYSTEM)
    return make_world("Online Shop", service_owner)


@pytest.mark.parametrize("noun", NOUNS)
def test_each_record_opens_in_few_queries(world, noun, browser_of, viewer, django_assert_max_num_queries):
    browser = browser_of(viewer)
    with django_assert_max_num_queries(20):
        assert browser.get(world[noun].get_absolute_url()).status_code == 200


def test_each_list_asks_as_often_for_many_as_for_one(world, browser_of, viewer, alice):
    browser, paths = browser_of(viewer), [reverse(f"transition:{noun}-list") for noun in NOUNS]

    def asked():
        counts = {}
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(path).status_code == 200, path
            counts[path] = len(captured)
        return counts

    asked()
    for_one = asked()
    for name in ("Payments", "Post"):
        make_world(name, alice)

    assert asked() == for_one
    assert max(for_one.values()) <= 12


def test_every_form_opens(world, browser_of, service_owner, support_lead):
    browser = browser_of(support_lead)
    for noun, verbs in {
        "acceptance": ["accept", "push-back"],
        "gap": ["close", "accept-risk"],
        "incident": ["confirm-cause", "dismiss-cause", "resolve"],
        "meeting": ["minute", "act"],
    }.items():
        for verb in verbs:
            path = reverse(f"transition:{noun}-{verb}", args=[world[noun].number])
            assert browser.get(path).status_code in (200, 403), path
    for noun in ("acceptance", "gap", "incident", "meeting", "improvement"):
        assert browser.get(reverse(f"transition:{noun}-create")).status_code in (200, 403)


def test_an_incident_is_reported_decided_and_resolved_by_page(world, browser_of, support_lead):
    browser = browser_of(support_lead)
    browser.post(
        "/transition/incidents/new/",
        {"title": "Search is slow", "priority": 2, "service": world["gap"].service_id, "opened_at": "2026-11-23T08:00"},
    )
    incident = Incident.objects.get(title="Search is slow")

    browser.post(f"{incident.get_absolute_url()}dismiss-cause/", {})
    browser.post(f"{incident.get_absolute_url()}resolve/", {})

    incident.refresh_from_db()
    assert (incident.cause, incident.state) == ("not_a_change", "resolved")


def test_a_meeting_s_line_becomes_an_improvement(world, browser_of, service_owner):
    meeting = world["meeting"]
    browser_of(service_owner).post(f"{meeting.get_absolute_url()}act/", {"title": "Alert earlier"})

    assert Improvement.objects.get(title="Alert earlier").meeting == meeting


def test_a_refusal_stands_on_the_form_and_changes_nothing(world, browser_of, viewer):
    answer = browser_of(viewer).post(f"{world['gap'].get_absolute_url()}close/", {"reason": "It is there."})

    world["gap"].refresh_from_db()
    assert answer.status_code == 403
    assert world["gap"].state == "open"


def test_what_is_over_says_why_nothing_can_be_done(world, browser_of, support_lead):
    improvements.drop(improvement_id=world["improvement"].pk, actor=SYSTEM, reason="Done elsewhere.")

    page = browser_of(support_lead).get(world["improvement"].get_absolute_url()).content.decode()

    assert "Not now" in page
    assert "Dropped" in page
