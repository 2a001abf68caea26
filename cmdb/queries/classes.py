"""Classes of configuration items."""

from django.db.models import QuerySet

from cmdb.models import CIClass


def listed() -> QuerySet[CIClass]:
    return CIClass.objects.select_related("parent").order_by("name", "pk")
