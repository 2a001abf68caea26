"""Status accounting: what a CI was at a moment, the states of its life, and what became of many in a period."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Lag

from cmdb.models import ConfigurationItem, Relation
from itsm.kernel import history

CHUNK = 500
RELATED_AT = """
    SELECT DISTINCT ON (pgh_obj_id) pgh_label, source_id, type, target_id FROM cmdb_relationevent
    WHERE (source_id = %(ci)s OR target_id = %(ci)s) AND pgh_created_at <= %(at)s
    ORDER BY pgh_obj_id, pgh_created_at DESC, pgh_id DESC
"""


def relations_at(ci: ConfigurationItem, at: datetime) -> list[str]:
    """Its relations at that moment, each as a sentence."""
    with connection.cursor() as cursor:
        cursor.execute(RELATED_AT, {"ci": ci.pk, "at": at})
        held = [row[1:] for row in cursor.fetchall() if row[0] != "delete"]
    others = {pk for source, _, target in held for pk in (source, target)}
    names = dict(ConfigurationItem.objects.filter(pk__in=others).values_list("pk", "name"))
    words = dict(Relation.Type.choices)
    return sorted(
        f"{names.get(source, f'CI-{source}')} {words.get(kind, kind)} {names.get(target, f'CI-{target}')}"
        for source, kind, target in held
    )


@dataclass(frozen=True)
class Span:
    """A state that a CI was in, from when until when (None: still), and what put it there."""

    state: str
    label: str
    since: datetime
    until: datetime | None
    who: str
    because: dict[str, Any] | None


def life_of(ci: ConfigurationItem) -> list[Span]:
    """The states of its life, the latest first; one query. Empty where no history was kept."""
    written: Any = ConfigurationItem.pgh_event_model.objects  # type: ignore[attr-defined]
    order = [F("pgh_created_at").asc(), F("pgh_id").asc()]
    moved = (
        written.filter(pgh_obj_id=ci.pk)
        .annotate(before=Window(Lag("status"), order_by=order))
        .filter(Q(before__isnull=True) | ~Q(before=F("status")))
        .order_by("pgh_created_at", "pgh_id")
        .values_list("status", "pgh_created_at", "pgh_context__metadata")
    )
    rows, labels = list(moved), dict(ConfigurationItem.Status.choices)
    if not rows:  # it was written past the triggers, so nothing is known of it
        return []
    ends = [since for _, since, _ in rows[1:]]
    spans = [
        Span(state, str(labels.get(state, state)), since, until, (told or {}).get("actor", "database"),
             history.cause_in(told))
        for (state, since, told), until in zip(rows, [*ends, None], strict=True)
    ]  # fmt: skip
    return spans[::-1]


Row = list[Any]
HEADINGS = ["at", "ci", "name", "what", "field", "before", "after", "who", "through", "reason", "because of"]


def report_on(cis: QuerySet[ConfigurationItem], since: datetime, until: datetime) -> Iterator[Row]:
    """What became of these CIs and their relations in the period, a line for each difference; in little memory."""
    yield HEADINGS
    for chunk in _chunks(cis):
        for ci, entry in history.stories_of(chunk, since, until):
            yield from _lines(ci, entry)


def _chunks(cis: QuerySet[ConfigurationItem]) -> Iterator[list[ConfigurationItem]]:
    after = 0
    named = cis.order_by("pk").only("name")
    while chunk := list(named.filter(pk__gt=after)[:CHUNK]):
        yield chunk
        after = chunk[-1].pk


def _lines(ci: Any, entry: dict[str, Any]) -> Iterable[Row]:
    because = entry["because"]["number"] if entry["because"] else ""
    changes = entry["changes"]
    if sentence := _sentence(ci, entry):
        changes = [("relation", "", sentence) if entry["label"] == "insert" else ("relation", sentence, "")]
    for field, before, after in changes or [("", "", "")]:
        yield [
            entry["at"], ci.number, ci.name, entry["summary"], field, before, after, entry["who"], entry["through"],
            entry["reason"], because,
        ]  # fmt: skip


def _sentence(ci: Any, entry: dict[str, Any]) -> str:
    """Of a relation that came or went, as it is read: one difference and not its ends and type apart."""
    said = {field: after or before for field, before, after in entry["changes"]}
    ends = said.keys() & {"source", "target"}
    if entry["label"] not in ("insert", "delete") or not ends or "type" not in said:
        return ""
    return f"{said.get('source', ci.name)} {said['type']} {said.get('target', ci.name)}"
