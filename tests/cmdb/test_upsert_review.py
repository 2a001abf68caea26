"""A person's bulk upsert of critical CIs: what a second person has to accept is proposed."""

import pytest

from cmdb.importing.records import FoundCI
from cmdb.keys import Key
from cmdb.models import CIEdit, ConfigurationItem, ExternalKey
from cmdb.operations import cis, edits, upserts
from itsm.kernel.actor import Actor
from itsm.kernel.models import OutboxEvent
from itsm.kernel.roles import Role
from tests.builders import make_ci, make_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    return make_class("database", schema={"properties": {"ram_gb": {"type": "integer"}}}, reviewed_from=3)


@pytest.fixture
def database(kind, system):
    ci = make_ci("db-1", ci_class=kind, criticality=4, version="1", attributes={"ram_gb": 32, "os": "bsd"})
    return cis.update(ci_id=ci.pk, external_keys=[Key("scanner", "db-1")], actor=system)


@pytest.fixture
def client(api, config_manager):
    return api(config_manager)


def item(key: str, **said) -> dict:
    return {"external_key": {"source": "scanner", "key": key}, "ci_class": "database", "name": key, **said}


def upsert(client, *items):
    return client.post("/api/cmdb/cis/upsert/", list(items), format="json")


def test_a_critical_ci_is_left_as_it_is_and_the_change_proposed(client, database):
    answer = upsert(client, item("db-1", version="2", attributes={"ram_gb": 64}), item("db-2", version="2"))

    assert answer.status_code == 202, answer.data
    edit = CIEdit.objects.get()
    assert [(each["position"], each["outcome"], each["edit"]) for each in answer.data] == [
        (0, "proposed", edit.number),
        (1, "created", None),
    ]
    assert edit.changes == {"version": ["1", "2"], "attributes.ram_gb": [32, 64]}
    database.refresh_from_db()
    assert (database.version, database.attributes["ram_gb"]) == ("1", 32)
    assert OutboxEvent.objects.get(name="cmdb.ci_edit.proposed").payload["fields"] == ["attributes.ram_gb", "version"]


def test_a_key_for_a_critical_ci_is_proposed_too(client, kind, config_manager, person, now):
    ci = make_ci("db-1", ci_class=kind, criticality=3)
    assert upsert(client, item("db-1")).data[0]["outcome"] == "proposed"
    assert not ExternalKey.objects.exists()

    edits.accept(edit_id=CIEdit.objects.get().pk, actor=Actor.person(person("o", Role.CONFIGURATION_MANAGER)), now=now)
    assert str(ci.external_keys.get()) == "scanner:db-1"
    assert upsert(client, item("db-1")).data[0]["outcome"] == "unchanged"


def test_said_again_it_waits_once_and_said_otherwise_it_takes_the_place_of_what_waited(client, database):
    first = upsert(client, item("db-1", version="2")).data[0]["edit"]
    assert upsert(client, item("db-1", version="2")).data[0]["edit"] == first
    second = upsert(client, item("db-1", version="3")).data[0]["edit"]
    assert dict(CIEdit.objects.values_list("pk", "state")) == {
        int(first.partition("-")[2]): "withdrawn",
        int(second.partition("-")[2]): "proposed",
    }


def test_what_somebody_else_proposed_stays(client, database, person):
    other = Actor.person(person("other", Role.CONFIGURATION_MANAGER))
    theirs = edits.submit(ci_id=database.pk, version="9", reason="Upsert from scanner", actor=other)
    upsert(client, item("db-1", version="2"))
    theirs.refresh_from_db()
    assert theirs.state == "proposed"


def test_what_does_not_differ_is_no_proposal(client, database):
    answer = upsert(client, item("db-1", version="1", attributes={"ram_gb": 32}))
    assert (answer.status_code, answer.data[0]["outcome"], answer.data[0]["edit"]) == (200, "unchanged", None)
    assert not CIEdit.objects.exists()


def test_what_could_never_be_accepted_is_refused_at_its_position_and_nothing_is_written(client, database):
    answer = upsert(client, item("db-2"), item("db-1", status="planned"))
    assert (answer.status_code, answer.data["code"]) == (409, "illegal_state")
    assert "Record 1" in answer.data["detail"]
    assert ConfigurationItem.objects.count() == 1


def test_less_critical_ones_are_changed_at_once(client, kind):
    make_ci("db-1", ci_class=kind, criticality=2)
    assert upsert(client, item("db-1", version="2")).data[0]["outcome"] == "updated"


def test_raising_the_criticality_is_reviewed_from_then_on(client, kind):
    make_ci("db-1", ci_class=kind, criticality=2)
    assert upsert(client, item("db-1", criticality=4)).data[0]["outcome"] == "updated"
    assert upsert(client, item("db-1", criticality=1)).data[0]["outcome"] == "proposed"


def test_classes_below_are_reviewed_as_those_above(client, kind):
    below = make_class("postgres", parent=kind)
    make_ci("db-1", ci_class=below, criticality=4)
    assert upsert(client, item("db-1", ci_class="postgres", version="2")).data[0]["outcome"] == "proposed"


def test_the_program_itself_writes(database, system):
    found = [FoundCI(row="0", key="db-1", ci_class="database", name="db-1", version="2")]
    assert [each.outcome for each in upserts.upsert(source="scanner", found=found, actor=system)] == ["updated"]
