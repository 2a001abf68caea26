"""Change proposals."""

from django.db.models import QuerySet

from changes.models import ChangeProposal


def listed() -> QuerySet[ChangeProposal]:
    return (
        ChangeProposal.objects.select_related("sponsor", "requested_by", "decided_by")
        .prefetch_related("services")
        .order_by("-pk")
    )
