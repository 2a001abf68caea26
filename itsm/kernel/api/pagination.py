"""Collections: `limit` and `offset`, or `cursor` for deep pages that stay where they are."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldError
from django.core.exceptions import ValidationError as BadValue
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange, Range
from django.db.models import Model, Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from itsm.kernel.counting import Count, count_of

DEFAULT, MOST, FARTHEST = 50, 1000, 2**31
TEXTS = (str, int, float, bool, type(None))


def whole(request: Request, name: str, default: int, least: int) -> int:
    """The parameter as a whole number; a 400 that names it when it is none."""
    said = request.query_params.get(name)
    if said is None:
        return default
    if not said.isascii() or not said.isdecimal() or not least <= int(said[:20]) <= FARTHEST:
        raise ValidationError({name: [f"Give a whole number, at least {least}."]})
    return int(said)


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: behind the row with these values in the order, or before it when going back."""

    values: list[Any]
    back: bool = False

    @classmethod
    def read(cls, said: str) -> "Cursor | None":
        """None for an empty one, which begins at the first row."""
        if not said:
            return None
        try:
            values, back = json.loads(base64.urlsafe_b64decode(said.encode()))
        except (ValueError, TypeError, binascii.Error) as error:
            raise spoilt() from error
        if not isinstance(values, list) or not all(isinstance(value, TEXTS) or _ends(value) for value in values):
            raise spoilt()
        return cls([_span(*value) if _ends(value) else value for value in values], bool(back))

    def written(self) -> str:
        values = [_ends_of(value) if isinstance(value, Range) else value for value in self.values]
        return base64.urlsafe_b64encode(json.dumps([values, self.back]).encode()).decode()


def _span(lower: str | None, upper: str | None) -> Range:
    """Of days or of moments, as its ends are written."""
    kind = DateTimeTZRange if "T" in f"{lower}{upper}" else DateRange
    return kind(lower, upper)


def _ends_of(span: Any) -> list[str | None]:
    return [end.isoformat() if end is not None else None for end in (span.lower, span.upper)]


def _ends(value: Any) -> bool:
    """Whether a cursor's value is a span of time, which is written by its two ends."""
    return isinstance(value, list) and len(value) == 2 and all(isinstance(end, str | None) for end in value)


def spoilt() -> ValidationError:
    return ValidationError({"cursor": ["This is no cursor of this collection and order. Begin with an empty one."]})


class Rows(Sequence[Any]):
    """Rows that are no records: how many there are, and a question for those from one place to another."""

    def __init__(self, count: int, ask: Callable[[int, int], list[Any]]):
        self.count_of_all, self.ask = count, ask

    def __len__(self) -> int:
        return self.count_of_all

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, slice):
            start = which.start or 0
            stop = self.count_of_all if which.stop is None else min(which.stop, self.count_of_all)
            return self.ask(start, stop - start) if stop > start else []
        return self.ask(which, 1)[0]


class Envelope(BasePagination):
    """`{count, next, previous, results}`; `count_is_estimate` is there, and true, above 10,000 rows."""

    request: Request
    counted: Count
    next: str | None = None
    previous: str | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        limit = min(whole(request, "limit", DEFAULT, 1), MOST)
        self.counted = count_of(queryset) if isinstance(queryset, QuerySet) else Count(len(queryset), False)
        if "cursor" in request.query_params:
            if not isinstance(queryset, QuerySet):
                raise ValidationError({"cursor": ["These rows are paged by offset."]})
            return self._by_cursor(queryset, limit)
        return self._by_offset(queryset, limit)

    def _by_offset(self, queryset: Any, limit: int) -> list[Any]:
        offset = whole(self.request, "offset", 0, 0)
        rows = list(queryset[offset : offset + limit + 1])
        if len(rows) > limit:
            self.next = self._address(offset=offset + limit)
        if offset:
            self.previous = self._address(offset=max(offset - limit, 0))
        return rows[:limit]

    def _by_cursor(self, queryset: QuerySet, limit: int) -> list[Any]:
        if whole(self.request, "offset", 0, 0):
            raise ValidationError({"offset": ["Either cursor or offset, not both."]})
        order, cursor = ordering_of(queryset), Cursor.read(self.request.query_params["cursor"])
        rows = self._behind(queryset, order, cursor, limit)
        more, rows = len(rows) > limit, rows[:limit]
        if cursor and cursor.back:
            rows.reverse()
        onwards, backwards = (True, more) if cursor and cursor.back else (more, cursor is not None)
        if rows and onwards:
            self.next = self._address(cursor=Cursor(values_of(rows[-1], order)).written())
        if rows and backwards:
            self.previous = self._address(cursor=Cursor(values_of(rows[0], order), back=True).written())
        return rows

    def _behind(self, queryset: QuerySet, order: list[str], cursor: Cursor | None, limit: int) -> list[Any]:
        if cursor is None:
            return list(queryset[: limit + 1])
        if len(cursor.values) != len(order):
            raise spoilt()
        if cursor.back:
            order = [turned(field) for field in order]
            queryset = queryset.reverse()
        try:
            return list(queryset.filter(behind(queryset.model, order, cursor.values))[: limit + 1])
        except (BadValue, FieldError, ValueError, TypeError) as error:
            raise spoilt() from error

    def _address(self, **changed: Any) -> str:
        url = remove_query_param(self.request.build_absolute_uri(), "format")
        for name, value in changed.items():
            url = replace_query_param(url, name, value)
        return url

    def get_paginated_response(self, data: Any) -> Response:
        body = {"count": self.counted.number, "next": self.next, "previous": self.previous, "results": data}
        if self.counted.is_estimate:
            body = {"count": body.pop("count"), "count_is_estimate": True, **body}
        first = remove_query_param(remove_query_param(self.request.build_absolute_uri(), "offset"), "cursor")
        links = {"first": first, "prev": self.previous, "next": self.next}
        said = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items() if url)
        return Response(body, headers={"Link": said})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "minimum": 0, "example": 123},
                "count_is_estimate": {"type": "boolean", "description": "There, and true, above 10,000 rows."},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        def parameter(name: str, text: str, **shape: Any) -> dict[str, Any]:
            return {"name": name, "in": "query", "required": False, "description": text, "schema": shape}

        return [
            parameter("limit", "Rows a page; more than 1,000 are cut to 1,000.", type="integer", minimum=1, default=50),
            parameter("offset", "Rows to skip; for deep pages use `cursor`.", type="integer", minimum=0),
            parameter("cursor", "Empty to begin; then as `next` and `previous` say it.", type="string"),
        ]


def ordering_of(queryset: QuerySet) -> list[str]:
    """The order as field names; it must be total, which the primary key at its end makes sure of."""
    order = [field for field in queryset.query.order_by if isinstance(field, str)]
    if len(order) < len(queryset.query.order_by):
        raise ValidationError({"cursor": ["This order cannot be paged by cursor; use offset, or another ordering."]})
    return order if order and order[-1].lstrip("-") in ("pk", "id", "sequence") else [*order, "pk"]


def turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def values_of(row: Model, order: Sequence[str]) -> list[Any]:
    return [_plain(_value(row, field.lstrip("-"))) for field in order]


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row.pk if isinstance(row, Model) else row


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if not isinstance(value, (*TEXTS, DateTimeTZRange, DateRange)):
        raise ValidationError({"cursor": ["This order cannot be paged by cursor; use offset, or another ordering."]})
    return value


def behind(model: type[Model], order: Sequence[str], values: Sequence[Any]) -> Q:
    """What follows the row with these values: greater in the first field, or equal there and greater in the next, …"""
    found, equal, never_null = Q(pk__in=[]), Q(), {f.name for f in model._meta.concrete_fields if not f.null} | {"pk"}
    for field, value in zip(order, values, strict=True):
        name = field.lstrip("-")
        found |= equal & _greater(field, value, nullable=name not in never_null)
        equal &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    first = order[0].lstrip("-")
    if len(order) > 1 and first in never_null:  # says nothing new, but lets an index begin there
        found &= Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": values[0]})
    return found


def _greater(field: str, value: Any, *, nullable: bool) -> Q:
    """Empty values stand last in a rising order and first in a falling one, as the database has it."""
    name = field.lstrip("-")
    if field.startswith("-"):
        return Q(**{f"{name}__isnull": False}) if value is None else Q(**{f"{name}__lt": value})
    if value is None:
        return Q(pk__in=[])
    after = Q(**{f"{name}__gt": value})
    return after | Q(**{f"{name}__isnull": True}) if nullable else after
