"""Plans, packages, streams and requirements for tests, through the operations that users call."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from cmdb.models import Relation, Service
from cmdb.operations import relations
from itsm.kernel.models import User
from knowledge.models import Article, ArticleTest, ArticleVersion
from tests.builders import SYSTEM, make_ci, make_class, make_service
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
    number = next(_numbers)
    author, tester = (User.objects.create(username=f"{who}-{number}") for who in ("author", "tester"))
    knowledge = make_class("article", kind="knowledge")
    ci = make_ci(f"article-{number}", ci_class=knowledge)
    article = Article.objects.create(ci=ci, title=f"Article {number}", owner=author)
    written_at = written_at or at(1)
    version = ArticleVersion.objects.create(article=article, version=1, body="…", author=author, written_at=written_at)
    article.current, article.state = version, state
    if state == "published":
        ArticleTest.objects.create(version=version, tester=tester, result="passed", at=written_at)
        article.published = version
    article.save()
    relations.relate(source=ci, type=Relation.Type.DESCRIBES, target=requirement.ci, actor=SYSTEM)
    return article


def make_acceptance(requirement: Requirement, *, state: str = "accepted", decided_at: datetime | None = None) -> None:
    """The support team's answer about the requirement."""
    review = AcceptanceReview.objects.create(
        service=requirement.plan.service, state=state, decided_at=decided_at or at(1)
    )
    review.requirements.add(requirement)
