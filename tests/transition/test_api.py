"""REST: plans to runs, flow, dashboard and debt."""

import pytest
from django.utils import timezone

from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_service
from tests.transition.builders import make_item, make_live, make_package, make_plan, make_requirement, make_stream
from transition.models import DeliveryStream, StreamRun
from transition.operations import periods

pytestmark = pytest.mark.django_db


def test_a_transition_is_planned_and_delivered(api, planner):
    client = api(planner)
    service = make_service()
    plan = client.post("/api/transition/plans/", {"service": service.slug, "style": "hybrid"}).json()
    made = {}
    for path, body in {
        "requirements": {"plan": plan["number"], "code": "a", "text": "Product search"},
        "packages": {"plan": plan["id"], "ordinal": 1, "name": "Delivery 1", "target_date": "2026-12-01"},
        "streams": {"plan": plan["id"], "ordinal": 1, "name": "Code", "kind": "code", "active_from": "2026-11-02",
                    "period_days": 1, "roles": [Role.RELEASE_MANAGER]},
    }.items():  # fmt: skip
        response = client.post(f"/api/transition/{path}/", body)
        assert response.status_code == 201, response.json()
        made[path] = response.json()
    item = client.post(
        "/api/transition/items/",
        {
            "kind": "code",
            "title": "Index",
            "package": made["packages"]["number"],
            "requirement": made["requirements"]["id"],
        },
    ).json()

    done = client.post(f"/api/transition/items/{item['number']}/complete/").json()

    assert (done["state"], done["due"]) == ("done", "2026-12-01")
    built = client.get(f"/api/transition/requirements/{made['requirements']['number']}/").json()
    assert (built["status"], built["is_documented"]) == ("built", False)
    assert {a["name"]: a["allowed"] for a in built["actions"]}["mark-built"] is False


def test_a_run_is_recorded_once_with_the_same_key(api, pipeline):
    stream = make_stream()
    client = api(pipeline)
    path, body = (
        f"/api/transition/streams/{stream.number}/record-run/",
        {"summary": "1.8.3", "evidence": {"tests": 812}},
    )
    first = client.post(path, body, HTTP_IDEMPOTENCY_KEY="k1")
    again = client.post(path, body, HTTP_IDEMPOTENCY_KEY="k1")

    assert first.status_code == again.status_code == 200
    assert first.json()["run"]["evidence"] == {"tests": 812}
    assert StreamRun.objects.count() == 1


def test_a_stream_is_paused_and_resumed_with_a_condition(api, planner):
    stream = make_stream()
    client, path = api(planner), f"/api/transition/streams/{stream.number}/"
    etag = client.get(path)["ETag"]

    assert client.post(path + "pause/", {"reason": "Freeze"}, HTTP_IF_MATCH=etag).json()["state"] == "paused"
    assert client.post(path + "resume/", HTTP_IF_MATCH=etag).status_code == 412
    assert client.post(path + "pause/", {"reason": "Again"}).json()["code"] == "illegal_state"
    assert DeliveryStream.objects.get().state == "paused"
    assert client.post(path + "resume/").json()["state"] == "active"


def test_the_board_tiles_the_days_that_were_asked_for(api, viewer):
    stream = make_stream(period_days=2)
    periods.turn(now=timezone.now(), actor=SYSTEM)
    path = f"/api/transition/streams/{stream.pk}/board/"

    body = api(viewer).get(path, {"from": "2026-11-02", "to": "2026-11-15"}).json()

    cells = body["lanes"][0]["cells"]
    assert (cells[0]["from"], cells[-1]["to"]) == ("2026-11-02", "2026-11-15")
    assert [c["state"] for c in cells] == ["missed"] * 3 + ["not_expected"] + ["missed"] * 3 + ["not_expected"]
    for wrong in ({"from": "2026-11-15", "to": "2026-11-02"}, {"from": "1900-01-01", "to": "2100-01-01"}, {"to": "x"}):
        assert api(viewer).get(path, wrong).status_code == 400


def test_flow_dashboard_and_debt_tell_the_same(api, viewer, django_assert_max_num_queries):
    plan = make_plan()
    make_live(make_requirement(plan, "a"), timezone.now())
    make_requirement(plan, "b")
    slug, client = plan.service.slug, api(viewer)

    with django_assert_max_num_queries(12):
        flow = client.get(f"/api/transition/flow/?service={slug}").json()
    with django_assert_max_num_queries(20):
        dashboard = client.get(f"/api/cmdb/services/{slug}/dashboard/").json()
    debt = client.get(f"/api/cmdb/services/{slug}/debt/").json()

    assert flow["count"] == 2
    assert flow["results"] == dashboard["flow"]
    assert dashboard["figures"]["transition_debt"]["value"] == debt["count"] == 1
    assert debt["results"][0]["missing"] == ["documented", "accepted"]
    counted = client.get(dashboard["figures"]["transition_debt"]["list"].replace("/transition/", "/api/transition/"))
    assert counted.json()["count"] == 1


def test_flow_needs_a_service_and_knows_no_other_question(api, viewer):
    assert api(viewer).get("/api/transition/flow/").json()["errors"][0]["pointer"] == "/service"
    assert api(viewer).get("/api/transition/flow/?service=nothing").status_code == 400
    slug = make_service().slug
    assert api(viewer).get(f"/api/transition/flow/?service={slug}&colour=red").status_code == 400


@pytest.mark.parametrize("path", ["plans", "requirements", "packages", "items", "streams", "periods", "runs"])
def test_each_collection_costs_the_same_for_any_number(api, viewer, django_assert_max_num_queries, path):
    plan = make_plan()
    package = make_package(plan)
    for _ in range(4):
        make_item(package, requirement=make_requirement(plan))
        make_stream(plan)
    periods.turn(now=timezone.now(), actor=SYSTEM)
    client = api(viewer)

    with django_assert_max_num_queries(9):
        assert client.get(f"/api/transition/{path}/").status_code == 200


def test_nobody_writes_periods(api, planner):
    assert api(planner).post("/api/transition/periods/", {}).status_code == 405


def test_a_forbidden_pause_says_who_may(api, viewer):
    stream = make_stream()
    response = api(viewer).post(f"/api/transition/streams/{stream.pk}/pause/", {"reason": "No"})
    assert response.status_code == 403
    assert "stream's owner" in response.json()["detail"]
