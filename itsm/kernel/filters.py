"""The base of every FilterSet: one for the list page and the API alike."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError

PAGING = {"limit", "offset", "cursor", "fields", "format"}


class RecordFilter(django_filters.FilterSet):
    """`search` over `search_fields` and over numbers; `ordering` over `ordering_fields`, always total."""

    search_fields: ClassVar[tuple[str, ...]] = ()
    ordering_fields: ClassVar[tuple[str, ...]] = ("id", "created_at", "updated_at")

    search = django_filters.CharFilter(method="by_words", label="Search")
    ordering = django_filters.CharFilter(method="in_order", label="Order")
    id = django_filters.BaseInFilter(field_name="id", lookup_expr="in", label="Ids")

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Each word must occur in one of the fields; a number finds its record."""
        value = value.replace("\x00", "").strip()
        by_number = queryset.by_ref(value) if hasattr(queryset, "by_ref") and value else None
        wanted = Q()
        for word in value.split()[:8]:
            wanted &= Q(*[(f"{field}__icontains", word) for field in self.search_fields], _connector=Q.OR)
        if by_number is not None and not by_number.query.is_empty():
            wanted |= Q(pk__in=by_number.values("pk"))
        return queryset.filter(wanted)

    def in_order(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted = [part for part in value.split(",") if part]
        if unknown := [p for p in wanted if p.lstrip("-") not in self.ordering_fields]:
            raise ValidationError(
                {"ordering": [f"Unknown: {', '.join(unknown)}. Known: {', '.join(self.ordering_fields)}."]}
            )
        tie = "-pk" if wanted and wanted[0].startswith("-") else "pk"
        return queryset.order_by(*wanted, tie)


class RefFilter(django_filters.CharFilter):
    """Another record by id, number or slug; what is no such thing finds nothing."""

    def __init__(self, *args: Any, queryset: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.of = queryset

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        found = qs.filter(**{f"{self.field_name}__in": self.of.all().by_ref(value).values("pk")})
        return found.distinct() if self.distinct else found


class StrictFilterBackend(DjangoFilterBackend):
    """Applies the view's FilterSet; an unknown parameter is an error that lists the known ones."""

    def filter_queryset(self, request: Any, queryset: QuerySet, view: Any) -> QuerySet:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        known = set(filterset.filters)
        if unknown := sorted(set(request.query_params) - known - PAGING - set(getattr(view, "own_parameters", ()))):
            raise ValidationError({u: [f"Unknown filter. Known are: {', '.join(sorted(known))}."] for u in unknown})
        if not filterset.is_valid():
            raise ValidationError(filterset.errors)
        return filterset.qs
