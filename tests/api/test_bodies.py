"""Bodies that no endpoint can follow are refused before any of them sees them."""

import json

import pytest

from itsm.kernel.nesting import DEEPEST
from tests.builders import make_class

pytestmark = pytest.mark.django_db


def nested(depth: int) -> dict:
    body: dict = {}
    for _ in range(depth - 1):
        body = {"a": body}
    return body


@pytest.mark.parametrize("depth", [DEEPEST - 1, 600, 950, 100_000])
def test_a_body_that_is_nested_without_end_is_no_error_of_ours(api, config_manager, depth):
    make_class()
    said = f'{{"ci_class": "server", "name": "web-1", "attributes": {{"x": {"[" * depth}{"]" * depth}}}}}'
    answer = api(config_manager).post("/api/cmdb/cis/", said, content_type="application/json")
    assert answer.status_code == 400
    assert "nested too deeply" in answer.json()["detail"]


def test_a_body_that_is_as_deep_as_it_may_be_is_taken(api, config_manager):
    make_class()
    said = {"ci_class": "server", "name": "web-1", "attributes": nested(DEEPEST - 1)}
    answer = api(config_manager).post("/api/cmdb/cis/", json.dumps(said), content_type="application/json")
    assert answer.status_code == 201, answer.json()


def test_a_form_with_a_text_that_is_nested_without_end_says_so(browser_of, config_manager):
    kind = make_class()
    said = {
        "ci_class": kind.pk,
        "name": "web-1",
        "criticality": 2,
        "attributes": '{"a": ' + "[" * 5000 + "]" * 5000 + "}",
    }
    answer = browser_of(config_manager).post("/cmdb/cis/new/", said)
    assert (answer.status_code, b"nested too deeply" in answer.content) == (422, True)


def test_a_number_is_not_taken_for_a_text(api, config_manager):
    make_class()
    answer = api(config_manager).post("/api/cmdb/cis/", {"ci_class": "server", "name": 1.10}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/name")


def test_a_number_is_not_taken_for_a_text_in_a_list_either(api, config_manager):
    answer = api(config_manager).post("/api/changes/freezes/", {"environments": ["production", 1.10]}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/environments/1")


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"schema": {"a": ["b\x00"]}}, "/schema/a/0"), ({"schema": {"\x00": 1}}, "/schema"),
        ({"schema": {"a": "\ud800"}}, "/schema/a"), ({"name": "\x00"}, "/name"),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_kept_is_refused_where_it_stands(api, config_manager, said, pointer):
    body = {"code": "rack", "name": "Rack", "kind": "hardware", **said}
    answer = api(config_manager).post("/api/cmdb/classes/", json.dumps(body), content_type="application/json")
    many = api(config_manager).post("/api/cmdb/classes/", json.dumps([body]), content_type="application/json")

    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (400, [pointer])
    assert [one["pointer"] for one in many.json()["errors"]] == [f"/0{pointer}"]


def test_a_form_with_a_text_that_cannot_be_kept_says_so(browser_of, config_manager):
    said = {"ci_class": make_class().pk, "name": "web-1", "criticality": 2, "attributes": '{"a": "\\u0000"}'}
    answer = browser_of(config_manager).post("/cmdb/cis/new/", said)
    assert (answer.status_code, b"null character" in answer.content) == (422, True)


def test_an_empty_text_is_no_person_and_no_amount(api, change_manager, sponsor):
    said = {"title": "PayPal", "outcome_wanted": "Pay", "sponsor": "sponsor", "cost_low_eur": ""}
    answer = api(change_manager).post("/api/changes/proposals/", said, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/cost_low_eur"


def test_who_names_none_of_the_choices_is_told_them(api, change_manager):
    said = {"code": "patch", "name": "Patch", "type": "weird", "policy_name": "p"}

    [error] = api(change_manager).post("/api/changes/models/", said, format="json").json()["errors"]

    assert (error["pointer"], error["detail"]) == (
        "/type", "weird is not known. Known are: standard, normal, emergency, unauthorised."
    )  # fmt: skip
