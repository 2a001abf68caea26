"""Imports and the bulk upsert by REST."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cmdb.importing import running
from cmdb.models import ConfigurationItem, ExternalKey, ImportProfile, ImportRun
from itsm.kernel.models import OutboxEvent
from tests.builders import make_ci, make_class

pytestmark = pytest.mark.django_db
TWO = "id,name,class,ver,runs on\nw1,web-1,server,1.0,h1\nh1,host-1,server,8,\n"
MAPPING = {
    "columns": {"id": "key", "name": "name", "class": "ci_class", "ver": "version", "runs on": "relations.runs_on"}
}
IMPORTS = "/api/cmdb/imports/"


@pytest.fixture(autouse=True)
def server():
    return make_class(schema={"properties": {"ram_gb": {"type": "integer"}}})


@pytest.fixture
def client(api, config_manager):
    return api(config_manager)


def file_of(text: str | bytes = TWO) -> SimpleUploadedFile:
    return SimpleUploadedFile("cis.csv", text.encode() if isinstance(text, str) else text)


def post(client, text: str | bytes = TWO, headers: dict | None = None, **said):
    said = {"source": "inventory", "mapping": json.dumps(MAPPING), **said}
    return client.post(IMPORTS, {"file": file_of(text), **said}, format="multipart", headers=headers or {})


def test_what_a_form_with_a_file_does_not_say_is_not_a_no(client):
    columns = {"id": "key", "class": "ci_class"}
    profile = ImportProfile.objects.create(name="Hall", source="hall", columns=columns, retire_missing=True)
    asked = {"file": file_of("id,class\na,server\n"), "profile": str(profile.pk)}
    assert client.post(IMPORTS, asked, format="multipart").data["retire_missing"] is True
    asked = {"file": file_of("id,class\na,server\n"), "profile": str(profile.pk), "retire_missing": "false"}
    assert client.post(IMPORTS, asked, format="multipart").data["retire_missing"] is False

    found = {"name": "Hall", "file": file_of("id,class\na,server\n"), "profile": str(profile.pk)}
    assert client.post("/api/cmdb/audits/", found, format="multipart").data["verify_matches"] is True


class TestImports:
    def test_a_file_is_handed_in_read_and_asked_for(self, client):
        made = post(client, dry_run="true")
        assert made.status_code == 201, made.data
        assert (made.data["state"], made.data["number"]) == ("queued", f"IMR-{made.data['id']}")
        running.work_through()

        seen = client.get(f"{IMPORTS}{made.data['number']}/").data
        assert (seen["state"], seen["counts"]["created"], seen["counts"]["related"]) == ("previewed", 2, 1)
        assert {a["name"]: a["allowed"] for a in seen["actions"]} == {
            "map": True, "merge": True, "cancel": True, "roll-back": False,
        }  # fmt: skip

        merged = client.post(f"{IMPORTS}{made.data['id']}/merge/", {}, format="json")
        assert merged.data["state"] == "merging"
        running.work_through()
        assert client.get(f"{IMPORTS}{made.data['id']}/").data["state"] == "done"

        back = client.post(f"{IMPORTS}{made.data['id']}/roll-back/")
        assert back.data["state"] == "rolling_back"
        running.work_through()
        assert not ConfigurationItem.objects.exists()

    def test_differences_are_paged_and_picked_by_kind(self, client):
        number = post(client).data["number"]
        running.work_through()

        every = client.get(f"{IMPORTS}{number}/differences/?limit=2").data
        assert (every["count"], len(every["results"])) == (3, 2)
        (related,) = client.get(f"{IMPORTS}{number}/differences/?kind=related").data["results"]
        assert (related["label"], related["type"], related["other"]) == ("w1", "runs_on", "h1")
        assert client.get(f"{IMPORTS}{number}/differences/?kind=eaten").status_code == 400

    def test_errors_tell_row_and_column(self, client):
        number = post(client, TWO.replace("server,8", "nonsense,8")).data["number"]
        running.work_through()
        found = client.get(f"{IMPORTS}{number}/errors/").data
        assert found["results"][0]["row"] == "row 3"
        assert found["results"][0]["column"] == "class"

    def test_columns_can_be_told_later(self, client):
        made = client.post(IMPORTS, {"file": file_of(), "source": "inventory"}, format="multipart").data
        assert made["state"] == "uploaded"
        told = client.post(f"{IMPORTS}{made['id']}/map/", {"mapping": MAPPING, "save_as": "Mine"}, format="json")
        assert told.data["state"] == "queued"
        assert ImportProfile.objects.get(name="Mine").columns == MAPPING["columns"]

    def test_it_can_be_cancelled(self, client):
        number = post(client).data["number"]
        assert client.post(f"{IMPORTS}{number}/cancel/").data["state"] == "cancelled"
        assert client.post(f"{IMPORTS}{number}/cancel/").status_code == 409

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"source": ""}, "source"),
            ({"source": "a:b"}, "source"),
            ({"format": "xml"}, "format"),
            ({"mapping": "[1]"}, "mapping"),
            ({"mapping": "{"}, "mapping"),
            ({"mapping": '{"columns": {"id": "nothing"}}'}, "columns"),
            ({"profile": "999"}, "profile"),
            ({"dry_run": "perhaps"}, "dry_run"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_bad_input_is_named_by_its_field(self, client, said, field):
        answer = post(client, **said)
        assert answer.status_code == 400
        assert any(field in error["pointer"] for error in answer.data["errors"]), answer.data
        assert not ImportRun.objects.exists()

    @pytest.mark.parametrize("body", [b"", b"{}", b"[1]"])
    def test_without_a_file_it_says_so(self, client, body):
        answer = client.post(IMPORTS, body, content_type="application/json")
        assert answer.status_code == 400

    def test_the_same_key_takes_the_file_once(self, client):
        first = post(client, headers={"Idempotency-Key": "k1"})
        again = post(client, headers={"Idempotency-Key": "k1"})
        other = post(client, "id\nx\n", headers={"Idempotency-Key": "k1"})
        assert (first.status_code, again.data["id"], other.status_code) == (201, first.data["id"], 422)
        assert ImportRun.objects.count() == 1

    def test_others_may_look_and_not_touch(self, client, api, alice):
        number = post(client).data["number"]
        theirs = api(alice)
        assert theirs.get(f"{IMPORTS}{number}/").status_code == 200
        assert theirs.post(f"{IMPORTS}{number}/cancel/").status_code == 403
        assert post(theirs).status_code == 403

    def test_a_list_takes_few_queries_whatever_its_length(self, client, django_assert_max_num_queries):
        for _ in range(5):
            post(client)
        with django_assert_max_num_queries(7):
            assert client.get(IMPORTS).data["count"] == 5


class TestProfiles:
    def test_they_are_kept_changed_and_removed(self, client):
        said = {"name": "Servers", "source": "inventory", "columns": MAPPING["columns"]}
        made = client.post("/api/cmdb/import-profiles/", said, format="json")
        assert made.status_code == 201, made.data
        url = f"/api/cmdb/import-profiles/{made.data['id']}/"
        assert client.patch(url, {"retire_missing": True}, format="json").data["retire_missing"] is True
        assert client.patch(url, {"columns": {"a": "b"}}, format="json").status_code == 400
        assert client.post("/api/cmdb/import-profiles/", said, format="json").status_code == 400
        assert client.delete(url).status_code == 204


def item(key: str, **said) -> dict:
    return {"external_key": {"source": "scanner", "key": key}, "ci_class": "server", "name": key, **said}


def upsert(client, items):
    return client.post("/api/cmdb/cis/upsert/", items, format="json")


class TestUpsert:
    def test_it_creates_changes_and_leaves_alone(self, client):
        upsert(client, [item("a", version="1"), item("b", version="1")])
        answer = upsert(client, [item("a", version="2"), item("b", version="1"), item("c")])

        assert [each["outcome"] for each in answer.data] == ["updated", "unchanged", "created"]
        assert [each["position"] for each in answer.data] == [0, 1, 2]
        a = ConfigurationItem.objects.get(name="a")
        assert (a.version, answer.data[0]["number"]) == ("2", a.number)
        assert ConfigurationItem.objects.get(name="b").revision == 1
        assert ExternalKey.objects.get(key="a").said["version"] == "2"

    def test_each_created_and_changed_ci_has_its_event(self, client):
        upsert(client, [item("a"), item("b")])
        upsert(client, [item("a", version="2"), item("b")])
        assert OutboxEvent.objects.filter(name="cmdb.ci.created").count() == 2
        assert OutboxEvent.objects.filter(name="cmdb.ci.updated").count() == 1

    def test_history_says_through_what(self, client, config_manager):
        upsert(client, [item("a")])
        kept = ConfigurationItem.pgh_event_model.objects.get(name="a").pgh_context.metadata
        assert (kept["through"], kept["user"]) == ("upserts.upsert", config_manager.pk)

    def test_all_or_nothing_with_errors_by_position(self, client):
        answer = upsert(
            client, [item("a"), item("b", ci_class="none"), item("a"), item("d", attributes={"ram_gb": "x"})]
        )

        assert answer.status_code == 400
        pointers = {error["pointer"] for error in answer.data["errors"]}
        assert pointers == {"/1/ci_class", "/2/external_key", "/3/attributes.ram_gb"}
        assert not ConfigurationItem.objects.exists()

    def test_one_call_is_of_one_source(self, client):
        other = {**item("b"), "external_key": {"source": "other", "key": "b"}}
        answer = upsert(client, [item("a"), other])
        assert answer.status_code == 400
        assert "other" in json.dumps(answer.data) or "/1" in json.dumps(answer.data)

    @pytest.mark.parametrize("body", [{}, [], [1], [{"name": "x"}], [item("a", colour="red")], [item("a\0")]])
    def test_bad_input_is_refused(self, client, body):
        assert upsert(client, body).status_code == 400
        assert not ConfigurationItem.objects.exists()

    def test_more_than_a_thousand_are_refused(self, client):
        assert upsert(client, [item(str(n)) for n in range(1001)]).status_code == 400

    def test_it_takes_as_many_queries_for_a_thousand_as_for_one(self, client):
        def queries(items) -> int:
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert upsert(client, items).status_code == 200
            return len(found)

        queries([item("warm")])
        one = queries([item("one", version="1")])
        assert queries([item(f"n{n}", version="1") for n in range(1000)]) == one
        assert one < 75

    def test_others_may_not(self, api, alice):
        make_ci("x")
        assert upsert(api(alice), [item("a")]).status_code == 403


def test_nobody_speaks_in_the_name_of_people(client):
    body = [{"external_key": {"source": "people", "key": "x"}, "ci_class": "server", "name": "x"}]
    answer = client.post("/api/cmdb/cis/upsert/", body, format="json")
    assert answer.status_code == 400
    assert "stands for what people type" in str(answer.data["errors"])
    assert post(client, source="people").status_code == 400
    profile = {"name": "P", "source": "people", "columns": MAPPING["columns"]}
    assert client.post("/api/cmdb/import-profiles/", profile, format="json").status_code == 400
