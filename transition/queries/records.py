"""The measured record of a service's production deployments: what earns, and what loses, trust."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.db.models import Count, Max, Q

from transition.models import Deployment
from transition.queries.gate import PRODUCTION

DAYS = 30
State = Deployment.State
ENDED = (State.SUCCEEDED, State.FAILED, State.ROLLED_BACK)
WRONG = (State.FAILED, State.ROLLED_BACK)


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
    """One query, answered from the index by service, environment and end."""
    ended = Deployment.objects.filter(
        service=service_id, environment=PRODUCTION, state__in=ENDED, finished_at__gt=now - timedelta(days=days),
        finished_at__lte=now,
    )  # fmt: skip
    wrong = Q(state__in=WRONG)
    found = ended.aggregate(
        all=Count("pk"), wrong=Count("pk", filter=wrong), last=Max("finished_at", filter=wrong),
        never=Count("pk", filter=Q(decision=Deployment.Decision.NOT_ASKED)),
    )  # fmt: skip
    last = found["last"]
    return Record(days, found["all"], found["wrong"], found["never"], (now - last).days if last else None)
