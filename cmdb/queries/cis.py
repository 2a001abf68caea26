"""Configuration items and their relations."""

from django.db.models import QuerySet

from cmdb.models import ConfigurationItem, Relation


def listed() -> QuerySet[ConfigurationItem]:
    """Every CI with what a list shows of it."""
    return ConfigurationItem.objects.select_related("ci_class", "owner", "support_team", "verified_by").order_by("-pk")


def relations_of(ci: ConfigurationItem) -> QuerySet[Relation]:
    """Both directions, as sentences are read."""
    related = Relation.objects.select_related("source__ci_class", "target__ci_class")
    return (related.filter(source=ci) | related.filter(target=ci)).order_by("type", "pk")
