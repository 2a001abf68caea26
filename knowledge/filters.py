from datetime import date
from typing import ClassVar

import django_filters
from django.db.models import QuerySet

from cmdb.models import Relation
from itsm.kernel.filters import RecordFilter
from knowledge.models import Article


class ArticleFilter(RecordFilter):
    search_fields = ("title", "current__body")
    ordering_fields = ("id", "title", "state", "review_due", "updated_at")
    owner = django_filters.CharFilter("owner__username", label="Owner")
    describes = django_filters.NumberFilter(method="about", label="Describes CI")
    overdue_on = django_filters.DateFilter(method="review_overdue", label="Review overdue on")

    class Meta:
        model = Article
        fields: ClassVar = {"state": ["exact", "in"], "audience": ["exact"]}

    def about(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        return queryset.filter(
            ci__relations_out__type=Relation.Type.DESCRIBES, ci__relations_out__target=int(value)
        ).distinct()

    def review_overdue(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(review_due__lt=value)
