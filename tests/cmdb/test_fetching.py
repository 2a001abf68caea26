"""What is fetched by HTTP: NetBox page by page, files piece by piece, and each failure told in words."""

import json
import tracemalloc
from ipaddress import ip_network

import pytest

from cmdb.importing import running
from cmdb.importing.fetching import files, http, netbox
from cmdb.importing.fetching import running as fetching
from cmdb.models import ConfigurationItem, ImportRun, Relation
from cmdb.operations import import_profiles, import_schedules, imports
from itsm.kernel.actor import Actor
from tests.builders import make_class
from tests.cmdb.netbox_server import TOKEN, NetBox
from tests.cmdb.readers.test_netbox import everything, record

pytestmark = pytest.mark.django_db


def records() -> dict[str, list]:
    """All of NetBox's in its endpoints, as `everything` has them in a file."""
    said = {name: each["results"] if isinstance(each, dict) else each for name, each in everything().items()}
    return {name: said[name] for name in netbox.ENDPOINTS}


@pytest.fixture
def on_loopback(settings):
    settings.WEBHOOK_ALLOWED_RANGES = [ip_network("127.0.0.0/8")]


@pytest.fixture
def server(on_loopback):
    found = NetBox(records(), most=1)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch):
    monkeypatch.setattr(netbox, "WAITS", (0.0, 0.0))


@pytest.fixture
def schedule_of(config_manager, now):
    def make(address, **details):
        said = {"name": "NetBox", "format": "netbox", "source": "netbox", "token": TOKEN} | details
        return import_schedules.create(address=address, actor=Actor.person(config_manager), now=now, **said)

    return make


@pytest.fixture
def profile(config_manager):
    make_class()
    return import_profiles.create(
        name="Inventory", source="inventory", columns={"id": "key", "kind": "ci_class"},
        actor=Actor.person(config_manager),
    )  # fmt: skip


def run_of(schedule) -> ImportRun:
    """Fetched and carried out by workers."""
    run = import_schedules.run(schedule_id=schedule.pk, actor=Actor.person(schedule.owner))
    fetching.work_through()
    running.work_through()
    run.refresh_from_db()
    return run


def content(server, **said) -> bytes:
    said = {"token": TOKEN, "pause": lambda seconds: None} | said
    return b"".join(netbox.content(server.address, **said))


def test_netbox_is_read_into_cis_and_relations(server, schedule_of):
    run = run_of(schedule_of(server.address))

    assert (run.state, run.failure, run.counts["created"]) == ("done", "", 7)
    assert {*ConfigurationItem.objects.values_list("ci_class__code", flat=True)} == {
        "site", "device", "cluster", "virtual-machine", "network-service",
    }  # fmt: skip
    cable = Relation.objects.get(type="connects_to")
    assert {cable.source.name, cable.target.name} == {"host-1", "switch-1"}
    assert run.file_size == sum(len(bytes(chunk.data)) for chunk in run.chunks.all())


def test_again_it_changes_nothing_and_what_is_gone_there_is_retired(server, schedule_of):
    schedule = schedule_of(server.address, retire_missing=True)
    run_of(schedule)
    again = run_of(schedule)
    assert [again.counts[each] for each in ("created", "changed", "retired", "unrelated")] == [0] * 4

    server.records["ipam/services"].pop()
    assert run_of(schedule).counts["retired"] == 1
    assert ConfigurationItem.objects.get(name__startswith="ssh").status == "retired"


def test_it_goes_by_the_next_page_until_there_is_none_with_the_token_to_nobody_else(server):
    text = json.loads(content(server))

    assert len(text["dcim/devices"]) == 2
    assert [page["results"][0]["id"] for page in text["dcim/devices"]] == [1, 2]
    devices = [question for path, question in server.asked if path == "/api/dcim/devices/"]
    assert [question["offset"] for question in devices] == ["0", "1"]
    assert {(question["ordering"], question["exclude"]) for question in devices} == {("id", "config_context")}
    assert set(server.authorizations) == {f"Token {TOKEN}"}


def test_a_token_of_the_second_version_is_sent_as_a_bearer(server):
    server.token = "nbt_abc.def"
    content(server, token="nbt_abc.def")
    assert set(server.authorizations) == {"Bearer nbt_abc.def"}


@pytest.mark.parametrize("address", ["{}/", "{}/api", "{}/api/"])
def test_the_address_may_be_written_in_several_ways(server, address):
    server.address = address.format(server.address)
    assert json.loads(content(server))["dcim/sites"]


def test_memory_does_not_grow_with_what_netbox_holds(server):
    server.most = 1000
    server.records["dcim/devices"] = [record("device", n, f"d{n}", comments="x" * 800) for n in range(20_000)]
    content_of_all = netbox.content(server.address, TOKEN, lambda seconds: None)
    for _ in range(10):
        next(content_of_all)
    tracemalloc.start()
    size = sum(map(len, content_of_all))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 15_000_000
    # The server's own answers are among it, a page of 200 at a time.
    assert peak < 5_000_000


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        ((401, {}, b'{"detail": "Token expired"}'), "does not let the token in (401: {\"detail\": \"Token expired\"})"),
        ((403, {}, b'{"detail": "Invalid token"}'), "does not let the token in (403"),
        ((403, {}, b"<html>no</html>"), "does not let the token in (403). Give one that is valid and may read."),
        ((404, {}, b""), "There is no /api/dcim/sites/ at"),
        ((301, {"Location": "https://elsewhere.example/"}, b""), "sends to https://elsewhere.example/ (301)"),
        ((418, {}, b""), "answered 418"),
        ((429, {"Retry-After": "3600"}, b""), "asked too often (429)"),
        ((429, {"Retry-After": "3600"}, b""), "It asks to come back in 60 minutes."),
        ((200, {}, b"<!doctype html><title>Sign in"), "That is a web page: is this NetBox's own address?"),
        ((200, {}, b"not json"), "Where a page of dcim/sites was expected came something else: “not json…”"),
        ((200, {}, b'{"count": 1, "next": null, "results": [{"id": 1'), "came something else"),
        ((200, {}, b"[]"), "came something else"),
        ((200, {}, b'{"results": {}}'), "came something else"),
        ((200, {}, b'{"count": "1", "next": 5, "results": []}'), "came something else"),
        ((200, {}, b'{"count": 1, "next": null, "results": "\xff"}'), "came something else"),
        ((200, {}, b"[" * 100_000), "came something else"),
        ((200, {}, b'{"count": 9, "next": "https://netbox/api/dcim/sites/", "results": [{}]}'), "lead nowhere"),
        ((200, {}, b'{"count": 9, "next": "http://[", "results": [{}]}'), "lead nowhere"),
        ((200, {}, b'{"count": 9, "next": "https://netbox/?offset=9", "results": []}'), "lead nowhere"),
        ((200, {"Content-Length": "999"}, b"{}"), "IncompleteRead"),
    ],
)  # fmt: skip
def test_whatever_netbox_answers_is_told_in_words_and_nothing_is_taken_in(server, schedule_of, instead, told):
    server.instead = [instead] * 4
    run = run_of(schedule_of(server.address))

    assert run.state == "failed"
    assert told in run.failure
    assert not ConfigurationItem.objects.exists()
    with pytest.raises(imports.NothingFetched):
        imports.merge(run_id=run.pk, actor=Actor.system("test"))


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_netbox_is_asked_again(server, status):
    waited: list[float] = []
    server.instead = [(status, {"Retry-After": "7"} if status == 429 else {}, b"")] * 2
    assert json.loads(content(server, pause=waited.append))["dcim/sites"]
    assert waited == ([7.0, 7.0] if status == 429 else [0.0, 0.0])


def test_one_that_stays_broken_is_given_up(server):
    server.instead = [(500, {}, b"")] * 3
    with pytest.raises(http.FetchFailed, match=r"could not answer \(500\).* It was asked 3 times."):
        content(server)
    assert len(server.asked) == 3


def test_one_that_never_answers_is_given_up(server, monkeypatch):
    monkeypatch.setattr(http, "IDLE_SECONDS", 0.1)
    server.delay = 0.5
    with pytest.raises(http.FetchFailed, match="No answer within"):
        content(server)


def test_one_that_is_not_there_is_told(server, schedule_of):
    schedule = schedule_of(server.address)
    server.close()
    assert "No connection: Connection refused." in run_of(schedule).failure


def test_a_page_that_never_ends_is_refused(server, monkeypatch):
    monkeypatch.setattr(netbox, "MOST_OF_A_PAGE", 100)
    with pytest.raises(http.FetchFailed, match="is larger than"):
        content(server)


def test_records_that_were_removed_while_it_was_read_are_noticed(server):
    server.records["dcim/devices"] = [record("device", n, f"d{n}") for n in range(5)]

    def remove_two(path, question):
        if path == "/api/dcim/devices/":
            server.records["dcim/devices"] = server.records["dcim/devices"][-3:]

    server.between = remove_two
    with pytest.raises(http.FetchFailed, match="were removed from NetBox while they were read"):
        content(server)


def test_an_address_inside_is_not_asked_unless_the_operator_named_it(server, schedule_of, settings):
    schedule = schedule_of(server.address)
    settings.WEBHOOK_ALLOWED_RANGES = []
    assert "WEBHOOK_ALLOWED_RANGES" in run_of(schedule).failure
    assert server.asked == []


def test_a_token_that_cannot_be_read_any_more_is_told(server, schedule_of, settings):
    schedule = schedule_of(server.address)
    settings.SECRET_KEY = "another"
    assert "Give it again" in run_of(schedule).failure
    assert server.asked == []


class TestFiles:
    def test_a_table_at_an_address_is_read_by_its_profile(self, server, schedule_of, profile):
        server.instead = [(200, {}, b"id,kind\nw1,server\n")]
        run = run_of(schedule_of(f"{server.address}/cis.csv?v=1", format="csv", profile=profile, source=""))
        assert (run.state, run.source, run.failure) == ("done", "inventory", "")
        assert (server.asked, server.authorizations) == ([("/cis.csv", {"v": "1"})], [f"Bearer {TOKEN}"])

    def test_one_that_is_too_large_is_broken_off(self, server, schedule_of, profile, settings):
        settings.IMPORT_MEGABYTES = 0
        server.instead = [(200, {}, b"id,kind\nw1,server\n")]
        assert "larger than" in run_of(schedule_of(server.address, format="csv", profile=profile)).failure

    def test_one_that_is_empty_or_ends_too_early_is_no_file(self, server, schedule_of, profile):
        schedule = schedule_of(server.address, format="csv", profile=profile)
        server.instead = [(200, {}, b"")]
        assert "The file is empty" in run_of(schedule).failure
        server.instead = [(200, {"Content-Length": "100"}, b"id,kind\nw1,server\n")]
        run = run_of(schedule)
        assert "IncompleteRead" in run.failure
        assert not ConfigurationItem.objects.exists()

    def test_nothing_else_is_sent_with_it_than_the_token(self, server):
        server.instead = [(200, {}, b"x")]
        assert b"".join(files.content(server.address, "")) == b"x"
        assert server.authorizations == [None]
