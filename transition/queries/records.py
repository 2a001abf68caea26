"""The measured record of a service's production deployments: what earns, and what loses, trust."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import connection

DAYS = 30
RECORD = """
    SELECT count(*), count(*) FILTER (WHERE wrong), count(*) FILTER (WHERE decision = 'not_asked'),
        max(finished_at) FILTER (WHERE wrong)
    FROM (
        SELECT decision, finished_at, state <> 'succeeded' AS wrong FROM transition_deployment
        WHERE service_id = %(service)s AND environment = 'production' AND finished_at > %(since)s
            AND finished_at <= %(now)s AND state IN ('succeeded', 'failed', 'rolled_back')
    ) AS ended
"""


@dataclass(frozen=True)
class Record:
    """Deployments that ended in the last so many days; `failed` counts those that failed or were rolled back."""

    FIGURES: ClassVar = ("deployments", "failed", "failed_percent", "days_since_failure", "never_asked")

    days: int
    deployments: int
    failed: int
    never_asked: int
    days_since_failure: int | None

    @property
    def failed_percent(self) -> float | None:
        """Of nothing there is no share."""
        return round(100 * self.failed / self.deployments, 1) if self.deployments else None

    @property
    def sentence(self) -> str:
        if not self.deployments:
            return f"no production deployment ended in the last {self.days} days"
        share = f"{self.failed} of {self.deployments} failed or were rolled back ({self.failed_percent:g} %)"
        unasked = f", {self.never_asked} never asked for" if self.never_asked else ""
        return f"{share} in the last {self.days} days{unasked}"


def record_of(service_id: int, now: datetime, days: int = DAYS) -> Record:
    """One statement, answered from the index by service, environment and end."""
    with connection.cursor() as cursor:
        cursor.execute(RECORD, {"service": service_id, "since": now - timedelta(days=days), "now": now})
        ended, wrong, never, last = cursor.fetchone()
    return Record(days, ended, wrong, never, (now - last).days if last else None)
