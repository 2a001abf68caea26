"""What changed in a record, by whom and why; written by database triggers (pghistory)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import uuid4

import pghistory
from django.apps import apps
from django.contrib.postgres.fields import DateTimeRangeField
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import DateTimeField, Model
from django.urls import NoReverseMatch
from django.utils.dateparse import parse_datetime
from pghistory import runtime
from pghistory.core import event_models
from pghistory.models import Events

from itsm.kernel.actor import Actor
from itsm.kernel.models.record import labels_of

HIDDEN = {"revision", "updated_at", "created_at"}
LONG = 160
MEMBERS = 10
Names = dict[str, dict[Any, str]]
_parts: dict[type[Model], tuple[type[Model], ...]] = {}
_called: dict[str, Callable[[Iterable[Any]], dict[Any, str]]] = {}
_linked: dict[type[Model], "Linked"] = {}
_named: ContextVar[bool] = ContextVar("history_named", default=False)
_because: ContextVar[dict[str, Any] | None] = ContextVar("history_because", default=None)
Linked = Callable[[Any, datetime], list[str]]


@contextmanager
def attributed(actor: Actor, *, through: str, reason: str = "") -> Iterator[None]:
    """Everything written inside is put down to this actor, with the reason if there is one.

    What an operation has others do is part of its own story: the outermost one is named.
    """
    if _named.get():
        yield
        return
    metadata: dict[str, Any] = {"actor": actor.label, "user": actor.user_id, "through": through}
    if reason:
        metadata["reason"] = reason
    if cause := _because.get():
        metadata["because"] = cause
    token = _named.set(True)
    try:
        with pghistory.context(**metadata):
            yield
    finally:
        _named.reset(token)


@contextmanager
def because(record: Model | None) -> Iterator[None]:
    """Everything written inside was done for this record: a change, a deployment, an import, an audit.

    It holds through nested operations; a cause named within is nearer, and so the one that is told. What was
    written before in the same operation is not put down to it. None names no cause.
    """
    if record is None:
        yield
        return
    cause = {"kind": record._meta.label_lower, "id": record.pk, "number": getattr(record, "number", str(record))}
    token = _because.set(cause)
    try:
        with _apart(because=cause):
            yield
    finally:
        _because.reset(token)


@contextmanager
def _apart(**more: Any) -> Iterator[None]:
    """A context of its own for what is written inside: pghistory would give the whole operation what is added."""
    outer = getattr(runtime._tracker, "value", None)
    if outer is None:  # the operation within says it
        yield
        return
    runtime._tracker.value = runtime.Context(id=uuid4(), metadata={**outer.metadata, **more})
    try:
        yield
    finally:
        runtime._tracker.value = outer


def takes_in(model: type[Model], *parts: type[Model]) -> None:
    """To the story of such a record belongs what becomes of its parts, which point to it."""
    _parts[model] = parts


def calls(column: str, names: Callable[[Iterable[Any]], dict[Any, str]]) -> None:
    """How to call what a column without a foreign key points to: a higher app knows."""
    _called[column] = names


def links(model: type[Model], told: Linked) -> None:
    """How such a record was linked by tables of their own at a moment: each link as a sentence."""
    _linked[model] = told


def links_of(record: Model, at: datetime) -> list[str]:
    told = _linked.get(type(record))
    return told(record, at) if told else []


def story_of(record: Model, limit: int = 50, offset: int = 0) -> list[dict[str, Any]]:
    """The record's history, newest first, each entry ready to be read: who, when, why, what."""
    found = list(_events(record)[offset : offset + limit])
    names = _names_in(found, record)
    return [_entry(record, event, names) for event in found]


def stories_of(records: Collection[Model], since: datetime, until: datetime) -> list[tuple[Any, dict[str, Any]]]:
    """(record, entry) of all that became of these records of one kind in the period, the oldest first."""
    if not records:
        return []
    model, known = type(next(iter(records))), {record.pk: record for record in records}
    events = _across(model).references(list(records)) if model in _parts else Events.objects.tracks(list(records))
    told = events.filter(pgh_created_at__gte=since, pgh_created_at__lt=until).order_by("pgh_created_at", "pgh_id")
    found = list(told)
    names = _names_in(found, next(iter(known.values())))
    owners = [_owner(model, event, known) for event in found]
    return [(owner, _entry(owner, event, names)) for owner, event in zip(owners, found, strict=True)]


def _owner(model: type[Model], event: Any, known: dict[Any, Model]) -> Model:
    """Whose story it belongs to: a part's is that of the record it points to; of two of them, of the first."""
    pks = [event.pgh_data.get(field.attname) for field in _keys(apps.get_model(event.pgh_obj_model), model)]
    return next(known[pk] for pk in pks if pk in known)


def _keys(part: type[Model], model: type[Model]) -> list[Any]:
    """The fields by which such a row says whose it is."""
    if part is model:
        return [model._meta.pk]
    return [field for field in part._meta.concrete_fields if field.related_model is model]


def length_of(record: Model) -> int:
    return int(_events(record).count())


def _events(record: Model) -> Any:
    events = Events.objects.tracks(record)
    if type(record) in _parts:
        events = _across(type(record)).references(record)
    return events.order_by("-pgh_created_at", "-pgh_id")


def _across(model: type[Model]) -> Any:
    told = [kept for each in (model, *_parts[model]) for kept in event_models(tracks_model=each)]
    return Events.objects.across(*told)


def as_of(record: Any, at: datetime) -> dict[str, Any] | None:
    """The record's own fields as they were at that moment, by column; None where it did not exist yet.

    What it is linked to by tables of their own (the CIs of a change) is not among them.
    """
    written = record.pgh_event_model.objects.filter(pgh_obj_id=record.pk, pgh_created_at__lte=at)
    kept = {field.attname for field in record.pgh_event_model._meta.concrete_fields}
    fields = [field.attname for field in record._meta.concrete_fields if field.name not in HIDDEN]
    last = written.order_by("-pgh_created_at", "-pgh_id").values(*[name for name in fields if name in kept])
    return last.first()  # type: ignore[no-any-return]


def readable(record: Model, state: dict[str, Any]) -> list[tuple[str, Any]]:
    """(label, value) of each field: choices by their labels, records by what they are called, objects by member."""
    model = type(record)
    pointing = {field.attname for field in _pointing(model)}
    names = _called_in(model, {column: {state[column]} for column in pointing & state.keys() if state[column]})
    return [said for column, value in state.items() for said in _members(model, column, value, names)]


def _members(model: type[Model], column: str, value: Any, names: Names) -> list[tuple[str, Any]]:
    label = _label(model, column)
    if isinstance(value, dict) and len(value) <= MEMBERS:
        return [(f"{label}: {name}", _brief(said)) for name, said in value.items()]
    return [(label, _brief(_read(model, column, value, names)))]


def _names_in(events: Iterable[Any], record: Model) -> Names:
    """What is called what in these entries: of the record what changed, of its parts all that they say."""
    asked: dict[type[Model], dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))
    for event in events:
        model, told = apps.get_model(event.pgh_obj_model), event.pgh_diff or {}
        said = {} if model is type(record) else event.pgh_data
        for field in _pointing(model):
            values = {*told.get(field.attname, ()), said.get(field.attname)} - {None}
            if values:
                asked[model][field.attname] |= values
    return {column: names for model, columns in asked.items() for column, names in _called_in(model, columns).items()}


def _pointing(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.related_model or field.attname in _called]


def _called_in(model: type[Model], asked: Mapping[str, Iterable[Any]]) -> Names:
    """Of each column that points to something: id → what that is called. One query for each kind of thing."""
    who_knows = {
        field.attname: _called.get(field.attname) or field.related_model._base_manager.in_bulk
        for field in _pointing(model)
        if asked.get(field.attname)
    }
    wanted: dict[Any, set[Any]] = defaultdict(set)
    for column, ask in who_knows.items():
        wanted[ask] |= set(asked[column])
    found = {ask: {pk: str(name) for pk, name in ask(ids).items()} for ask, ids in wanted.items()}
    return {column: found[ask] for column, ask in who_knows.items()}


def _entry(record: Model, event: Any, names: Names) -> dict[str, Any]:
    model = apps.get_model(event.pgh_obj_model)
    own = model is type(record)
    told = (event.pgh_diff or {}) if own or event.pgh_label == "update" else _whole(record, model, event.pgh_data)
    seen = {column: pair for column, pair in told.items() if column not in HIDDEN}
    changes = [change for column, pair in seen.items() for change in _changes(model, column, pair, names)]
    labels = [_label(model, column) for column in seen]
    return _told(event, _summary(model, event.pgh_label, labels, own), changes)


def _changes(model: type[Model], column: str, pair: Any, names: Names) -> list[tuple[str, Any, Any]]:
    """(label, before, after); of an object that stays one, each member that is another."""
    label, (before, after) = _label(model, column), pair
    if isinstance(before, dict) and isinstance(after, dict):
        members = [name for name in before | after if before.get(name) != after.get(name)]
        if len(members) <= MEMBERS:
            return [(f"{label}: {name}", _brief(before.get(name)), _brief(after.get(name))) for name in members]
    return [(label, *(_brief(_read(model, column, value, names)) for value in pair))]


def _read(model: type[Model], column: str, value: Any, names: Names) -> Any:
    """A moment or a span of time as one; what points to something by how that is called."""
    if column in names:
        return names[column].get(value, value)
    field = _field(model, column)
    if isinstance(value, str) and isinstance(field, DateTimeField):
        return parse_datetime(value) or value
    if isinstance(value, str) and isinstance(field, DateTimeRangeField):
        return _span(value)
    if field is not None and field.choices and isinstance(value, Hashable):
        return labels_of(field, None).get(value, value)
    return value


def _span(written: str) -> Any:
    """A range of moments as the database writes it; its bounds may be missing."""
    low, _, high = written.strip("[]()").replace('"', "").partition(",")
    if not high and not low:
        return written
    return DateTimeTZRange(*(parse_datetime(each) if each else None for each in (low, high)), written[0] + written[-1])


def _whole(record: Model, part: type[Model], data: dict[str, Any]) -> dict[str, tuple[None, Any]]:
    """All that a part says, but which record it belongs to."""
    fields = {f.attname: f for f in part._meta.concrete_fields if not f.primary_key}
    return {
        name: (None, data[name])
        for name, field in fields.items()
        if data.get(name) not in (None, "", [])
        and not (field.related_model is type(record) and data[name] == record.pk)
        and name not in HIDDEN
    }


def _summary(model: type[Model], label: str, changed: list[str], own: bool) -> str:
    if own:
        return "Created" if label == "insert" else "Changed " + ", ".join(changed)
    verb = {"insert": "added", "delete": "removed"}.get(label, "changed")
    return f"{str(model._meta.verbose_name).capitalize()} {verb}"


def _told(event: Any, summary: str, changes: list[tuple[str, Any, Any]]) -> dict[str, Any]:
    context = event.pgh_context or {}
    return {
        "at": event.pgh_created_at,
        "who": context.get("actor", "database"),
        "through": context.get("through", ""),
        "reason": context.get("reason", ""),
        "because": cause_in(context),
        "label": event.pgh_label,
        "summary": summary,
        "changes": changes,
    }


def cause_in(context: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The record that it was done for, with its page; the number is no secret, what lies behind it is guarded."""
    told = (context or {}).get("because")
    return {**told, "url": _page_of(told)} if told else None


def _page_of(told: dict[str, Any]) -> str:
    try:
        return str(apps.get_model(told["kind"])(pk=told["id"]).get_absolute_url())  # type: ignore[attr-defined]
    except (LookupError, AttributeError, NoReverseMatch):  # of an app that is gone, or without a page
        return ""


def _field(model: type[Model], column: str) -> Any:
    fields = model._meta.concrete_fields
    return next((field for field in fields if column in (field.column, field.attname, field.name)), None)


def _label(model: type[Model], column: str) -> str:
    field = _field(model, column)
    return str(field.verbose_name) if field else column


def _brief(value: Any) -> Any:
    """A whole document is not read in a history: its size is."""
    if isinstance(value, dict | list) and len(str(value)) > LONG:
        return f"{len(value)} entries"
    return value
