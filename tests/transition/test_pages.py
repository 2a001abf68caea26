"""Pages of plans, requirements, packages, streams, periods and runs."""

import pytest
from django.urls import reverse
from django.utils import timezone

from itsm.kernel import panels
from tests.builders import SYSTEM, make_service
from tests.transition.builders import make_item, make_live, make_package, make_plan, make_requirement, make_stream
from transition.models import DeliveryItem, DeliveryStream, ReleasePackage, Requirement, StreamRun, TransitionPlan
from transition.operations import periods, runs

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(service_owner):
    plan = make_plan(make_service(owner=service_owner))
    package = make_package(plan)
    requirement = make_live(make_requirement(plan, "a"), timezone.now())
    make_item(package, requirement=requirement)
    stream = make_stream(plan, owner=service_owner, active_from=timezone.localdate(), working_days_only=False)
    run = runs.record_run(stream_id=stream.pk, actor=SYSTEM, now=timezone.now(), evidence={"tests": 812})
    periods.turn(now=timezone.now(), actor=SYSTEM)
    return {"plan": plan, "package": package, "requirement": requirement, "stream": stream, "run": run,
            "period": run.period}  # fmt: skip


@pytest.mark.parametrize("noun", ["plan", "package", "requirement", "stream", "run", "period"])
def test_each_record_and_each_list_opens_in_few_queries(world, noun, browser_of, viewer, django_assert_max_num_queries):
    browser = browser_of(viewer)
    for path in (world[noun].get_absolute_url(), reverse(f"transition:{noun}-list")):
        with django_assert_max_num_queries(24):
            assert browser.get(path).status_code == 200, path
    page = browser.get(f"/transition/{noun}s/?search={world[noun].number}")
    assert 'id="count">1<' in page.content.decode()


def test_every_form_opens(world, browser_of, service_owner):
    browser = browser_of(service_owner)
    for noun, verbs in {
        "plan": ["edit", "add-requirement", "add-package", "add-stream"],
        "requirement": ["edit", "mark-built", "mark-deployed", "withdraw"],
        "package": ["build", "accept", "deploy", "begin-early-life", "close", "cancel", "retarget", "add-item",
                    "set-target", "slice", "replan-as-streams", "undo-replanning"],
        "stream": ["edit", "record-run", "pause", "resume", "end"],
    }.items():  # fmt: skip
        for verb in verbs:
            path = reverse(f"transition:{noun}-{verb}", args=[world[noun].number])
            assert browser.get(path).status_code == 200, path


def test_a_plan_is_made_with_its_requirement_package_and_stream(browser_of, planner):
    browser, service = browser_of(planner), make_service()
    browser.post("/transition/plans/new/", {"service": service.pk, "style": "hybrid"})
    plan = TransitionPlan.objects.get(service=service)
    at = plan.get_absolute_url()

    browser.post(at + "add-requirement/", {"code": "a", "text": "Search", "kind": "functional", "priority": 2})
    browser.post(at + "add-package/", {"ordinal": 1, "name": "One", "target_date": "2026-12-01", "els_days": 5})
    stream = {"ordinal": 1, "kind": "code", "name": "Code", "active_from": "2026-11-23", "period_days": 1,
              "min_runs": 1, "working_days_only": "on", "time_zone": "Europe/Berlin", "country": "DE",
              "roles": ["release_manager"]}  # fmt: skip
    response = browser.post(at + "add-stream/", stream)

    assert response.status_code == 302, response.content.decode()
    assert Requirement.objects.get(plan=plan).text == "Search"
    assert ReleasePackage.objects.get(plan=plan).name == "One"
    assert DeliveryStream.objects.get(plan=plan).roles == ["release_manager"]


def test_a_refusal_stands_on_the_form_and_changes_nothing(world, browser_of, viewer):
    path = reverse("transition:stream-pause", args=[world["stream"].number])
    response = browser_of(viewer).post(path, {"reason": "Because"})

    assert response.status_code == 403
    assert "may steer the stream" in response.content.decode()
    assert DeliveryStream.objects.get().state == "active"


def test_a_run_is_recorded_from_the_stream_s_own_page(world, browser_of, service_owner):
    stream = world["stream"]
    item = make_item(stream, title="Search box")
    browser = browser_of(service_owner)
    assert "Search box" in browser.get(stream.get_absolute_url()).content.decode()

    browser.post(
        reverse("transition:stream-record-run", args=[stream.number]),
        {"outcome": "done", "summary": "1.8.3", "items": [item.pk]},
    )

    run = StreamRun.objects.get(summary="1.8.3")
    assert (run.by, run.period) == (service_owner, world["period"])
    assert DeliveryItem.objects.get(pk=item.pk).done_in == run


def test_an_item_is_done_with_one_click(world, browser_of, service_owner):
    item = world["package"].items.get()
    browser_of(service_owner).post(reverse("transition:item-complete", args=[item.number]))
    item.refresh_from_db()
    assert item.state == "done"


def test_the_service_s_page_leads_to_the_dashboard(world, browser_of, viewer):
    service = world["plan"].service
    request = browser_of(viewer).get(reverse("transition:dashboard", args=[service.slug])).wsgi_request
    request.actor = SYSTEM

    (panel,) = [panel for panel in panels.render("cmdb.service", request, service) if "transition-panel" in panel]

    assert reverse("transition:dashboard", args=[service.slug]) in panel


def test_the_ci_of_a_requirement_shows_where_it_stands(world, browser_of, viewer):
    request = browser_of(viewer).get("/transition/plans/").wsgi_request
    request.actor = SYSTEM

    (panel,) = [p for p in panels.render("cmdb.ci", request, world["requirement"].ci) if "requirement-panel" in p]

    assert "Documented" in panel
    assert not [p for p in panels.render("cmdb.ci", request, world["plan"].service.ci) if "requirement-panel" in p]
