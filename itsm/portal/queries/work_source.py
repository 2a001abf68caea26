"""One kind of work that can wait for a person, and how its rows are asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse

from itsm.kernel.actor import Actor

Row = dict[str, Any]
TEXT = CharField()


@dataclass(frozen=True)
class Step:
    """The one action: its word and key, the page where it is done; `right_here` when the button alone says it all."""

    label: str
    key: str
    url: str
    right_here: bool = False


@dataclass(frozen=True)
class Source:
    """One kind of work. `found` narrows to the actor's own; `read` makes of a row what it is about, and its step."""

    kind: str
    label: str
    found: Callable[[Actor, datetime], QuerySet]
    columns: dict[str, Any]
    read: Callable[[Row], tuple[str, Step]]
    concerns: Callable[[Actor], bool] = lambda actor: True

    def rows(self, actor: Actor, now: datetime, pk: int | None = None) -> QuerySet:
        found = self.found(actor, now)
        if pk is not None:
            found = found.filter(pk=pk)
        given = {"id": F("pk"), "subject": F("pk"), "detail": Value(""), "more": Value("")} | self.columns
        columns = {f"w_{name}": _of(given[name]) for name in ("id", "since", "title", "subject", "detail", "more")}
        return found.values(w_kind=Value(self.kind), **columns).order_by("w_since", "w_id")

    def counted(self, actor: Actor, now: datetime) -> QuerySet:
        return self.found(actor, now).order_by().values(w_kind=Value(self.kind), w_id=F(self.columns.get("id", "pk")))


def _of(column: Any) -> Any:
    return F(column) if isinstance(column, str) else column


def named(path: str) -> Coalesce:
    """A person's name as pages show it."""
    full = Concat(f"{path}__first_name", Value(" "), f"{path}__last_name", output_field=TEXT)
    return Coalesce(Case(When(~Q(**{f"{path}__last_name": ""}), then=full)), f"{path}__username", Value(""))


def page_of(name: str, prefix: str, pk: int) -> str:
    return reverse(name, args=[f"{prefix}-{pk}"])
