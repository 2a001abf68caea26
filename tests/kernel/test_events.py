"""Events are declared: their names, fields and versions are a promise to whoever listens."""

import pytest
from django.conf import settings

from itsm.kernel import catalogue, events
from itsm.kernel.models import OutboxEvent
from tests.builders import SYSTEM, make_ci


@pytest.mark.django_db
def test_an_event_that_nobody_declared_is_not_recorded():
    ci = make_ci("db-1")
    before = OutboxEvent.objects.count()
    with pytest.raises(events.Undeclared, match=r"'cmdb\.ci\.exploded' is not declared"):
        events.record("cmdb.ci.exploded", ci, actor=SYSTEM)
    with pytest.raises(events.Undeclared, match=r"cmdb\.ci\.moved declares no field from_, why"):
        events.record("cmdb.ci.moved", ci, actor=SYSTEM, to="live", why="x", from_="y")
    assert OutboxEvent.objects.count() == before


@pytest.mark.django_db
def test_an_event_carries_the_version_of_its_declaration(monkeypatch):
    ci = make_ci("db-1")
    monkeypatch.setitem(events._declared, "test.happened", events.Kind("test.happened", "", 3, {}))
    assert events.record("test.happened", ci, actor=SYSTEM).version == 3


def test_a_name_is_declared_once():
    with pytest.raises(ValueError, match="declared twice"):
        events.declare("cmdb.ci.created", "A CI was added.")


def test_who_subscribes_names_an_event_that_is_declared():
    known = {kind.name for kind in events.declared()} | {events.EVERY}
    assert {name for name, subscribers in events._subscribers.items() if subscribers} <= known


def test_each_event_stands_under_its_app_and_has_a_sentence():
    apps = {"kernel", "cmdb", "knowledge", "changes", "transition"}
    assert {kind.name.split(".")[0] for kind in events.declared()} <= apps
    assert [kind.name for kind in events.declared() if not kind.sentence.endswith(".")] == []


def test_the_catalogue_is_up_to_date():
    written = (settings.BASE_DIR / "docs" / "events.md").read_text()
    assert written == catalogue.drawn(), "Run `make docs`."
