from typing import ClassVar

import django_filters

from cmdb.models import (
    ImportDifference,
    ImportProblem,
    ImportProfile,
    ImportRun,
    ImportSchedule,
)
from itsm.kernel.filters import RecordFilter


class ImportProfileFilter(RecordFilter):
    search_fields = ("name", "source")
    ordering_fields = ("id", "name", "source", "updated_at")
    name = django_filters.CharFilter()
    source = django_filters.CharFilter()

    class Meta:
        model = ImportProfile
        fields: ClassVar[list[str]] = []


class ImportRunFilter(RecordFilter):
    search_fields = ("file_name", "source")
    ordering_fields = ("id", "source", "state", "created_at", "started_at", "finished_at")
    source = django_filters.CharFilter()
    requested_by = django_filters.CharFilter("requested_by__username", label="Handed in by")

    class Meta:
        model = ImportRun
        fields: ClassVar = ["state", "format", "profile", "schedule", "digest"]


class ImportScheduleFilter(RecordFilter):
    search_fields = ("name", "source", "address")
    ordering_fields = ("id", "name", "source", "next_at", "failing_since", "updated_at")
    name = django_filters.CharFilter()
    source = django_filters.CharFilter()
    owner = django_filters.CharFilter("owner__username", label="Who answers for it")

    class Meta:
        model = ImportSchedule
        fields: ClassVar = ["enabled", "format"]


class ImportDifferenceFilter(RecordFilter):
    """Of one run: there are millions in a large one, so only what an index answers."""

    ordering_fields = ()
    search = None
    kind = django_filters.ChoiceFilter(
        choices=[choice for choice in ImportDifference.Kind.choices if choice[0] != "heard"], label="What"
    )

    word = django_filters.ChoiceFilter(choices=ImportDifference.Word.choices, label="Of a bill of materials")

    class Meta:
        model = ImportDifference
        fields: ClassVar[list[str]] = []


class ImportProblemFilter(RecordFilter):
    search_fields = ("row", "column", "message")
    ordering_fields = ()

    class Meta:
        model = ImportProblem
        fields: ClassVar[list[str]] = []
