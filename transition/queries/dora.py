"""DORA's five figures of production deployments, by sets: one statement each, however many deployments there are.

A deployment has failed when it ended as failed, was rolled back, or its change is confirmed to have caused an
incident. Its failure is over when it was rolled back, when the next deployment of the service succeeded, or, of an
incident, when that was resolved. A deployment is rework when, as it began, a failure of the service was not over.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from transition.queries.gate import PRODUCTION

ENDED = """
d.environment = %(production)s AND d.state IN ('succeeded', 'failed', 'rolled_back')
AND d.finished_at >= %(since)s AND d.finished_at < %(until)s {scope}
"""
SCOPES = {
    "service": "AND d.service_id = %(service)s",
    "team": "AND d.service_id IN (SELECT id FROM cmdb_service WHERE support_team_id = %(team)s)",
    "stream": "AND d.run_id IN (SELECT id FROM transition_streamrun WHERE stream_id = %(stream)s)",
}
CAUSED = """
SELECT 1 FROM transition_incident i WHERE i.caused_by_id = d.change_id AND i.cause = 'change'
"""
FREQUENCY = """
SELECT count(*), count(*) FILTER (WHERE d.state = 'succeeded'),
       count(DISTINCT (d.finished_at AT TIME ZONE %(zone)s)::date)
FROM transition_deployment d WHERE {ended}
"""
# What is asked for, each with its first commit. A commit may be named by the beginning of its name: what follows
# there is smaller than a g.
WITH_COMMITS = """
WITH ended AS MATERIALIZED (
    SELECT d.id, d.service_id, d.change_id, d.state, d.finished_at, d.commits FROM transition_deployment d WHERE {ended}
), named AS MATERIALIZED (
    SELECT d.id, d.service_id, d.finished_at,
           CASE jsonb_typeof(said) WHEN 'string' THEN said #>> '{{}}' ELSE said ->> 'sha' END AS sha
    FROM ended d, jsonb_array_elements(d.commits) AS said
), found AS (
    SELECT n.id, c.at FROM named n JOIN transition_codecommit c ON c.service_id = n.service_id AND c.sha = n.sha
    WHERE c.at <= n.finished_at
    UNION ALL
    SELECT n.id, c.at FROM named n
    JOIN transition_codecommit c ON c.service_id = n.service_id AND c.sha > n.sha AND c.sha < n.sha || 'g'
    WHERE length(n.sha) BETWEEN 7 AND 39 AND c.at <= n.finished_at
), firsts AS (
    SELECT id, min(at) AS first FROM found GROUP BY id
), d AS (
    SELECT * FROM ended LEFT JOIN firsts USING (id)
)
"""
LEAD = """{commits}
SELECT count(*), count(first), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - first))
FROM d WHERE state <> 'failed'
"""
FAILED = """
SELECT count(*),
       count(*) FILTER (WHERE d.state = 'failed'), count(*) FILTER (WHERE d.state = 'rolled_back'),
       count(*) FILTER (WHERE d.state = 'succeeded' AND EXISTS ({caused}))
FROM transition_deployment d WHERE {ended}
"""
OVER = """
CASE WHEN d.state = 'succeeded'
     THEN (SELECT CASE WHEN bool_and(i.resolved_at IS NOT NULL) THEN max(i.resolved_at) END
           FROM transition_incident i WHERE i.caused_by_id = d.change_id AND i.cause = 'change')
     ELSE coalesce(d.rolled_back_at, (SELECT min(n.finished_at) FROM transition_deployment n
           WHERE n.service_id = d.service_id AND n.environment = d.environment AND n.state = 'succeeded'
             AND n.finished_at > d.finished_at))
END
"""
RECOVERY = """
SELECT count(*), count(*) FILTER (WHERE over IS NULL OR over > %(until)s),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM over - began)) FILTER (WHERE over <= %(until)s)
FROM (
    SELECT coalesce(d.started_at, d.finished_at) AS began, {over} AS over
    FROM transition_deployment d
    WHERE (d.state <> 'succeeded' OR EXISTS ({caused})) AND {ended}
) AS failures
"""
REWORK = """
SELECT count(*), count(*) FILTER (WHERE EXISTS (
           SELECT 1 FROM transition_incident i
           WHERE i.service_id = d.service_id AND i.cause = 'change' AND i.caused_by_id IS DISTINCT FROM d.change_id
             AND i.opened_at < coalesce(d.started_at, d.finished_at)
             AND (i.resolved_at IS NULL OR i.resolved_at > coalesce(d.started_at, d.finished_at)))
       OR before.state IN ('failed', 'rolled_back'))
FROM transition_deployment d
LEFT JOIN LATERAL (
    SELECT b.state FROM transition_deployment b
    WHERE b.service_id = d.service_id AND b.environment = d.environment AND b.finished_at < d.finished_at
      AND b.state IN ('succeeded', 'failed', 'rolled_back')
    ORDER BY b.finished_at DESC LIMIT 1
) AS before ON TRUE
WHERE {ended}
"""


@dataclass(frozen=True)
class Span:
    """Which deployments: those that ended in [since, until), of everything or of one service, team or stream."""

    since: datetime
    until: datetime
    zone: str = "UTC"
    service: int | None = None
    team: int | None = None
    stream: int | None = None


def statement(sql: str, span: Span) -> tuple[str, dict[str, Any]]:
    """The statement and its parameters; the query planner sees only what was asked for."""
    asked = [name for name in SCOPES if getattr(span, name) is not None]
    ended = ENDED.format(scope=" ".join(SCOPES[name] for name in asked))
    said = {"production": PRODUCTION, "since": span.since, "until": span.until, "zone": span.zone}
    parts = {"ended": ended, "caused": CAUSED, "over": OVER, "commits": WITH_COMMITS.format(ended=ended)}
    return sql.format(**parts), said | {name: getattr(span, name) for name in asked}


def _one(sql: str, span: Span) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(*statement(sql, span))
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def frequency(span: Span) -> tuple[int, int, int]:
    """Deployments, those that succeeded, and days with one."""
    return _one(FREQUENCY, span)  # type: ignore[return-value]


def lead_time(span: Span) -> tuple[int, int, float | None]:
    """Deployments that came to production, those whose first commit's time is known, and their median in seconds."""
    return _one(LEAD, span)  # type: ignore[return-value]


def failures(span: Span) -> tuple[int, int, int, int]:
    """All, failed, rolled back, and succeeded but causing an incident."""
    return _one(FAILED, span)  # type: ignore[return-value]


def recovery(span: Span) -> tuple[int, int, float | None]:
    """Failures, those that are not over, and the median of the others in seconds."""
    return _one(RECOVERY, span)  # type: ignore[return-value]


def rework(span: Span) -> tuple[int, int]:
    """All, and those that repaired."""
    return _one(REWORK, span)  # type: ignore[return-value]


WEEKS = """{commits}
SELECT date_trunc('week', d.finished_at AT TIME ZONE %(zone)s)::date AS week, count(*),
       count(*) FILTER (WHERE d.state <> 'succeeded' OR EXISTS ({caused})),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM d.finished_at - first))
           FILTER (WHERE d.state <> 'failed')
FROM d GROUP BY week ORDER BY week
"""


@dataclass(frozen=True)
class Week:
    """One week's deployments, those of them that failed, and the median lead time in seconds."""

    monday: date
    deployments: int = 0
    failed: int = 0
    lead_seconds: float | None = None

    @property
    def lead_hours(self) -> float | None:
        return None if self.lead_seconds is None else float(self.lead_seconds) / 3600


def weeks(span: Span) -> list[Week]:
    """Every week that the time touches, also those without a deployment."""
    with connection.cursor() as cursor:
        cursor.execute(*statement(WEEKS, span))
        found = {row[0]: Week(*row) for row in cursor.fetchall()}
    zone = ZoneInfo(span.zone)
    first, last = span.since.astimezone(zone).date(), span.until.astimezone(zone).date()
    monday, all_ = first - timedelta(days=first.weekday()), []
    while monday <= last:
        all_.append(found.get(monday, Week(monday)))
        monday += timedelta(days=7)
    return all_
