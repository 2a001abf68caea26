"""My work: what waits for this person, oldest first, each with its one action. One query, however much there is.

`work_sources` says what can wait and for whom; here its parts are put together.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from itsm.kernel.actor import Actor
from itsm.portal.queries.work_source import Source, Step
from itsm.portal.queries.work_sources import SOURCES

MOST = 100  # of one kind; who has more has other troubles


@dataclass(frozen=True)
class Item:
    """One thing to do: what it is, since when it waits, and its one action."""

    kind: str
    label: str
    id: int
    title: str
    about: str
    since: datetime
    step: Step

    @property
    def ref(self) -> str:
        """What a button, a focus and a client call it by."""
        return f"{self.kind}-{self.id}"


def waiting_for(actor: Actor, now: datetime, kinds: Iterable[str] = ()) -> list[Item]:
    """Everything that waits for the actor (of these kinds), what waits longest first; one row for each thing."""
    parts = [source.rows(actor, now)[:MOST] for source in _asked(actor, kinds)]
    if not parts:
        return []
    rows = _union(parts) if len(parts) == 1 else _union(parts).order_by("w_since", "w_kind", "w_id")
    found: dict[str, Item] = {}
    for item in map(_item, rows):
        found.setdefault(item.ref, item)
    return list(found.values())


def counts_for(actor: Actor) -> Counter[str]:
    """How much of each kind waits, up to MOST; asked once a request."""
    if "portal.work" not in actor.memory:
        actor.memory["portal.work"] = Counter(kind for kind, _ in _counted(actor, timezone.now()))
    return actor.memory["portal.work"]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class _Asker:
    """What the statement of the counts follows from, and for whom and when it is written first."""

    known: tuple[Any, ...]
    actor: Actor = field(compare=False)
    now: datetime = field(compare=False)


def _counted(actor: Actor, now: datetime) -> set[tuple[str, int]]:
    """(kind, id) of what waits. Every page asks, so the statement is written once for whoever holds the same rights."""
    known = (actor.user_id, actor.kind, actor.is_admin, actor.holdings, timezone.localdate(now), now.date())
    sql, params, then = _statement(_Asker(known, actor, now))
    if not sql:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(sql, [now if param == then else param for param in params])
        return set(cursor.fetchall())


@lru_cache(maxsize=256)
def _statement(asker: _Asker) -> tuple[str, tuple[Any, ...], datetime]:
    parts = [source.counted(asker.actor, asker.now)[:MOST] for source in _asked(asker.actor)]
    try:
        sql, params = _union(parts).query.sql_with_params() if parts else ("", ())
    except EmptyResultSet:
        sql, params = "", ()
    return sql, tuple(params), asker.now


def find(actor: Actor, kind: str, pk: int, now: datetime) -> Item:
    """This one thing, if it waits for the actor; 404 otherwise, whatever else it may be."""
    for source in _asked(actor, [kind]):
        for row in source.rows(actor, now, pk)[:1]:
            return _item(row)
    raise Http404


def _asked(actor: Actor, kinds: Iterable[str] = ()) -> list[Source]:
    wanted = set(kinds)
    if actor.user_id is None:
        return []
    return [s for s in SOURCES if (not wanted or s.kind in wanted) and s.concerns(actor)]


def _union(parts: list[QuerySet]) -> QuerySet:
    return parts[0].union(*parts[1:], all=True)


def _item(row: dict[str, Any]) -> Item:
    source = next(s for s in SOURCES if s.kind == row["w_kind"])
    about, step = source.read(row)
    return Item(source.kind, source.label, row["w_id"], row["w_title"], about, row["w_since"], step)
