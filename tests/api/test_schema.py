"""The OpenAPI document says what there is, and a change of it is seen in review."""

from pathlib import Path

import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from jsonschema import Draft4Validator

from itsm.api import router

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
METHODS = ("get", "post", "patch", "delete")


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture(scope="module")
def operations(document):
    return [(path, verb, said) for path, verbs in document["paths"].items() for verb, said in verbs.items()]


def test_it_is_the_one_in_the_repository(document):
    """`make docs` writes it anew; look at the difference as a client would."""
    now = yaml.safe_load(OpenApiYamlRenderer().render(document))

    assert now == yaml.safe_load(SNAPSHOT.read_text()), "The API has changed: run make docs and commit the file."


def test_each_operation_has_a_name_of_its_own(operations):
    names = [said["operationId"] for _, _, said in operations]

    assert len(names) == len(set(names))
    assert not [name for name in names if name[-1].isdigit()]


def test_each_operation_describes_its_errors_as_problems(document, operations):
    for path, verb, said in operations:
        wanted = {"400", "401", "403", "404", "429"} | (set() if verb == "get" else {"409", "412", "422"})
        assert wanted <= set(said["responses"]), (path, verb)
        for status in wanted:
            name = said["responses"][status]["$ref"].rsplit("/", 1)[1]
            assert "application/problem+json" in document["components"]["responses"][name]["content"], (path, verb)


def test_only_what_is_read_is_answered_in_pages(operations):
    paged = [(path, verb) for path, verb, said in operations if "Paginated" in str(said["responses"])]

    assert len(paged) > 50
    assert not [(path, verb) for path, verb in paged if verb != "get"]


def test_each_write_takes_its_conditions(operations):
    for path, verb, said in operations:
        named = {parameter["name"] for parameter in said.get("parameters", ())}
        if verb == "post":
            assert "Idempotency-Key" in named, path
        if verb != "get" and "{id}" in path:
            assert "If-Match" in named, path


def test_every_collection_is_in_it_and_at_the_root(document, api, viewer, db):
    root = api(viewer).get("/api/").json()

    for prefix, viewset, _ in router.registry:
        if hasattr(viewset, "list"):
            assert f"/api/{prefix}/" in document["paths"]
            assert root[prefix].endswith(f"/api/{prefix}/")


def test_each_example_of_a_field_is_one_that_the_field_takes():
    document = yaml.safe_load(SNAPSHOT.read_text())
    wrong, count = [], 0
    for name, schema in document["components"]["schemas"].items():
        for field, said in schema.get("properties", {}).items():
            if "example" in said:
                count += 1
                rule = {key: value for key, value in said.items() if key != "example"}
                if not Draft4Validator(rule).is_valid(said["example"]) and not (
                    said["example"] is None and rule.get("nullable")
                ):
                    wrong.append(f"{name}.{field}: {said['example']}")
    assert wrong == []
    assert count > 800
