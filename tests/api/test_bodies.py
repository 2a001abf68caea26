"""Bodies that no endpoint can follow are refused before any of them sees them."""

import json

import pytest

from itsm.kernel.api.parsers import DEEPEST
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
