"""DORA's and ITIL's measures: by name, with their definition, for a service and a time."""

from datetime import UTC, datetime, timedelta

import pytest

from changes.models import ChangeRequest
from itsm.kernel import measures
from itsm.kernel.models import Team
from tests.builders import make_service
from tests.changes.builders import make_model

pytestmark = pytest.mark.django_db
END = datetime(2026, 11, 20, 12, tzinfo=UTC)


def ended(outcome, *, service=None, at=END, **about):
    change = ChangeRequest.objects.create(
        title="Open the firewall", model=make_model(), type="normal", status="closed", outcome=outcome,
        submitted_at=at - timedelta(days=2), finished_at=at, **about,
    )  # fmt: skip
    if service:
        change.services.add(service)
    return change


def asked(client, name, **question):
    return client.get(f"/api/metrics/{name}/", {"from": "2026-11-01", "to": "2026-12-01", **question})


def test_each_measure_is_listed_with_its_definition(api, viewer):
    body = api(viewer).get("/api/metrics/").json()

    assert body["count"] == len(body["results"]) == len(measures.known())
    for each in body["results"]:
        assert each["definition"].endswith("."), each["name"]
        assert all(each[name] for name in ("unit", "label", "family", "of")), each["name"]
        assert api(viewer).get(each["url"]).status_code == 200


def test_a_measure_comes_with_the_counts_it_is_made_of(api, viewer):
    shop = make_service("shop")
    for outcome in ("successful", "with_issues", "failed", "backed_out"):
        ended(outcome, service=shop)
    ended("failed")
    ended("failed", service=shop, at=END + timedelta(days=30))

    body = asked(api(viewer), "change_success_rate", service="shop").json()

    assert (body["value"], body["parts"]) == (0.5, {"all": 4, "successful": 2})
    assert body["unit"] == "share"
    assert body["service"]["id"] == shop.pk
    assert asked(api(viewer), "change_success_rate").json()["parts"]["all"] == 5


def test_nothing_to_measure_is_no_data_and_not_nought(api, viewer):
    for each in measures.known():
        if each.unit == "share":
            assert asked(api(viewer), each.name).json()["value"] is None, each.name


def test_what_one_may_not_see_is_not_counted(api, viewer, change_manager):
    ended("failed", confidential=True)

    assert asked(api(viewer), "change_success_rate").json()["parts"]["all"] == 0
    assert asked(api(change_manager), "change_success_rate").json()["parts"]["all"] == 1


def test_a_team_is_measured_by_the_services_that_it_supports(api, viewer):
    shop, team = make_service("shop"), Team.objects.create(name="Platform")
    shop.support_team = team
    shop.save()
    ended("successful", service=shop)
    ended("successful")

    assert asked(api(viewer), "change_success_rate", team=team.pk).json()["parts"]["all"] == 1


@pytest.mark.parametrize(("path", "status", "named"), [
    ("nonsense/", 404, ""),
    ("cadence_kept/?colour=red", 400, "/colour"),
    ("cadence_kept/?service=nowhere", 400, "/service"),
    ("change_success_rate/?stream=1", 400, "/stream"),
    ("cadence_kept/?from=yesterday", 400, "/from"),
    ("cadence_kept/?from=2026-11-02&to=2026-11-01", 400, "/to"),
    ("cadence_kept/?from=0001-01-01&to=9999-12-31", 400, "/to"),
    ("cadence_kept/?from=9999-12-31", 400, "/from"),
    ("cadence_kept/?to=0001-01-01", 400, "/to"),
    ("?colour=red", 400, "/colour"),
])  # fmt: skip
def test_a_wrong_question_is_refused_by_name(api, viewer, path, status, named):
    answer = api(viewer).get(f"/api/metrics/{path}")

    assert answer.status_code == status
    if named:
        assert answer.json()["errors"][0]["pointer"] == named
