"""What baselines hold, and what has become different since one: by the database, whatever their size."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from cmdb.models import Baseline, ConfigurationItem, Relation
from cmdb.queries import selection
from cmdb.queries.states import CIS, STATE, ids_of, unlike
from itsm.kernel import history
from itsm.kernel.api.pagination import Rows


def listed() -> QuerySet[Baseline]:
    return Baseline.objects.select_related("service", "taken_by").order_by("-pk")


KINDS = ("added", "removed", "changed", "relation_added", "relation_removed")


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same: a CI, one of its fields or attributes, or a relation."""

    kind: str
    ci_id: int
    name: str
    field: str
    was: Any
    now: Any
    other_id: int | None = None
    other_name: str = ""

    @property
    def number(self) -> str:
        return f"{ConfigurationItem.PREFIX}-{self.ci_id}"

    @property
    def relation(self) -> str:
        """How the two CIs are related, in words."""
        return str(dict(Relation.Type.choices).get(self.field, self.field))


@dataclass(frozen=True)
class Diff:
    """From a baseline to another, or to now when there is none; `counts` by kind."""

    since: Baseline
    until: Baseline | None
    counts: dict[str, int]
    cis: int

    @property
    def rows(self) -> Rows:
        return Rows(sum(self.counts.values()), self._ask)

    def _ask(self, start: int, most: int) -> list[Difference]:
        sql, params = _differences(self.since, self.until)
        order = "ORDER BY place, name, ci_id, field, other_name LIMIT %s OFFSET %s"
        with connection.cursor() as cursor:
            cursor.execute(
                f"{sql} SELECT kind, ci_id, name, field, was, is_now, other_id, other_name FROM differences {order}",  # noqa: S608
                [*params, most, start],
            )
            return [Difference(*row) for row in map(_read, cursor.fetchall())]


def diff_of(since: Baseline, until: Baseline | None) -> Diff:
    sql, params = _differences(since, until)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{sql} SELECT kind, count(*), count(DISTINCT ci_id) FILTER (WHERE kind = 'changed') FROM differences "  # noqa: S608
            "GROUP BY kind",
            params,
        )
        found = {kind: (number, cis) for kind, number, cis in cursor.fetchall()}
    return Diff(
        since,
        until,
        {kind: found.get(kind, (0, 0))[0] for kind in KINDS},
        found.get("changed", (0, 0))[1],
    )


def _read(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """JSON comes as text out of a cursor of our own."""
    kind, ci, name, field, was, now, *other = row
    return (kind, ci, name, field, *(json.loads(v) if isinstance(v, str) else v for v in (was, now)), *other)


DIFFERENCES = f"""
    WITH members AS MATERIALIZED ({{members}}),
    had AS MATERIALIZED (SELECT ci_id, state FROM cmdb_baselineitem WHERE baseline_id = %s),
    has AS MATERIALIZED ({{items}}),
    pairs AS MATERIALIZED (
        SELECT ci_id, had.state AS was, has.state AS is_now FROM had FULL JOIN has USING (ci_id)
        WHERE had.state IS DISTINCT FROM has.state
    ),
    linked AS MATERIALIZED (
        SELECT source_id, type, target_id, source_name, target_name FROM cmdb_baselinerelation WHERE baseline_id = %s
    ),
    links AS MATERIALIZED ({{relations}}),
    differences (place, kind, ci_id, name, field, was, is_now, other_id, other_name) AS (
        SELECT 1, 'added', ci_id, is_now ->> 'name', '', NULL::jsonb, is_now, NULL::bigint, ''
        FROM pairs WHERE was IS NULL
        UNION ALL SELECT 2, 'removed', ci_id, was ->> 'name', '', was, NULL, NULL, '' FROM pairs WHERE is_now IS NULL
        UNION ALL SELECT 3, 'changed', p.ci_id, p.is_now ->> 'name', one.field, one.was, one.is_now, NULL, ''
        FROM pairs p CROSS JOIN LATERAL ({unlike("p.was", "p.is_now")}) one
        WHERE p.was IS NOT NULL AND p.is_now IS NOT NULL
        UNION ALL SELECT 4, 'relation_added', b.source_id, b.source_name, b.type, NULL, NULL, b.target_id, b.target_name
        FROM links b LEFT JOIN linked a USING (source_id, type, target_id) WHERE a.source_name IS NULL
        UNION ALL
        SELECT 5, 'relation_removed', a.source_id, a.source_name, a.type, NULL, NULL, a.target_id, a.target_name
        FROM linked a LEFT JOIN links b USING (source_id, type, target_id) WHERE b.source_name IS NULL
    )
"""  # noqa: S608  # noqa: S608
KEPT_ITEMS = "SELECT ci_id, state FROM cmdb_baselineitem WHERE baseline_id = %s"
KEPT_RELATIONS = (
    "SELECT source_id, type, target_id, source_name, target_name FROM cmdb_baselinerelation WHERE baseline_id = %s"
)
PRESENT_ITEMS = f"SELECT ci.id AS ci_id, {STATE} AS state FROM {CIS} WHERE ci.id IN (TABLE members)"  # noqa: S608
PRESENT_RELATIONS = """
    SELECT r.source_id, r.type, r.target_id, s.name AS source_name, t.name AS target_name FROM (
        SELECT source_id, type, target_id FROM cmdb_relation WHERE source_id IN (TABLE members)
        UNION SELECT source_id, type, target_id FROM cmdb_relation WHERE target_id IN (TABLE members)
    ) r JOIN cmdb_configurationitem s ON s.id = r.source_id JOIN cmdb_configurationitem t ON t.id = r.target_id
"""


def _differences(since: Baseline, until: Baseline | None) -> tuple[str, list[Any]]:
    if until is not None:
        sql = DIFFERENCES.format(members="SELECT 0::bigint", items=KEPT_ITEMS, relations=KEPT_RELATIONS)
        return sql, [since.pk, until.pk, since.pk, until.pk]
    ids, params = _present_members(since)
    sql = DIFFERENCES.format(members=ids, items=PRESENT_ITEMS, relations=PRESENT_RELATIONS)
    return sql, [*params, since.pk, since.pk]


def _present_members(baseline: Baseline) -> tuple[str, list[Any]]:
    """The CIs that it holds and those that would be taken in today."""
    held = f"SELECT ci_id FROM cmdb_baselineitem WHERE baseline_id = {int(baseline.pk)}"  # noqa: S608
    if baseline.scope == Baseline.Scope.RECORD:
        return held, []
    today = (
        selection.of_service(baseline.service) if baseline.service is not None else selection.of_query(baseline.query)
    )
    ids, params = ids_of(today)
    return f"{held} UNION {ids}", list(params)


def comparable(baseline: Baseline) -> list[Baseline]:
    """Other baselines of the same service or filter, the latest first."""
    if baseline.scope == Baseline.Scope.RECORD:
        return []
    same = Baseline.objects.filter(scope=baseline.scope, service=baseline.service_id, query=baseline.query)
    return list(same.exclude(pk=baseline.pk).order_by("-pk")[:20])


def page_of_record(baseline: Baseline) -> str:
    """Where the change or release is shown that it was taken before."""
    told = {"because": {"kind": baseline.of_kind, "id": baseline.of_id, "number": baseline.of_number}}
    return str((history.cause_in(told) or {}).get("url", ""))
