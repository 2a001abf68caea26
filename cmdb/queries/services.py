"""Services of the portfolio."""

from django.db.models import QuerySet

from cmdb.models import Service


def listed() -> QuerySet[Service]:
    return Service.objects.select_related("ci__ci_class", "owner", "sponsor", "support_team").order_by("name", "pk")
