"""Filters of deployments, acceptance, incidents, meetings and improvements."""

from decimal import Decimal
from typing import ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cmdb.models import ConfigurationItem
from itsm.kernel.actor import Actor
from itsm.kernel.filters import RecordFilter, RefFilter
from transition.filters.delivery import ServiceChoice
from transition.models import (
    AcceptanceCriterion,
    AcceptanceReview,
    Deployment,
    Devolution,
    Gap,
    Improvement,
    Incident,
    Meeting,
    MeetingSeries,
    Requirement,
)
from transition.queries.gaps import stands
from transition.queries.lineage import deployments_for, incidents_after


class DeploymentFilter(RecordFilter):
    search_fields = ("artifact", "version")
    ordering_fields = ("id", "requested_at", "finished_at", "state", "version")
    service = ServiceChoice("service")
    went_wrong = django_filters.BooleanFilter(method="by_outcome", label="Went wrong")
    requirement = RefFilter("requirements", queryset=Requirement.objects, label="Requirement")
    proposal = django_filters.NumberFilter(method="for_proposal", label="Proposal (id)")

    class Meta:
        model = Deployment
        fields: ClassVar = {
            "state": ["exact", "in"],
            "decision": ["exact"],
            "mode": ["exact"],
            "artifact_digest": ["exact"],
            "environment": ["exact"],
            "version": ["exact"],
            "finished_at": ["gte", "lt"],
            "requested_at": ["gte", "lt"],
        }

    def for_proposal(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:
        return queryset.filter(pk__in=deployments_for(int(value)).order_by().values("pk"))

    def by_outcome(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Failed, rolled back, or its change caused an incident."""
        caused = Incident.objects.filter(caused_by=OuterRef("change"), cause=Incident.Cause.CHANGE)
        wrong = Q(state__in=["failed", "rolled_back"]) | Exists(caused)
        return queryset.filter(wrong) if value else queryset.exclude(wrong)


class DevolutionFilter(RecordFilter):
    ordering_fields = ("id", "granted_at", "revoked_at")

    class Meta:
        model = Devolution
        fields: ClassVar = ["stream", "state", "criticality"]


class AcceptanceReviewFilter(RecordFilter):
    search_fields = ("comment", "service__name")
    ordering_fields = ("id", "state", "decided_at")
    service = ServiceChoice("service")

    class Meta:
        model = AcceptanceReview
        fields: ClassVar = ["state"]


class AcceptanceCriterionFilter(RecordFilter):
    search_fields = ("code", "text")
    ordering_fields = ("id", "code")

    class Meta:
        model = AcceptanceCriterion
        fields: ClassVar = ["delivery_model"]


class GapFilter(RecordFilter):
    search_fields = ("title",)
    ordering_fields = ("id", "severity", "due", "state")
    service = ServiceChoice("service")
    standing = django_filters.BooleanFilter(method="by_standing", label="Stands")
    owner = django_filters.CharFilter("owner__username", label="Owner")

    class Meta:
        model = Gap
        fields: ClassVar = {"state": ["exact", "in"], "severity": ["exact"], "due": ["lte"]}

    def by_standing(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Open, or with a risk acceptance that has run out."""
        wanted = stands(timezone.now())
        return queryset.filter(wanted) if value else queryset.exclude(wanted)


class IncidentFilter(RecordFilter):
    search_fields = ("title", "text", "external_key")
    ordering_fields = ("id", "opened_at", "priority", "state")
    service = ServiceChoice("service")
    ci = RefFilter("ci", queryset=ConfigurationItem.objects, label="CI")
    proposal = django_filters.NumberFilter(method="after_proposal", label="Proposal (id)")

    class Meta:
        model = Incident
        fields: ClassVar = {
            "state": ["exact"],
            "cause": ["exact"],
            "priority": ["exact", "lte"],
            "heightened": ["exact"],
            "opened_at": ["gte", "lt"],
        }

    def after_proposal(self, queryset: QuerySet, name: str, value: Decimal) -> QuerySet:
        found = incidents_after(int(value), Actor.system("filter")).order_by()
        return queryset.filter(pk__in=found.values("pk"))


class MeetingSeriesFilter(RecordFilter):
    search_fields = ("service__name",)
    ordering_fields = ("id", "at")
    service = ServiceChoice("service")

    class Meta:
        model = MeetingSeries
        fields: ClassVar = ["kind", "active"]


class MeetingFilter(RecordFilter):
    search_fields = ("minutes", "series__service__name")
    ordering_fields = ("id", "starts_at")
    service = ServiceChoice("series__service")

    class Meta:
        model = Meeting
        fields: ClassVar = {"series__kind": ["exact"], "starts_at": ["gte", "lt"]}


class ImprovementFilter(RecordFilter):
    search_fields = ("title", "text")
    ordering_fields = ("id", "state", "level", "check_on", "updated_at")
    service = ServiceChoice("service")
    owner = django_filters.CharFilter("owner__username", label="Owner")
    due = django_filters.BooleanFilter(method="by_due", label="To be checked")

    class Meta:
        model = Improvement
        fields: ClassVar = {"state": ["exact", "in"], "level": ["exact"], "check_on": ["lte"]}

    def by_due(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        due = Q(state=Improvement.State.CHECKING, check_on__lte=timezone.localdate())
        return queryset.filter(due) if value else queryset.exclude(due)
