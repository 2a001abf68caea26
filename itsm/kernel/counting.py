"""How many rows a queryset has: counted up to 10,000, beyond that estimated by the database's planner."""

import json
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import cached_property

COUNTED = 10_000


class Count(NamedTuple):
    number: int
    is_estimate: bool


def count_of(queryset: QuerySet) -> Count:
    """A million rows are not counted for each page of fifty."""
    unordered = queryset.order_by()
    exact = unordered.values("pk")[: COUNTED + 1].count()
    if exact <= COUNTED:
        return Count(exact, False)
    return Count(max(_planned(unordered), exact), True)


def _planned(queryset: QuerySet) -> int:
    sql, params = queryset.values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan: Any = cursor.fetchone()[0]
    return int((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"])


class EstimatingPaginator(Paginator):
    """Pages of a list that does not count what it need not."""

    @cached_property
    def counted(self) -> Count:
        return count_of(self.object_list)  # type: ignore[arg-type]

    @cached_property
    def count(self) -> int:
        return self.counted.number
