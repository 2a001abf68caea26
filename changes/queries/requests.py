"""Change requests, with what lists and pages show of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject, Now

from changes.models import AffectedCI, ChangeRequest, Consultation, KeptReach, Waiver
from changes.models.request import ChangeRequestQuerySet
from cmdb.models import ConfigurationItem, Relation, Service
from knowledge.models import Article


def listed() -> ChangeRequestQuerySet:
    return ChangeRequest.objects.select_related("model", "proposal", "requested_by", "basics").order_by("-pk")


def drawn() -> ChangeRequestQuerySet:
    """As REST draws them, a thousand in one query: with the slugs of services and the CIs as {id, number, display}."""
    slugs = Service.objects.filter(changes=OuterRef("pk")).order_by("slug").values("slug")
    touched = AffectedCI.objects.filter(change=OuterRef("pk")).order_by("ci_id")
    number = Concat(Value(f"{ConfigurationItem.PREFIX}-"), Cast("ci_id", TextField()))
    refs = touched.values(ref=JSONObject(id="ci_id", number=number, display="ci__name"))
    shown = listed().select_related("discovery__found_by", "review__by", "review__article")
    return shown.annotate(service_slugs=ArraySubquery(slugs), ci_refs=ArraySubquery(refs))


def in_full() -> ChangeRequestQuerySet:
    """With the ids of what it touches, `touched_ids` (CIs) and `service_ids`.

    Who `waived` what, and which owners were `consulted`; the `articles` that describe what it touches; in how many
    changes of its model people have `gone_back_before` cleanly within a year; and its `reach`, where that was kept.
    """
    touched = AffectedCI.objects.filter(change=OuterRef("pk")).order_by("ci_id").values("ci_id")
    about = ChangeRequest.services.through.objects.filter(changerequest=OuterRef("pk")).values("service_id")
    reach = KeptReach.objects.filter(
        change=OuterRef("pk"), found_at__gte=Now() - timedelta(days=1), change__basics__stale_since__isnull=True
    ).values(said=JSONObject(touched="touched", found="found", at="found_at"))
    return (
        listed()
        .select_related("review__by", "review__article", "discovery__found_by")
        .annotate(touched_ids=ArraySubquery(touched), service_ids=ArraySubquery(about), reach=Subquery(reach))
        .annotate(waived=ArraySubquery(_waived()), consulted=ArraySubquery(_consulted()))
        .annotate(articles=ArraySubquery(_articles()), gone_back_before=Subquery(_gone_back()))
    )


def _waived() -> QuerySet[Any, Any]:
    waivers = Waiver.objects.filter(change=OuterRef("pk")).order_by("pk")
    return waivers.values(
        said=JSONObject(
            check_code="check_code", first="by__first_name", last="by__last_name", username="by__username", at="at",
            reason="reason", fingerprint="fingerprint", covers="covers", ledger="ledger_sequence",
        )
    )  # fmt: skip


def _consulted() -> QuerySet[Any, Any]:
    views = Consultation.objects.filter(change=OuterRef("pk")).order_by("pk")
    return views.values(
        said=JSONObject(
            owner="owner", view="view", comment="comment", at="said_at", asked_at="asked_at",
            fingerprint="fingerprint", ledger="ledger_sequence",
        )
    )  # fmt: skip


def _articles() -> QuerySet[Any, Any]:
    number = Concat(Value(f"{Article.PREFIX}-"), Cast("pk", TextField()), Value(" "), "title", output_field=TextField())
    describing = Relation.objects.filter(
        type=Relation.Type.DESCRIBES, source=OuterRef("ci"), target__affected_by__change=OuterRef(OuterRef("pk"))
    )
    published = Article.objects.filter(Exists(describing), state=Article.State.PUBLISHED)
    return published.order_by("pk").annotate(said=number).values("said")


def _gone_back() -> QuerySet[Any, Any]:
    alike = ChangeRequest.objects.filter(
        model=OuterRef("model"), backed_out_cleanly=True, finished_at__gte=Now() - timedelta(days=365)
    )
    return alike.order_by().values("model").annotate(times=Count("pk")).values("times")


@dataclass(frozen=True)
class Consulted:
    """What an owner was asked or has said, as pages show it."""

    owner: int
    view: str
    comment: str
    at: datetime | None
    asked_at: datetime | None
    fingerprint: str
    ledger: int | None

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Consulted":
        times = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in ("at", "asked_at")}
        return cls(**row | times)


@dataclass(frozen=True)
class Waived:
    """A waiver, as pages show it."""

    check_code: str
    name: str
    username: str
    at: datetime
    reason: str
    fingerprint: str
    ledger: int
    covers: dict[str, dict[str, str]] | None = None

    @property
    def named(self) -> list[str]:
        """What was wrong when it was given, in words."""
        return [text for check in (self.covers or {}).values() for text in check.values()]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Waived":
        name = f"{row['first']} {row['last']}".strip() or row["username"]
        kept = {key: value for key, value in row.items() if key not in ("first", "last")}
        return cls(**kept | {"name": name, "at": datetime.fromisoformat(row["at"])})
