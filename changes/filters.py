"""One FilterSet per noun, for the list page and the API alike."""

from datetime import datetime
from typing import ClassVar

import django_filters
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils import timezone

from changes.models import (
    Authorisation,
    Board,
    BoardMeeting,
    CalendarFeed,
    ChangeModel,
    ChangeProposal,
    ChangeRequest,
    ChangeTask,
    Freeze,
    OperationalJob,
    Policy,
    PreAuthorisation,
    RecurringChange,
    WindowExtension,
)
from changes.models.checked import Word
from cmdb.models import ConfigurationItem
from itsm.kernel.filters import RecordFilter, RefFilter


class ChangeProposalFilter(RecordFilter):
    search_fields = ("title", "outcome_wanted")
    ordering_fields = ("id", "status", "deadline", "created_at", "updated_at")
    sponsor = django_filters.CharFilter("sponsor__username", label="Sponsor")
    service = django_filters.CharFilter("services__slug", label="Service")

    class Meta:
        model = ChangeProposal
        fields: ClassVar = {"status": ["exact", "in"], "deadline": ["gte", "lte"]}


class ChangeRequestFilter(RecordFilter):
    search_fields = ("title", "external_key")
    ordering_fields = ("id", "status", "type", "window", "created_at", "updated_at", "submitted_at")
    model = django_filters.CharFilter("model__code", label="Change model")
    service = django_filters.CharFilter("services__slug", label="Service", distinct=True)
    ci = RefFilter("affected__ci", queryset=ConfigurationItem.objects, label="CI")
    requested_by = django_filters.CharFilter("requested_by__username", label="Requested by")
    assignee = django_filters.CharFilter("tasks__assignee__username", label="Assignee", distinct=True)
    proposal = RefFilter("proposal", queryset=ChangeProposal.objects, label="Proposal")
    basics = django_filters.ChoiceFilter("basics__verdict", choices=Word.choices, label="The basics")
    owed = django_filters.ChoiceFilter(
        method="owing", choices=[("open", "Something"), ("overdue", "Something overdue")], label="Owed afterwards"
    )
    team = django_filters.CharFilter(method="of_team", label="Team of the service")
    ended_from = django_filters.IsoDateTimeFilter("finished_at", "gte", label="Ended from")
    ended_to = django_filters.IsoDateTimeFilter("finished_at", "lt", label="Ended before")
    clean = django_filters.ChoiceFilter(
        method="going_back", choices=[("yes", "Cleanly"), ("no", "Not cleanly")], label="Backed out"
    )
    window_from = django_filters.IsoDateTimeFilter(method="ending_after", label="Window from")
    window_to = django_filters.IsoDateTimeFilter(method="starting_before", label="Window to")

    class Meta:
        model = ChangeRequest
        fields: ClassVar = {
            "status": ["exact", "in"],
            "type": ["exact"],
            "outcome": ["exact"],
            "likelihood": ["exact"],
            "impact": ["exact"],
            "cab_required": ["exact"],
            "source": ["exact"],
            "external_key": ["exact"],
            "updated_at": ["gte", "lte"],
        }

    def owing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        late = {"later_due_at__lte": timezone.now()} if value == "overdue" else {}
        return queryset.filter(later_due_at__isnull=False, later_said_at__isnull=True, **late)

    def of_team(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        concerned = ChangeRequest.services.through.objects.filter(service__support_team__name=value)
        return queryset.filter(pk__in=concerned.values("changerequest"))

    def going_back(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        back = queryset.filter(outcome=ChangeRequest.Outcome.BACKED_OUT)
        return back.filter(backed_out_cleanly=True) if value == "yes" else back.exclude(backed_out_cleanly=True)

    def ending_after(self, queryset: QuerySet, name: str, value: datetime) -> QuerySet:
        return queryset.filter(window__overlap=DateTimeTZRange(value, None, "[)"))

    def starting_before(self, queryset: QuerySet, name: str, value: datetime) -> QuerySet:
        return queryset.filter(window__overlap=DateTimeTZRange(None, value, "[)"))


class ChangeModelFilter(RecordFilter):
    search_fields = ("code", "name")
    ordering_fields = ("id", "code", "name")

    class Meta:
        model = ChangeModel
        fields: ClassVar = ["code", "type", "pre_authorised"]


class PreAuthorisationFilter(RecordFilter):
    ordering_fields = ("id", "proposed_at", "review_due_at")
    model = django_filters.CharFilter("model__code", label="Change model")

    class Meta:
        model = PreAuthorisation
        fields: ClassVar = {"state": ["exact", "in"], "review_due_at": ["lte", "gte"]}


class RecurringChangeFilter(RecordFilter):
    search_fields = ("title",)
    ordering_fields = ("id", "title", "first_start")
    model = django_filters.CharFilter("model__code", label="Change model")
    owner = django_filters.CharFilter("owner__username", label="Owner")
    service = django_filters.CharFilter("services__slug", label="Service")

    class Meta:
        model = RecurringChange
        fields: ClassVar = ["active", "template"]


class PolicyFilter(RecordFilter):
    search_fields = ("name", "title")
    ordering_fields = ("id", "name", "version")

    class Meta:
        model = Policy
        fields: ClassVar = ["name", "state", "version"]


class AuthorisationFilter(RecordFilter):
    ordering_fields = ("id", "asked_at", "decided_at")
    change = RefFilter("change", queryset=ChangeRequest.objects, label="Change")

    class Meta:
        model = Authorisation
        fields: ClassVar = {"state": ["exact", "in"], "role": ["exact"], "point": ["exact"]}


class BoardFilter(RecordFilter):
    search_fields = ("name", "purpose")
    ordering_fields = ("id", "name")
    member = django_filters.CharFilter("seats__user__username", label="Member")

    class Meta:
        model = Board
        fields: ClassVar = ["kind", "decides_by", "active", "role"]


class BoardMeetingFilter(RecordFilter):
    search_fields = ("board__name",)
    ordering_fields = ("id", "starts_at")

    class Meta:
        model = BoardMeeting
        fields: ClassVar = {"state": ["exact", "in"], "board": ["exact"], "starts_at": ["gte", "lt"]}


class ChangeTaskFilter(RecordFilter):
    search_fields = ("title",)
    ordering_fields = ("id", "order")
    change = RefFilter("change", queryset=ChangeRequest.objects, label="Change")
    assignee = django_filters.CharFilter("assignee__username", label="Assignee")

    class Meta:
        model = ChangeTask
        fields: ClassVar = {"state": ["exact", "in"], "phase": ["exact"]}


class WindowExtensionFilter(RecordFilter):
    ordering_fields = ("id", "asked_at")
    change = RefFilter("change", queryset=ChangeRequest.objects, label="Change")

    class Meta:
        model = WindowExtension
        fields: ClassVar = {"state": ["exact", "in"]}


class OperationalJobFilter(RecordFilter):
    search_fields = ("name", "effect")
    ordering_fields = ("id", "name", "first_start")
    ci = RefFilter("cis", queryset=ConfigurationItem.objects, label="CI")

    class Meta:
        model = OperationalJob
        fields: ClassVar = ["kind", "active"]


class CalendarFeedFilter(RecordFilter):
    service = django_filters.CharFilter("service__slug", label="Service")
    team = django_filters.CharFilter("team__name", label="Team")

    class Meta:
        model = CalendarFeed
        fields: ClassVar[list[str]] = []


class FreezeFilter(RecordFilter):
    search_fields = ("name", "reason")
    ordering_fields = ("id", "name", "window")
    service = django_filters.CharFilter("services__slug", label="Service")

    class Meta:
        model = Freeze
        fields: ClassVar = ["everywhere"]
