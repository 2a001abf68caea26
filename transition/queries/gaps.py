"""Gaps that stand: open, or with a risk acceptance that has run out."""

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from cmdb.models import Service
from transition.models import Gap, RiskAcceptance


def listed() -> QuerySet[Gap]:
    """Each with `carried_until`: how long somebody has taken its risk upon themselves."""
    return (
        Gap.objects.select_related("service__owner", "owner", "review", "pushed_back_by")
        .annotate(carried_until=Max("risk_acceptances__until"))
        .order_by("-pk")
    )


def stands(now: datetime) -> Q:
    """An accepted risk counts until it expires."""
    carried = RiskAcceptance.objects.filter(gap=OuterRef("pk"), until__gt=now)
    return Q(state=Gap.State.OPEN) | Q(~Exists(carried), state=Gap.State.RISK_ACCEPTED)


def standing(service: Service, now: datetime) -> QuerySet[Gap]:
    """What support still misses, the most serious first (critical, major, minor)."""
    return Gap.objects.select_related("owner").filter(stands(now), service=service).order_by("severity", "-pk")


def expired(now: datetime) -> QuerySet[Gap]:
    """Those whose risk nobody carries any longer."""
    return Gap.objects.filter(stands(now), state=Gap.State.RISK_ACCEPTED).order_by("pk")
