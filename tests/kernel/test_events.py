"""Events are declared: their names, fields and versions are a promise to whoever listens."""

from contextlib import suppress

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from itsm.kernel import catalogue, events
from itsm.kernel.models import OutboxEvent
from itsm.kernel.operation import operation
from tests.builders import SYSTEM, make_ci
from tests.kernel.outbox_builders import happen


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


@operation
def tell(*, ci, n, actor, fails=False):
    happen(ci, n)
    if fails:
        raise ValueError("It did not come to pass.")


@operation
def tell_of_much(*, ci, actor, fails=False):
    happen(ci, 1)
    tell(ci=ci, n=2, actor=actor)
    with suppress(ValueError), transaction.atomic():
        tell(ci=ci, n=99, actor=actor, fails=True)
    if fails:
        raise ValueError("All of it did not.")
    happen(ci, 3)


@pytest.mark.django_db
def test_what_an_operation_tells_is_written_at_its_end_in_order_and_in_one_statement(heard):
    ci = make_ci("db-1")
    with CaptureQueriesContext(connection) as asked:
        tell_of_much(ci=ci, actor=SYSTEM)
    assert sum("kernel_outboxevent" in query["sql"] for query in asked) == 1
    told = OutboxEvent.objects.filter(name="test.happened").order_by("pk")
    assert [event.payload["n"] for event in told] == [1, 2, 3], "what failed within is not told of"


@pytest.mark.django_db
def test_an_operation_that_fails_tells_nothing_nor_does_the_next_for_it(heard):
    ci = make_ci("db-1")
    with pytest.raises(ValueError, match="All of it"):
        tell_of_much(ci=ci, actor=SYSTEM, fails=True)
    tell(ci=ci, n=7, actor=SYSTEM)
    assert [event.payload["n"] for event in OutboxEvent.objects.filter(name="test.happened")] == [7]


@pytest.mark.django_db
def test_what_was_told_before_is_told_although_an_operation_within_wrote_it_and_failed(heard):
    ci = make_ci("db-1")

    @operation
    def write_and_fail(*, actor):
        events.record_each("test.happened", [ci], actor=actor, n=2)
        raise ValueError("Only this.")

    @operation
    def go_on(*, actor):
        happen(ci, 1)
        with suppress(ValueError), transaction.atomic():
            write_and_fail(actor=actor)
        happen(ci, 3)

    go_on(actor=SYSTEM)
    told = OutboxEvent.objects.filter(name="test.happened").order_by("pk")
    assert [event.payload["n"] for event in told] == [1, 3]


@pytest.mark.django_db
def test_what_is_told_of_many_at_once_comes_after_what_was_told_before(heard):
    ci = make_ci("db-1")

    @operation
    def tell_of_each(*, actor):
        happen(ci, 1)
        events.record_each("test.happened", [ci], actor=actor, n=2)
        events.record_set("test.happened", type(ci), [ci.pk], actor=actor, n=3)

    tell_of_each(actor=SYSTEM)
    told = OutboxEvent.objects.filter(name="test.happened").order_by("pk")
    assert [event.payload["n"] for event in told] == [1, 2, 3]


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
