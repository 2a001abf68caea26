"""Deployments."""

from django.db.models import Q, QuerySet

from itsm.kernel.models import LedgerEntry
from transition.models import Deployment


def listed() -> QuerySet[Deployment]:
    return Deployment.objects.select_related("service__ci", "requested_by", "change", "run").order_by("-pk")


def entry_of(deployment: Deployment) -> LedgerEntry | None:
    """The gate's answer in the ledger: about the change that it authorised, or about the deployment itself."""
    about = Q(subject_type="transition.deployment", subject_id=deployment.pk)
    if deployment.change_id is not None:
        about |= Q(subject_type="changes.changerequest", subject_id=deployment.change_id)
    decisions = ("authorised_by_pipeline", "refused_by_pipeline", "left_to_people")
    return LedgerEntry.objects.filter(about, decision__in=decisions).order_by("sequence").first()
