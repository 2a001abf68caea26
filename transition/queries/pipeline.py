"""Events of pipelines, and the tools that send them."""

from django.db.models import Count, QuerySet

from transition.models import PipelineEvent, PipelineSource


def listed() -> QuerySet[PipelineEvent]:
    return PipelineEvent.objects.select_related("service__ci", "origin").defer("payload").order_by("-pk")


def sources() -> QuerySet[PipelineSource]:
    return PipelineSource.objects.prefetch_related("names__service").order_by("name", "pk")


def standing() -> dict[str, int]:
    """How many wait and how many were given up; both from small indexes."""
    counts = PipelineEvent.objects.filter(state__in=["waiting", "parked"]).values_list("state")
    return {"waiting": 0, "parked": 0} | dict(counts.annotate(n=Count("pk")).order_by())
