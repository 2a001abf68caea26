"""The changes app by REST: each path of the contract, what it refuses, and how often it asks the database."""

from datetime import timedelta

import pytest
from django.utils import timezone

from changes.criteria import CRITERIA
from changes.models import ChangeRequest, ChangeTask
from changes.operations import jobs, requests, tasks
from itsm.kernel.actor import Actor
from itsm.kernel.models import LedgerEntry
from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import make_change, make_model, make_policy, waiting

pytestmark = pytest.mark.django_db
# The API's clock is the real one.
START = (timezone.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
END = START + timedelta(hours=2)
WINDOW = {"start": START.isoformat(), "end": END.isoformat()}


@pytest.fixture
def change(alice, bob):
    return make_change(
        requested_by=alice, assignee=bob, cis=[make_ci("fw-1")], status="assessment", start=START, end=END
    )


def path(change, verb=""):
    return f"/api/changes/requests/{change.number}/{verb}"


def actions_of(client, url):
    return {a["name"]: a["allowed"] for a in client.get(url).json()["actions"]}


# --- Requests ------------------------------------------------------------------------------


def test_a_request_is_raised_planned_submitted_and_decided(api, alice, bob, change_manager):
    make_policy()
    firewall = make_ci("fw-1")
    make_service("Shop")
    make_model("normal-change", window_minutes=90)
    raises, manages, works = api(alice), api(change_manager), api(bob)

    made = raises.post("/api/changes/requests/", {
        "title": "Open the firewall", "model": "normal-change", "cis": [firewall.number], "services": ["shop"],
        "window": WINDOW, "back_out_minutes": 20, "back_out_steps": "Load the old rules",
    }, format="json")  # fmt: skip
    assert made.status_code == 201
    url = made["Location"]
    assert made.json()["services"] == ["shop"]
    assert made.json()["cis"][0]["number"] == firewall.number

    task = raises.post(url + "tasks/", {
        "title": "Add the rule", "instructions": "x", "assignee": "bob", "duration_minutes": 30,
    }, format="json")  # fmt: skip
    assert task.status_code == 201
    assert raises.patch(url, {"check_minutes": 15}, format="json").json()["check_minutes"] == 15
    assert raises.post(url + "submit/").json()["status"] == "assessment"

    asked = manages.get("/api/changes/authorisations/?mine=true").json()["results"]
    assert [(a["change"]["number"], a["role"]) for a in asked] == [(made.json()["number"], "change_manager")]
    decide = f"/api/changes/authorisations/{asked[0]['number']}/decide/"
    seen = manages.get(f"/api/changes/authorisations/{asked[0]['id']}/")["ETag"]

    blocked = manages.post(decide, {"decision": "authorised"}, format="json", HTTP_IF_MATCH=seen)
    assert (blocked.status_code, blocked.json()["code"]) == (409, "basics_block")
    assert [check["code"] for check in blocked.json()["checks"]] == ["nobody_assumes"]

    assert works.post(f"/api/changes/tasks/{task.json()['number']}/acknowledge/").json()["state"] == "acknowledged"
    decided = manages.post(decide, {"decision": "authorised"}, format="json", HTTP_IF_MATCH=seen)
    assert (decided.status_code, decided.json()["state"]) == (200, "authorised")
    assert decided.json()["decisions"][0]["by"] == "change.manager"
    assert manages.get(url).json()["status"] == "scheduled"


def test_a_decision_demands_what_was_seen_and_refuses_what_has_changed(api, change, change_manager):
    client, asked = api(change_manager), waiting(change)
    url = f"/api/changes/authorisations/{asked.pk}/"
    seen = client.get(url)["ETag"]

    for condition in ({}, {"HTTP_IF_MATCH": "*"}):
        assert client.post(url + "decide/", {"decision": "authorised"}, format="json", **condition).status_code == 428
    requests.schedule(change_id=change.pk, start=START, end=END + timedelta(hours=1), actor=SYSTEM)

    stale = client.post(url + "decide/", {"decision": "authorised"}, format="json", HTTP_IF_MATCH=seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert stale["ETag"] == client.get(url)["ETag"] != seen
    assert not LedgerEntry.objects.filter(subject=change.number).exists()


def test_the_requester_is_told_why_the_own_change_is_not_theirs_to_decide(api, change, alice):
    alice.assignments.create(role=Role.CHANGE_MANAGER)
    url = f"/api/changes/authorisations/{waiting(change).pk}/"

    refused = api(alice).post(url + "decide/", {"decision": "authorised"}, format="json", HTTP_IF_MATCH='"r1"')

    assert (refused.status_code, refused.json()["code"]) == (403, "own_change")
    assert api(alice).get("/api/changes/authorisations/?mine=true").json()["count"] == 0
    assert actions_of(api(alice), url) == {"decide": False, "answer": False}


def test_it_is_implemented_reviewed_and_closed(api, alice, bob, change_manager):
    start = timezone.now() - timedelta(minutes=5)
    change = make_change(
        requested_by=alice, assignee=bob, cis=[make_ci("fw")], status="scheduled", start=start,
        end=start + timedelta(hours=2),
    )  # fmt: skip
    works, manages, task = api(bob), api(change_manager), change.tasks.get()

    assert works.post(path(change, "start/")).json()["status"] == "implementing"
    for verb in ("start/", "finish/"):
        assert works.post(f"/api/changes/tasks/{task.pk}/{verb}", {}, format="json").status_code == 200
    ended = works.post(path(change, "finish/"), {"outcome": "with_issues"}, format="json")
    assert (ended.json()["status"], ended.json()["outcome"]) == ("review", "with_issues")
    refused = manages.post(path(change, "close/"))
    assert (refused.status_code, refused.json()["code"]) == (409, "incomplete")
    said = {"objectives_met": True, "causes": ["external"], "lessons": "Call first."}
    assert manages.post(path(change, "review/"), said, format="json").status_code == 200
    assert manages.post(path(change, "close/")).json()["status"] == "closed"


@pytest.mark.parametrize(
    ("verb", "body", "status", "code"),
    [
        ("schedule/", {"start": "2026-12-01T10:00:00Z", "end": "2026-12-01T09:00:00Z"}, 400, "invalid"),
        ("schedule/", {"start": "2026-12-01T10:00:00Z"}, 400, "invalid"),
        ("start/", {}, 409, "illegal_state"),
        ("finish/", {"outcome": "splendid"}, 400, "invalid"),
        ("back-out/", {"reason": "x"}, 409, "illegal_state"),
        ("cancel/", {}, 400, "invalid"),
        ("cancel/", {"why": "x"}, 400, "invalid"),
        ("waive/", {"check_code": "nothing_else", "reason": "x"}, 409, "nothing_to_waive"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code_and_changes_nothing(
    api, change, change_manager, verb, body, status, code
):
    before = ChangeRequest.objects.get().revision
    refused = api(change_manager).post(path(change, verb), body, format="json")

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert ChangeRequest.objects.get().revision == before


def test_a_status_is_not_a_field_and_an_unknown_model_is_named(api, change, alice):
    assert api(alice).patch(path(change), {"status": "closed"}, format="json").status_code == 400
    wrong = api(alice).post("/api/changes/requests/", {"title": "x", "model": "nope"}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/model")


def test_a_stale_plan_is_refused(api, change, alice):
    client = api(alice)
    seen = client.get(path(change))["ETag"]
    requests.plan(change_id=change.pk, reason="Other", actor=SYSTEM)

    for answer in (
        client.patch(path(change), {"title": "x"}, format="json", HTTP_IF_MATCH=seen),
        client.post(path(change, "schedule/"), WINDOW, format="json", HTTP_IF_MATCH=seen),
        client.post(path(change, "tasks/"), {"title": "x"}, format="json", HTTP_IF_MATCH=seen),
    ):
        assert answer.status_code == 412
    assert ChangeTask.objects.count() == 1


def test_it_lists_what_may_be_done_now_and_why_not(api, change, alice, viewer):
    assert actions_of(api(alice), path(change)) == {
        "submit": False, "start": False, "finish": False, "back-out": False, "review": False, "close": False,
        "schedule": True, "edit": True, "add-task": True, "ask-owners": True, "give-view": False, "waive": False,
        "revise": True, "cancel": True,
        "draft-article": False, "fill-in": False, "extend": False, "answer": False, "begin-back-out": False,
        "copy": True, "recur": True,
    }  # fmt: skip
    assert not any(actions_of(api(viewer), path(change)).values())
    task = f"/api/changes/tasks/{change.tasks.get().pk}/"
    assert actions_of(api(alice), task)["edit"]
    assert not any(actions_of(api(viewer), task).values())


def test_a_confidential_change_is_not_there_for_others(api, alice, bob, viewer):
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], confidential=True, status="assessment")
    client, task = api(viewer), change.tasks.get()
    for url in (
        path(change), path(change, "basics/"), f"/api/changes/tasks/{task.pk}/",
        f"/api/changes/authorisations/{waiting(change).pk}/",
    ):  # fmt: skip
        assert client.get(url).status_code == 404
    for collection in ("requests", "tasks", "authorisations"):
        assert client.get(f"/api/changes/{collection}/").json()["count"] == 0
    assert client.post(path(change, "cancel/"), {"reason": "x"}, format="json").status_code == 404
    assert api(bob).get(path(change)).status_code == 200


def test_basics_collisions_impact_and_slots_answer_with_what_was_examined(api, change, viewer, bob):
    firewall = change.cis.get()
    database = make_ci("DB-ORDERS", depends_on=[firewall])
    jobs.create(
        name="Backup", first_start=START - timedelta(days=9, minutes=-30), recurrence="FREQ=DAILY",
        duration_minutes=60, cis=[database], owner=bob, actor=SYSTEM,
    )  # fmt: skip
    client = api(viewer)

    basics = client.get(path(change, "basics/")).json()
    assert basics["results"][0]["code"] == "nothing_else"
    assert basics["results"][0]["verdict"] == "block"
    assert "Owner: Bob" in basics["results"][0]["explanation"]
    collisions = client.get(path(change, "collisions/")).json()
    assert (collisions["results"][0]["kind"], collisions["results"][0]["path"]) == ("job", ["fw-1", "DB-ORDERS"])
    assert collisions["examined"]["jobs"] == 1
    assert client.get(path(change, "impact/")).json()["results"][0]["number"] == database.number
    slots = client.get(path(change, "slots/?length=120&count=1")).json()["results"]
    assert slots[0]["start"].startswith((START + timedelta(minutes=90)).isoformat()[:16])
    assert client.get(path(change, "slots/?length=0")).status_code == 400
    asked = client.get(path(change, "authorisations/")).json()["results"]
    assert asked[0]["url"].endswith(f"/api/changes/authorisations/{asked[0]['id']}/")
    planned = client.get(path(change, "tasks/")).json()["results"]
    assert planned[0]["url"].endswith(f"/api/changes/tasks/{planned[0]['id']}/")


@pytest.mark.parametrize(
    "query",
    ["search=firewall", "status=assessment", "type=normal", "ci={ci}", "assignee=bob", "window_from={start}",
     "window_to={end}", "ordering=-window", "status__in=draft,assessment", "model=normal", "fields=number,status"],
)  # fmt: skip
def test_requests_are_found_by_what_they_are(api, change, viewer, query):
    filled = query.format(ci=change.cis.get().pk, start=f"{START:%Y-%m-%dT%H:%M:%SZ}", end=f"{END:%Y-%m-%dT%H:%M:%SZ}")
    found = api(viewer).get(f"/api/changes/requests/?{filled}").json()

    assert [row["number"] for row in found["results"]] == [change.number]


@pytest.mark.parametrize(
    "query", ["search=mainframe", "status=draft", "assignee=alice", "window_from=2099-01-01T00:00Z"]
)
def test_and_not_by_what_they_are_not(api, change, viewer, query):
    assert api(viewer).get(f"/api/changes/requests/?{query}").json()["count"] == 0


# --- Tasks ---------------------------------------------------------------------------------


def test_tasks_are_planned_handed_over_skipped_and_failed(api, change, alice, bob, person):
    person("carol")
    task = change.tasks.get()
    url = f"/api/changes/tasks/{task.number}/"
    assert api(alice).patch(url, {"duration_minutes": 25}, format="json").json()["duration_minutes"] == 25
    assert api(alice).post(url + "acknowledge/").status_code == 403
    over = api(bob).post(url + "hand-over/", {"to": "carol", "note": "I am ill."}, format="json")
    assert (over.json()["assignee"], over.json()["state"]) == ("carol", "planned")
    assert api(bob).post(url + "skip/", {"reason": "x"}, format="json").status_code == 403
    other = api(alice).post("/api/changes/tasks/", {"change": change.number, "title": "Last"}, format="json")
    assert (other.status_code, other.json()["order"]) == (201, 2)


# --- Proposals -----------------------------------------------------------------------------


def test_a_proposal_is_wished_for_decided_and_spawns_a_request(api, sponsor, change_manager):
    make_service("Shop")
    make_model("normal-change")
    wants, manages = api(sponsor), api(change_manager)
    made = wants.post("/api/changes/proposals/", {
        "title": "Accept PayPal", "outcome_wanted": "Customers pay with PayPal.", "sponsor": "sponsor",
        "services": ["shop"], "cost_low_eur": "18000.00",
    }, format="json")  # fmt: skip
    url = made["Location"]
    assert made.status_code == 201
    assert wants.patch(url, {"why_now": "Christmas"}, format="json").json()["why_now"] == "Christmas"
    early = wants.post(url + "spawn/", {"kind": "request", "model": "normal-change"}, format="json")
    assert (early.status_code, early.json()["code"]) == (409, "proposal_not_authorised")
    assert wants.post(url + "submit/").json()["status"] == "submitted"
    assert manages.post(url + "assess/", {"assessment": "Worth it.", "marks": dict.fromkeys(CRITERIA, 3)},
                        format="json").json()["authority"] == "change_manager"  # fmt: skip
    assert wants.post(url + "authorise/", {}, format="json").status_code == 403
    assert manages.post(url + "authorise/", {"comment": "Yes."}, format="json").json()["status"] == "authorised"
    assert wants.post(url + "spawn/", {"kind": "request"}, format="json").status_code == 400
    spawned = wants.post(url + "spawn/", {"kind": "request", "model": "normal-change"}, format="json")
    assert spawned.json()["number"] == ChangeRequest.objects.get().number
    assert wants.post(url + "realise/", {}, format="json").json()["status"] == "realised"
    assert wants.post(url + "close/", {"benefit_reached": "2 %"}, format="json").json()["status"] == "closed"


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [("decline/", {}, 400), ("decline/", {"comment": "No."}, 200), ("defer/", {"comment": "Later"}, 400),
     ("defer/", {"comment": "Later", "until": "2099-01-01"}, 200)],
)  # fmt: skip
def test_a_proposal_is_declined_or_deferred_with_a_reason(api, sponsor, change_manager, verb, body, status):
    made = api(sponsor).post(
        "/api/changes/proposals/", {"title": "x", "outcome_wanted": "y", "sponsor": "sponsor"}, format="json"
    )
    api(sponsor).post(made["Location"] + "submit/")

    assert api(change_manager).post(made["Location"] + verb, body, format="json").status_code == status


# --- Models, policies, jobs, freezes, calendar ---------------------------------------------


def test_jobs_and_freezes_stand_in_the_calendar(api, change_manager, viewer, change):
    manages, firewall = api(change_manager), change.cis.get()
    job = manages.post("/api/changes/jobs/", {
        "name": "Backup", "first_start": START.isoformat(), "duration_minutes": 60, "cis": [firewall.number],
        "recurrence": "FREQ=DAILY", "time_zone": "Europe/Amsterdam", "kind": "backup",
    }, format="json")  # fmt: skip
    assert job.status_code == 201
    assert manages.patch(job["Location"], {"recurrence": "nightly"}, format="json").status_code == 400
    freeze = manages.post("/api/changes/freezes/", {
        "name": "Peak", "start": START.isoformat(), "end": END.isoformat(), "everywhere": True,
    }, format="json")  # fmt: skip
    assert freeze.json()["window"]["end"].startswith(END.isoformat()[:16])
    assert api(viewer).post("/api/changes/freezes/", {}, format="json").status_code in (400, 403)

    asked = {"from": START.isoformat(), "to": END.isoformat()}
    found = api(viewer).get("/api/changes/calendar/", asked).json()
    assert sorted(entry["layer"] for entry in found["results"]) == ["change", "freeze", "job"]
    jobs_only = api(viewer).get("/api/changes/calendar/", {**asked, "layers": "job", "ci": firewall.number}).json()
    assert [entry["number"] for entry in jobs_only["results"]] == [job.json()["number"]]
    for wrong in ({"from": END.isoformat(), "to": START.isoformat()}, {"from": "x", "to": "y"}, {}):
        assert api(viewer).get("/api/changes/calendar/", wrong).status_code == 400


# --- How often it asks ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "collection", ["proposals", "models", "policies", "requests", "authorisations", "tasks", "jobs", "freezes"]
)
def test_a_list_asks_as_often_for_many_as_for_one(
    api, alice, bob, sponsor, viewer, collection, django_assert_max_num_queries
):
    from changes.operations import freezes, proposals

    for number in range(3):
        make_change(
            requested_by=alice, assignee=bob, cis=[make_ci(), make_ci()], services=[make_service(f"S{number}")],
            status="assessment", start=START, end=END,
        )  # fmt: skip
        proposals.draft(title="x", outcome_wanted="y", sponsor=sponsor, actor=Actor.person(sponsor))
        freezes.create(name="F", start=START, end=END, everywhere=True, actor=SYSTEM)
        jobs.create(name="J", first_start=START, duration_minutes=5, cis=[make_ci()], owner=bob, actor=SYSTEM)
    client = api(viewer)
    with django_assert_max_num_queries(8):
        assert client.get(f"/api/changes/{collection}/").json()["count"] >= 1


@pytest.mark.parametrize(
    ("verb", "most"),
    [("", 12), ("basics/", 20), ("collisions/", 16), ("impact/", 9), ("slots/?length=60", 17), ("authorisations/", 11),
     ("tasks/", 9)],
)  # fmt: skip
def test_one_request_asks_a_fixed_number_of_times(api, change, bob, viewer, verb, most, django_assert_max_num_queries):
    for number in range(5):
        tasks.add(change_id=change.pk, title=f"T{number}", assignee=bob, duration_minutes=1, actor=SYSTEM)
        make_change(requested_by=bob, assignee=bob, cis=change.cis.all(), status="scheduled", start=START, end=END)
    jobs.create(name="J", first_start=START, duration_minutes=5, cis=change.cis.all(), actor=SYSTEM)
    client = api(viewer)
    with django_assert_max_num_queries(most):
        assert client.get(path(change, verb)).status_code == 200


def test_the_calendar_asks_a_fixed_number_of_times(api, alice, viewer, django_assert_max_num_queries):
    for _ in range(5):
        make_change(requested_by=alice, cis=[make_ci()], status="assessment", start=START, end=END)
    client = api(viewer)
    with django_assert_max_num_queries(7):
        asked = {"from": START.isoformat(), "to": END.isoformat()}
        assert client.get("/api/changes/calendar/", asked).json()["count"] == 5
