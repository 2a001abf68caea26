"""Habits that every resource has, shown on CIs."""

import pytest

from itsm.kernel.models import StoredAnswer
from tests.builders import make_ci, make_class

pytestmark = pytest.mark.django_db


def test_without_credentials_it_answers_401_as_a_problem_document(client):
    response = client.get("/api/cmdb/cis/")

    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == "Token"


def test_a_collection_has_the_envelope(api, viewer):
    make_ci("db-1")
    body = api(viewer).get("/api/cmdb/cis/?limit=1").json()

    assert (body["count"], body["next"], body["previous"]) == (1, None, None)
    assert body["results"][0]["name"] == "db-1"
    assert "actions" not in body["results"][0]


def test_a_record_is_found_by_id_and_by_number_with_a_strong_etag(api, viewer):
    ci = make_ci("db-1")
    for ref in (ci.pk, ci.number):
        response = api(viewer).get(f"/api/cmdb/cis/{ref}/")
        assert response.json()["number"] == ci.number
        assert response["ETag"] == '"r1"'


def test_each_refused_action_says_why(api, viewer):
    ci = make_ci("db-1")
    actions = {a["name"]: a for a in api(viewer).get(f"/api/cmdb/cis/{ci.number}/").json()["actions"]}

    assert actions["verify"]["allowed"] is False
    assert "configuration manager" in actions["verify"]["reason"]


def test_an_unknown_filter_is_an_error_that_lists_the_known(api, viewer):
    response = api(viewer).get("/api/cmdb/cis/?colour=red")

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/colour"
    assert "criticality__gte" in response.json()["detail"]


def test_an_unknown_field_is_an_error_and_nothing_is_made(api, config_manager):
    response = api(config_manager).post("/api/cmdb/cis/", {"ci_class": make_class().code, "name": "x", "colour": "red"})

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/colour"


def test_a_stale_write_is_refused_with_the_present_etag(api, config_manager):
    ci = make_ci("db-1")
    client = api(config_manager)
    assert client.patch(f"/api/cmdb/cis/{ci.pk}/", {"version": "2"}, HTTP_IF_MATCH='"r1"').status_code == 200

    response = client.patch(f"/api/cmdb/cis/{ci.pk}/", {"version": "3"}, HTTP_IF_MATCH='"r1"')

    assert response.status_code == 412
    assert response["ETag"] == '"r2"'
    ci.refresh_from_db()
    assert ci.version == "2"


def test_the_same_idempotency_key_has_one_effect(api, config_manager):
    client, body = api(config_manager), {"ci_class": make_class().code, "name": "db-1"}
    first = client.post("/api/cmdb/cis/", body, HTTP_IDEMPOTENCY_KEY='"k1"')
    second = client.post("/api/cmdb/cis/", body, HTTP_IDEMPOTENCY_KEY='"k1"')
    other = client.post("/api/cmdb/cis/", {**body, "name": "db-2"}, HTTP_IDEMPOTENCY_KEY='"k1"')

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert other.status_code == 422
    assert StoredAnswer.objects.count() == 1


def test_an_unknown_path_and_method_are_problem_documents(api, viewer):
    for response, status in (
        (api(viewer).get("/api/nothing/"), 404),
        (api(viewer).get("/api/cmdb/cis/CI-999999/"), 404),
        (api(viewer).put("/api/cmdb/cis/"), 405),
    ):
        assert response.status_code == status
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == status


def test_the_schema_describes_the_api(api, viewer):
    schema = api(viewer).get("/api/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")

    assert "/api/cmdb/cis/{id}/impact/" in schema.json()["paths"]
