"""Search over everything by number and by words; each kind is asked through its own FilterSet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from changes.filters import ChangeProposalFilter, ChangeRequestFilter
from changes.models import ChangeProposal, ChangeRequest
from cmdb.filters import ConfigurationItemFilter, ServiceFilter
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor
from itsm.kernel.filters import RecordFilter
from itsm.kernel.models.record import REFERENCE
from knowledge.filters import ArticleFilter
from knowledge.models import Article
from transition.filters.delivery import PackageFilter, RequirementFilter
from transition.filters.operation import DeploymentFilter, ImprovementFilter, IncidentFilter
from transition.models import Deployment, Improvement, Incident, ReleasePackage, Requirement

PER_KIND = 6

KINDS: tuple[tuple[str, QuerySet, type[RecordFilter]], ...] = (
    ("Change requests", ChangeRequest.objects.all(), ChangeRequestFilter),
    ("Change proposals", ChangeProposal.objects.all(), ChangeProposalFilter),
    ("Services", Service.objects.all(), ServiceFilter),
    ("Configuration items", ConfigurationItem.objects.select_related("ci_class"), ConfigurationItemFilter),
    ("Knowledge articles", Article.objects.all(), ArticleFilter),
    ("Requirements", Requirement.objects.all(), RequirementFilter),
    ("Release packages", ReleasePackage.objects.all(), PackageFilter),
    ("Deployments", Deployment.objects.select_related("service"), DeploymentFilter),
    ("Incidents", Incident.objects.all(), IncidentFilter),
    ("Improvements", Improvement.objects.all(), ImprovementFilter),
)


@dataclass(frozen=True)
class Found:
    """The first records of one kind that fit."""

    kind: str
    records: list[Any]


def find(words: str, actor: Actor) -> list[Found]:
    """What fits the words, grouped by kind; only what the actor may see."""
    words = words.strip()
    if len(words) < 2 and not words.isdigit():
        return []
    groups = (Found(kind, list(_matching(words, actor, queryset, filterset))) for kind, queryset, filterset in KINDS)
    return [group for group in groups if group.records]


def _matching(words: str, actor: Actor, queryset: QuerySet, filterset: type[RecordFilter]) -> Iterable[Any]:
    visible = queryset.visible_to(actor)  # type: ignore[attr-defined]
    return filterset({"search": words}, queryset=visible).qs.order_by("-pk")[:PER_KIND]


def by_number(words: str, actor: Actor) -> Any:
    """The one record that is called by this very number (`RFC-1042`); None otherwise."""
    match = REFERENCE.fullmatch(words.strip())
    if not match or not match["prefix"]:
        return None
    for _, queryset, _ in KINDS:
        if match["prefix"].upper() == queryset.model.PREFIX:
            return queryset.visible_to(actor).by_ref(words.strip()).first()  # type: ignore[attr-defined]
    return None
