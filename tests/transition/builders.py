"""Plans, packages, streams and requirements for tests, through the operations that users call."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.models import RoleAssignment, User
from itsm.kernel.roles import Role
from knowledge.models import Article
from knowledge.operations import articles
from tests.builders import SYSTEM, make_service
from transition.models import (
    AcceptanceReview,
    DeliveryItem,
    DeliveryStream,
    ReleasePackage,
    Requirement,
    TransitionPlan,
)
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


def make_article(requirement: Requirement, *, state: str = "published", written_at: datetime | None = None) -> Article:
    """An article that describes the requirement, in this state, tested by another than its author."""
    number, now = next(_numbers), written_at or at(1)
    author, tester = (User.objects.create(username=f"{who}-{number}") for who in ("author", "tester"))
    RoleAssignment.objects.create(user=tester, role=Role.TEST_MANAGER)
    article = articles.draft(
        title=f"Article {number}", body="Do this.", owner=author, describes=[requirement.ci], actor=SYSTEM, now=now
    )
    if state in ("in_test", "published"):
        articles.submit_for_test(article_id=article.pk, actor=SYSTEM)
    if state == "published":
        articles.record_test(article_id=article.pk, result="passed", actor=Actor.person(tester), now=now)
        articles.publish(article_id=article.pk, actor=SYSTEM, now=now)
    article.refresh_from_db()
    return article


def make_acceptance(requirement: Requirement, *, state: str = "accepted", decided_at: datetime | None = None) -> None:
    """The support team's answer about the requirement."""
    review = AcceptanceReview.objects.create(
        service=requirement.plan.service, state=state, decided_at=decided_at or at(1)
    )
    review.requirements.add(requirement)
