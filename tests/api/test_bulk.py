"""Lists of records: all or nothing, errors by position."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cmdb.models import ConfigurationItem, Relation
from itsm.kernel.models import OutboxEvent
from tests.builders import make_ci, make_class

pytestmark = pytest.mark.django_db
CIS = "/api/cmdb/cis/"


def pointers(response):
    return [error["pointer"] for error in response.json()["errors"]]


def test_many_are_made_at_once_in_their_order(api, config_manager):
    code = make_class().code
    response = api(config_manager).post(CIS, [{"ci_class": code, "name": name} for name in ("b", "a", "c")])

    assert response.status_code == 201
    assert [row["name"] for row in response.json()] == ["b", "a", "c"]


def test_input_errors_of_all_are_told_by_position_and_nothing_is_made(api, config_manager):
    code = make_class().code
    body = [{"ci_class": code, "name": "a"}, {"ci_class": "x", "name": "b"}, {"ci_class": code, "colour": "red"}, 7]

    response = api(config_manager).post(CIS, body[:3])

    assert response.status_code == 400
    assert set(pointers(response)) == {"/1/ci_class", "/2/colour"}
    assert pointers(api(config_manager).post(CIS, body)) == ["/3"]
    assert not ConfigurationItem.objects.exists()


def test_a_refusal_takes_back_what_was_done_before_it(api, config_manager):
    code = make_class().code
    make_ci("c")
    before = OutboxEvent.objects.count()

    response = api(config_manager).post(CIS, [{"ci_class": code, "name": name} for name in ("a", "b", "c")])

    assert response.status_code == 400
    assert pointers(response) == ["/2/name"]
    assert ConfigurationItem.objects.count() == 1
    assert OutboxEvent.objects.count() == before


def test_many_are_changed_each_at_the_revision_that_was_seen(api, config_manager):
    one, other = make_ci("a"), make_ci("b")
    client = api(config_manager)

    changed = client.patch(CIS, [{"id": one.pk, "version": "2"}, {"id": other.number, "version": "3", "revision": 1}])
    stale = client.patch(CIS, [{"id": one.pk, "version": "4"}, {"id": other.pk, "version": "5", "revision": 1}])

    assert [row["version"] for row in changed.json()] == ["2", "3"]
    assert stale.status_code == 412
    assert sorted(ConfigurationItem.objects.values_list("version", flat=True)) == ["2", "3"]


@pytest.mark.parametrize("item", [{}, {"id": None}, {"id": True}, {"id": 10**30}, {"id": "CI-999"}, {"id": [1]}])
def test_it_refuses_what_names_no_record(api, config_manager, item):
    ci = make_ci("a")
    response = api(config_manager).patch(CIS, [{"id": ci.pk, "version": "2"}, item | {"version": "3"}])

    assert (response.status_code, pointers(response)) == (400, ["/1/id"])
    ci.refresh_from_db()
    assert ci.version == ""


@pytest.mark.parametrize(("path", "name"), [(CIS, "CI-{}"), ("/api/cmdb/services/", "no-such-{}")])
def test_a_thousand_names_of_nothing_are_looked_up_together(api, config_manager, path, name):
    client = api(config_manager)
    client.patch(path, [{"id": name.format(9000)}])
    with CaptureQueriesContext(connection) as queries:
        answer = client.patch(path, [{"id": name.format(at)} for at in range(9000, 10000)])
    assert (answer.status_code, len(answer.json()["errors"])) == (400, 1000)
    assert len(queries) < 5


def test_it_refuses_the_same_record_twice_an_empty_list_and_too_many(api, config_manager):
    ci = make_ci("a")
    for body in ([{"id": ci.pk}, {"id": ci.number}], [], {"id": ci.pk}, [{"id": ci.pk}] * 1001):
        assert api(config_manager).patch(CIS, body).status_code == 400


def test_many_are_removed_or_none(api, config_manager):
    database = make_ci("db")
    for name in ("a", "b"):
        make_ci(name, depends_on=[database])
    client, (one, other) = api(config_manager), Relation.objects.values_list("pk", flat=True)

    refused = client.delete("/api/cmdb/relations/", [{"id": one}, {"id": 999}])
    assert (refused.status_code, Relation.objects.count()) == (400, 2)

    assert client.delete("/api/cmdb/relations/", [{"id": one}, {"id": other}]).status_code == 204
    assert not Relation.objects.exists()


def test_a_viewer_changes_none_of_them(api, viewer):
    ci = make_ci("a")
    response = api(viewer).patch(CIS, [{"id": ci.pk, "version": "2"}])

    assert response.status_code == 403
    ci.refresh_from_db()
    assert ci.version == ""


@pytest.mark.parametrize(("method", "path"), [("delete", CIS), ("patch", "/api/ledger/"), ("post", "/api/ledger/")])
def test_what_a_collection_does_not_do_is_405(api, config_manager, method, path):
    assert getattr(api(config_manager), method)(path, []).status_code == 405


def test_the_same_key_has_one_effect_for_a_list_too(api, config_manager):
    body = [{"ci_class": make_class().code, "name": "a"}]
    client = api(config_manager)

    first, second = (client.post(CIS, body, HTTP_IDEMPOTENCY_KEY="k") for _ in range(2))

    assert first.json() == second.json()
    assert ConfigurationItem.objects.count() == 1


@pytest.mark.parametrize("revision", ["x", {}, [], 0, True, 1.5, None])
def test_a_revision_that_is_none_is_named_by_position(api, config_manager, revision):
    ci = make_ci("a")
    answer = api(config_manager).patch("/api/cmdb/cis/", [{"id": ci.pk, "revision": revision, "version": "2"}])

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/0/revision"


def test_a_reference_with_a_nought_byte_is_an_error_and_no_fault(api, config_manager):
    client = api(config_manager)

    assert client.patch("/api/cmdb/cis/", [{"id": "a\x00"}]).status_code == 400
    assert client.post("/api/cmdb/relations/", {"source": "\x00", "type": "runs_on", "target": 1}).status_code == 400


def test_what_a_list_names_is_looked_up_together(api, config_manager):
    cis, client = [make_ci(name) for name in "abcdef"], api(config_manager)

    def named(*pairs):
        said = [{"source": source.number, "target": target.pk, "type": "weird"} for source, target in pairs]
        with CaptureQueriesContext(connection) as asked:
            assert client.post("/api/cmdb/relations/", said).status_code == 400
        return len(asked)

    few = named((cis[0], cis[1]))

    assert named(*pairwise(cis)) <= few
