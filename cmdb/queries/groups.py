"""Groups of relations, and relations that are proposed."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from cmdb.models import ConfigurationItem, Relation, RelationGroup, RelationProposal


def listed() -> QuerySet[RelationGroup]:
    members = Relation.objects.select_related("source", "target").order_by("pk")
    return RelationGroup.objects.select_related("ci").prefetch_related(Prefetch("relations", members)).order_by("-pk")


def proposals() -> QuerySet[RelationProposal]:
    related = ("source__ci_class", "target__ci_class", "relation__source", "relation__target", "decided_by")
    return RelationProposal.objects.select_related(*related).order_by("-pk")


@dataclass(frozen=True)
class Cluster:
    """A group as its CI's page tells it: who is in it and how many it can spare."""

    group: RelationGroup
    members: list[ConfigurationItem]

    @property
    def spare(self) -> int:
        return max(len(self.members) - self.group.needs, 0)


def clusters_of(ci: ConfigurationItem) -> list[Cluster]:
    return [
        Cluster(group, [r.target if r.source_id == ci.pk else r.source for r in group.relations.all()])
        for group in listed().filter(ci=ci).order_by("name")
    ]


def groupable(ci: ConfigurationItem, group: RelationGroup | None = None) -> list[Relation]:
    """The relations by which others hit the CI and that are in no other group."""
    related = Relation.objects.select_related("source", "target").order_by("type", "pk")
    hitting = related.filter(source=ci, type__in=Relation.IMPACT_AGAINST) | related.filter(
        target=ci, type__in=Relation.IMPACT_ALONG
    )
    free = hitting.filter(group=None)
    return list((free | hitting.filter(group=group)) if group else free)
