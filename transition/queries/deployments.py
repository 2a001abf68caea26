"""Deployments."""

from django.db.models import QuerySet

from transition.models import Deployment


def listed() -> QuerySet[Deployment]:
    return Deployment.objects.select_related("service__ci", "requested_by", "change", "run").order_by("-pk")
