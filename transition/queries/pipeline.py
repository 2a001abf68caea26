"""Events of pipelines, and the tools that send them."""

from datetime import datetime

from django.db.models import Count, Min, QuerySet

from transition.models import PipelineEvent, PipelineSource


def listed() -> QuerySet[PipelineEvent]:
    return PipelineEvent.objects.select_related("service__ci", "origin").defer("payload").order_by("-pk")


def sources() -> QuerySet[PipelineSource]:
    return PipelineSource.objects.prefetch_related("names__service").order_by("name", "pk")


def standing() -> dict[str, tuple[int, datetime | None]]:
    """How many wait and how many were given up, each with when the oldest came; both from small indexes."""
    found = PipelineEvent.objects.filter(state__in=["waiting", "parked"]).values_list("state").order_by()
    counted = found.annotate(n=Count("pk"), oldest=Min("received_at"))
    return {"waiting": (0, None), "parked": (0, None)} | {state: (n, oldest) for state, n, oldest in counted}
