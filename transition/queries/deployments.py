"""Deployments."""

from django.db.models import QuerySet

from transition.models import AcceptanceReview, Deployment


def listed() -> QuerySet[Deployment]:
    return Deployment.objects.select_related("service__ci", "requested_by", "change", "run").order_by("-pk")


def reviews() -> QuerySet[AcceptanceReview]:
    return AcceptanceReview.objects.select_related("service", "package", "stream", "decided_by").order_by("-pk")
