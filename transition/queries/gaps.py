"""Gaps that stand: open, or with a risk acceptance that has run out."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from cmdb.models import Service
from transition.models import Gap, RiskAcceptance


def listed() -> QuerySet[Gap]:
    return Gap.objects.select_related("service__owner", "owner", "review", "pushed_back_by").order_by("-pk")


def standing(service: Service, now: datetime) -> QuerySet[Gap]:
    """What bars going live; an accepted risk counts until it expires."""
    carried = RiskAcceptance.objects.filter(gap=OuterRef("pk"), until__gt=now)
    stands = Q(state=Gap.State.OPEN) | (Q(state=Gap.State.RISK_ACCEPTED) & ~Exists(carried))
    return listed().filter(stands, service=service)
