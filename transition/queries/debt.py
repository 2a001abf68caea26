"""Transition debt: what is live but not yet documented or accepted, with its age against the lag target."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cmdb.models import Service
from itsm.kernel.actor import Actor
from transition.queries import flow, requirements, streams
from transition.queries.flow import Row


@dataclass(frozen=True)
class Debt:
    """The owed requirements, the latest first."""

    rows: list[Row]

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def late_days(self) -> int:
        return max((row.late_days for row in self.rows), default=0)

    @property
    def sentence(self) -> str:
        if not self.rows:
            return "all that is live is documented and accepted"
        return f"oldest {self.late_days} d over its target" if self.late_days else "all within their targets"


def owed(rows: list[Row]) -> Debt:
    return Debt(sorted((row for row in rows if row.is_owed), key=lambda row: -row.late_days))


def debt_of(service: Service, *, actor: Actor, now: datetime) -> Debt:
    live = requirements.in_debt(requirements.listed().filter(plan__service=service))
    lanes = list(streams.listed().filter(plan__service=service))
    return owed(flow.flow_of(live, lanes, actor=actor, now=now))


def missing(row: Row) -> list[str]:
    """What is still owed for the requirement: documented, accepted."""
    requirement: Any = row.requirement
    stages = {"documented": requirement.is_documented, "accepted": requirement.is_accepted}
    return [stage for stage, done in stages.items() if not done]
