from datetime import date
from typing import ClassVar

import django_filters
from django.db.models import QuerySet

from cmdb.models import ConfigurationItem, Relation
from itsm.kernel.filters import RecordFilter
from knowledge.models import Article


class ArticleFilter(RecordFilter):
    search_fields = ("title", "current__body")
    ordering_fields = ("id", "title", "state", "review_due", "updated_at")
    owner = django_filters.CharFilter("owner__username", label="Owner")
    describes = django_filters.CharFilter(method="about", label="Describes CI")
    overdue_on = django_filters.DateFilter(method="review_overdue", label="Review overdue on")

    class Meta:
        model = Article
        fields: ClassVar = {"state": ["exact", "in"], "audience": ["exact"]}

    def about(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """A CI by id or number."""
        links = Relation.objects.filter(
            type=Relation.Type.DESCRIBES, target__in=ConfigurationItem.objects.by_ref(value).values("pk")
        )
        return queryset.filter(ci__in=links.values("source"))

    def review_overdue(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(review_due__lt=value)
