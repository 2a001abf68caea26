"""Plans, packages, streams and requirements for tests, through the operations that users call."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from cmdb.models import Service
from tests.builders import SYSTEM, make_service
from transition.models import DeliveryItem, DeliveryStream, ReleasePackage, Requirement, TransitionPlan
from transition.operations import items, packages, plans, requirements, streams

_numbers = count(1)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> datetime:
    """A moment of November 2026; the 23rd is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def make_plan(service: Service | None = None, **details: Any) -> TransitionPlan:
    return plans.create(service=service or make_service(), actor=SYSTEM, **details)


def make_requirement(plan: TransitionPlan | None = None, code: str = "", **details: Any) -> Requirement:
    number = next(_numbers)
    details.setdefault("text", f"Requirement {number}")
    return requirements.add(plan=plan or make_plan(), code=code or f"r{number}", actor=SYSTEM, **details)


def make_live(requirement: Requirement, now: datetime) -> Requirement:
    return requirements.mark_deployed(requirement_ids=[requirement.pk], actor=SYSTEM, now=now)[0]


def make_package(plan: TransitionPlan | None = None, **details: Any) -> ReleasePackage:
    details = {"ordinal": 1, "name": "Delivery 1", "target_date": date(2026, 12, 1)} | details
    return packages.plan(plan=plan or make_plan(), actor=SYSTEM, **details)


def make_item(home: ReleasePackage | DeliveryStream, **details: Any) -> DeliveryItem:
    place = {"package": home} if isinstance(home, ReleasePackage) else {"stream": home}
    return items.add(actor=SYSTEM, **{"kind": "code", "title": "Something"} | place | details)


def make_stream(plan: TransitionPlan | None = None, **details: Any) -> DeliveryStream:
    defaults = {
        "ordinal": next(_numbers), "name": "Code objects", "kind": "code", "active_from": date(2026, 11, 2),
        "period_days": 1,
    }  # fmt: skip
    return streams.create(plan=plan or make_plan(), actor=SYSTEM, **defaults | details)
