"""Change requests, with what lists and pages show of them."""

from django.db.models import QuerySet

from changes.models import ChangeRequest


def listed() -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.select_related("model", "proposal", "requested_by").order_by("-pk")
