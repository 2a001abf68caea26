"""Events come in as CloudEvents: kept first, each once, strict in what they must say."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm.kernel.errors import InvalidInput
from itsm.kernel.models import OutboxEvent
from itsm.kernel.roles import Role
from tests.transition.pipeline.builders import REQUIRED, cdevent, enveloped
from transition.models import PipelineEvent
from transition.pipeline import cdevents, cloudevents

pytestmark = pytest.mark.django_db
URL = "/api/transition/events/"
ONE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
EXAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "cdevents"


def headers_of(envelope):
    return {f"ce-{k}": v for k, v in envelope.items() if k not in ("data", "datacontenttype")}


def post(client, body, kind=ONE, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.generic("POST", URL, raw, content_type=kind, headers=headers)


@pytest.fixture
def sender(api, pipeline):
    return api(pipeline)


def send(client, envelope, mode):
    if mode == "binary":
        return post(client, envelope["data"], "application/json", **headers_of(envelope))
    return post(client, [envelope], BATCH) if mode == "batch" else post(client, envelope)


MODES = ["structured", "binary", "batch"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spec", ["0.5.1", "0.4.1"])
@pytest.mark.skipif(not EXAMPLES.exists(), reason="the examples of CDEvents are not beside this checkout")
def test_each_example_of_the_specification_is_taken_in_each_mode_and_kept_once(sender, spec, mode):
    files = sorted((EXAMPLES / spec).glob("*.json"))
    for path in files:
        data = json.loads(path.read_text())
        data["context"]["id"] = f"{path.stem}-{mode}"  # as they come they all have one id

        assert send(sender, enveloped(data), mode).status_code == 202, path.stem

    assert len(files) == 45
    assert PipelineEvent.objects.count() == 45
    assert not PipelineEvent.objects.filter(known_as="").exists()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_an_event_is_kept_and_the_answer_says_where_to_look(sender, name, old, mode):
    data = cdevent(name, old=old)
    if old and name == "testsuiterun.finished":
        data["subject"]["content"]["outcome"] = "pass"
    answer = send(sender, enveloped(data), mode)

    assert answer.status_code == 202
    receipt = answer.json()[0] if mode == "batch" else answer.json()
    kept = sender.get(receipt["url"]).json()
    assert (kept["source"], kept["event_id"], kept["type"]) == ("/ci/shop", "e-1", data["context"]["type"])
    assert kept["payload"]["data"] == data
    assert kept["occurred_at"].startswith("2026-11-23T12:00:00")
    assert mode == "batch" or answer["Location"] == receipt["url"]


@pytest.mark.parametrize("mode", MODES)
def test_the_same_event_again_is_answered_as_before_and_not_kept_twice(sender, mode):
    first = send(sender, enveloped(cdevent()), "structured").json()

    again = send(sender, enveloped(cdevent()), mode)

    receipt = again.json()[0] if mode == "batch" else again.json()
    assert again.status_code == 202
    assert (receipt["id"], receipt["known"], first["known"]) == (first["id"], True, False)
    assert PipelineEvent.objects.count() == 1


def test_one_event_twice_in_a_batch_is_kept_once(sender):
    answer = post(sender, [enveloped(cdevent())] * 2, BATCH).json()

    assert [receipt["known"] for receipt in answer] == [False, True]
    assert PipelineEvent.objects.count() == 1


def _paths(schema, data, at=()):
    """Each field that the schema asks for and the data has."""
    for name in schema.get("required", ()):
        if isinstance(data, dict) and name in data:
            yield (*at, name)
    for name, inner in schema.get("properties", {}).items():
        if isinstance(data, dict) and name in data:
            yield from _paths(inner, data[name], (*at, name))


def _without(data, path):
    changed = copy.deepcopy(data)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    return changed


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_without_any_field_that_must_be_there_nothing_is_kept_and_the_field_is_named(sender, name, old, mode):
    data = cdevent(name, old=old)
    if old and name == "testsuiterun.finished":
        data["subject"]["content"]["outcome"] = "pass"
    paths = list(_paths(cdevents.schema(name, old), data))
    assert len(paths) >= 10

    for path in paths:
        envelope = {**enveloped(data), "data": _without(data, path)}
        answer = send(sender, envelope, mode)

        assert answer.status_code == 400, path
        assert answer["Content-Type"] == "application/problem+json"
        pointer = f"{'/0' if mode == 'batch' else ''}/data/{'/'.join(path)}"
        assert pointer in [error["pointer"] for error in answer.json()["errors"]], answer.json()
    assert not PipelineEvent.objects.exists()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["id", "source", "type", "specversion", "subject"])
def test_without_an_attribute_of_the_envelope_nothing_is_kept(sender, name, mode):
    answer = send(sender, {k: v for k, v in enveloped(cdevent()).items() if k != name}, mode)

    assert answer.status_code == 400
    assert f"{'/0' if mode == 'batch' else ''}/{name}" in [error["pointer"] for error in answer.json()["errors"]]
    assert not PipelineEvent.objects.exists()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("name", "value"),
    [("id", "other"), ("source", "/other"), ("subject", "other"), ("time", "2026-11-23T12:00:01Z"),
     ("type", "dev.cdevents.service.upgraded.0.3.0")],
)  # fmt: skip
def test_an_envelope_that_tells_another_story_than_its_event_is_refused(sender, name, value, mode):
    answer = send(sender, {**enveloped(cdevent()), name: value}, mode)

    assert answer.status_code == 400
    assert not PipelineEvent.objects.exists()


def test_the_same_instant_in_another_zone_is_the_same(sender):
    assert post(sender, {**enveloped(cdevent()), "time": "2026-11-23T13:00:00+01:00"}).status_code == 202


def test_the_schema_that_an_event_names_is_never_fetched(sender, monkeypatch):
    def nobody(*_, **__):
        raise AssertionError("something was looked up")

    monkeypatch.setattr("socket.getaddrinfo", nobody)
    monkeypatch.setattr("urllib.request.urlopen", nobody)
    data = cdevent()
    data["context"]["schemaUri"] = "https://169.254.169.254/schema.json"

    assert post(sender, enveloped(data)).status_code == 202


@pytest.mark.parametrize(
    "type_", ["dev.cdevents.approval.created.0.1.0", "dev.cdeventsx.tool-thing.done.0.1.0", "org.example.anything"]
)
def test_an_unknown_type_is_kept_raw(sender, type_):
    envelope = {"specversion": "1.0", "id": "1", "source": "/x", "type": type_, "data": {"what": ["ever", 1.5]}}

    assert post(sender, envelope).status_code == 202
    kept = PipelineEvent.objects.get()
    assert (kept.known_as, kept.payload["data"]) == ("", {"what": ["ever", 1.5]})
    assert not OutboxEvent.objects.exists()


def test_what_is_no_json_is_kept_as_text(sender):
    headers = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/x", "ce-type": "org.example.xml"}

    assert post(sender, b"<a>\xc3\xa9</a>", "text/xml", **headers).status_code == 202
    assert PipelineEvent.objects.get().data == "<a>é</a>"


def test_a_batch_is_taken_whole_or_not_at_all_with_errors_by_position(sender):
    good, bad, worse = (enveloped(cdevent()) for _ in range(3))
    del bad["data"]["subject"]["content"]["artifactId"]
    worse["id"] = "else"

    answer = post(sender, [good, bad, worse], BATCH)

    assert answer.status_code == 400
    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert pointers == ["/1/data/subject/content/artifactId", "/2/id"]
    assert not PipelineEvent.objects.exists()


def test_a_batch_of_a_hundred_takes_the_same_few_queries(sender, django_assert_max_num_queries):
    def batch(size, mark):
        events = []
        for number in range(size):
            data = cdevent()
            data["context"]["id"] = f"{mark}-{number}"
            events.append(enveloped(data))
        return events

    post(sender, batch(1, "first"), BATCH)
    with django_assert_max_num_queries(8):
        assert post(sender, batch(100, "more"), BATCH).status_code == 202
    assert PipelineEvent.objects.count() == 101


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),  # no ce- headers: no CloudEvent
        (b"<a/>", "text/xml", 415),
        (b"{}", "application/cloudevents+avro", 415),
        (b"[]", "application/cloudevents-batch+protobuf", 415),
        (b'{"id": "\xff"}', ONE, 400),
        (b"{", ONE, 400),
        (b"[]", ONE, 400),
        (b"{}", BATCH, 400),
        (b"[1]", BATCH, 400),
        (b'{"id": NaN}', ONE, 400),
        (b"[" * 100_000, ONE, 400),
        (b"9" * 10_000, ONE, 400),
        (json.dumps({**enveloped(cdevent()), "data": {"a": "\x00"}}).encode(), ONE, 400),
        (json.dumps({**enveloped(cdevent()), "type": "x", "data": {"a": "\ud800"}}).encode(), ONE, 400),
        (json.dumps({**enveloped(cdevent()), "type": "x", "data": 1}).encode().replace(b" 1}", b" 1e999}"), ONE, 400),
        (json.dumps({**enveloped(cdevent()), "time": "yesterday"}).encode(), ONE, 400),
        (json.dumps({**enveloped(cdevent()), "data_base64": "AA=="}).encode(), ONE, 400),
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused_with_a_problem(sender, body, kind, status):
    answer = post(sender, body, kind)

    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not PipelineEvent.objects.exists()


def test_an_empty_batch_is_taken_and_nothing_is_kept(sender):
    answer = post(sender, [], BATCH)

    assert (answer.status_code, answer.json()) == (202, [])


def test_a_body_of_a_hundred_kilobytes_is_taken_and_one_of_three_megabytes_is_not(sender):
    envelope = {"specversion": "1.0", "id": "1", "source": "/x", "type": "x", "data": "a" * 100_000}

    assert post(sender, envelope).status_code == 202
    answer = post(sender, {**envelope, "id": "2", "data": "a" * 3_000_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_headers_are_percent_decoded_once_and_read_as_utf8(sender):
    data = cdevent()
    data["subject"]["id"] = 'Euro € "x"'
    headers = {
        **headers_of(enveloped(data)),
        "ce-subject": "Euro%20%E2%82%AC%20%22x%22",
        "ce-mine": '"a \\"b\\" %2525"',
    }

    assert post(sender, data, "application/json", **headers).status_code == 202
    kept = PipelineEvent.objects.get()
    assert kept.subject == 'Euro € "x"'
    assert kept.payload["mine"] == 'a "b" %25'


@pytest.mark.parametrize("value", ["%C0%A0", "%FF", "%ED%A0%80", "a%00b"])
def test_a_header_that_is_no_utf8_is_refused(sender, value):
    headers = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/x", "ce-type": "x", "ce-subject": value}

    assert post(sender, {}, "application/json", **headers).status_code == 400


def test_a_media_type_is_not_said_twice(sender):
    headers = {**headers_of(enveloped(cdevent())), "ce-datacontenttype": "application/json"}

    assert post(sender, cdevent(), "application/json", **headers).status_code == 400


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and "\x00" not in text))
def test_any_text_survives_the_way_through_a_header(text):
    from urllib.parse import quote

    assert cloudevents.decoded("subject", quote(text.strip(), safe="")) == text.strip()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner)
                    | st.dictionaries(st.text(), inner), max_leaves=20))  # fmt: skip
def test_nothing_that_json_can_say_breaks_the_check(data):
    event = cloudevents.CloudEvent(id="1", source="/x", type="dev.cdevents.service.deployed.0.3.0", data=data)

    with pytest.raises(InvalidInput):
        cdevents.check(event)


def test_others_may_read_what_came_but_not_send(api, viewer, alice, person):
    for user in (viewer, alice):
        answer = post(api(user), enveloped(cdevent()))
        assert answer.status_code == 403
        assert api(user).get(URL).status_code == 200
    assert post(api(person("here", Role.RELEASE_MANAGER)), enveloped(cdevent())).status_code == 202


def test_events_are_filtered_by_what_they_are_and_what_became_of_them(sender):
    post(sender, enveloped(cdevent()))
    known = "dev.cdevents.service.deployed.0.3.0"
    for query in (f"type={known}", "known_as=service.deployed", "state=waiting", "search=e-1", "source=/ci/shop"):
        assert sender.get(f"{URL}?{query}").json()["count"] == 1, query
    assert sender.get(f"{URL}?state=parked").json()["count"] == 0
    assert sender.get(f"{URL}?colour=red").status_code == 400


def test_an_event_is_found_by_its_number_and_no_other_is(sender):
    receipt = post(sender, enveloped(cdevent())).json()

    assert sender.get(f"{URL}{receipt['number']}/").json()["id"] == receipt["id"]
    assert sender.get(f"{URL}999999/").status_code == 404


def test_what_is_parked_is_tried_again_and_nothing_else_is(sender, api, viewer):
    first = post(sender, enveloped(cdevent())).json()
    assert sender.post(f"{first['url']}retry/").json()["code"] == "not_parked"
    PipelineEvent.objects.update(state="parked", attempts=5, problem="Nobody knows it.")
    assert api(viewer).post(f"{first['url']}retry/").status_code == 403

    answer = sender.post(f"{first['url']}retry/").json()

    assert (answer["state"], answer["attempts"], answer["problem"]) == ("waiting", 0, "")
    PipelineEvent.objects.update(state="parked")
    assert sender.post(f"{URL}retry/", {"ids": [first["id"], 10**9]}).json() == {"retried": 1}
