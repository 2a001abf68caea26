"""Freezes."""

from collections.abc import Iterable
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from changes.models import Freeze


def listed() -> QuerySet[Freeze]:
    return Freeze.objects.prefetch_related("services").order_by("-window", "-pk")


def touching(start: datetime, end: datetime, services: Iterable[int]) -> QuerySet[Freeze]:
    """Freezes that overlap [start, end), everywhere or on one of the services (by id)."""
    scope = Q(everywhere=True) | Q(services__in=list(services))
    window = DateTimeTZRange(start, end, "[)")
    return Freeze.objects.filter(scope, window__overlap=window).distinct().order_by("window", "pk")
