"""Redundancy: of some of the CIs that a CI hangs on it needs only so many to be up."""

from collections.abc import Sequence
from typing import Any

from cmdb import rules
from cmdb.models import ConfigurationItem, Relation, RelationGroup
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.uniqueness import unique


@operation
def form(*, ci: ConfigurationItem, name: str, needs: int, relations: Sequence[Relation], actor: Actor) -> RelationGroup:
    """Say that of what these relations lead to, the CI needs so many."""
    require(rules.may_edit_ci, actor, ci)
    group = RelationGroup(ci=ci, name=name, needs=needs)
    members = _members(group, relations)
    with unique("name", f"{ci} has a group {name!r} already."):
        group.save(force_insert=True)
    _take_in(group, members)
    events.record("cmdb.relation_group.formed", group, actor=actor)
    return group


@operation
def update(
    *, group_id: int, actor: Actor, relations: Sequence[Relation] | None = None, **changes: Any
) -> RelationGroup:
    """Change what is named of its name, what it needs and its relations."""
    group = RelationGroup.objects.select_related("ci").lock(group_id)
    require(rules.may_edit_ci, actor, group.ci)
    for field, value in changes.items():
        if field not in ("name", "needs"):
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(group, field, value)
    members = _members(group, list(group.relations.all()) if relations is None else relations)
    with unique("name", f"{group.ci} has another group {group.name!r}."):
        group.save(update_fields=["name", "needs"])
    _take_in(group, members)
    events.record("cmdb.relation_group.updated", group, actor=actor)
    return group


@operation
def dissolve(*, group_id: int, actor: Actor) -> None:
    """Each of its relations carries impact by itself again."""
    group = RelationGroup.objects.select_related("ci").lock(group_id)
    require(rules.may_edit_ci, actor, group.ci)
    events.record("cmdb.relation_group.dissolved", group, actor=actor)
    group.relations.update(group=None)
    group.delete()


def _members(group: RelationGroup, relations: Sequence[Relation]) -> list[Relation]:
    """The relations, locked; refuses those that do not lead to the CI, and a need that cannot be met."""
    found = list(Relation.objects.select_for_update().filter(pk__in=[r.pk for r in relations]).order_by("pk"))
    for relation in found:
        if relation.hitter_of(group.ci_id) is None:
            raise InvalidInput.at("relations", f"No failure reaches {group.ci} by “{relation}”.")
        if relation.group_id not in (None, group.pk):
            raise InvalidInput.at("relations", f"“{relation}” is in the group {relation.group} already.")
    hitters = {relation.hitter_of(group.ci_id) for relation in found}
    if len(found) < 2 or len(hitters) < len(found):
        raise InvalidInput.at("relations", "Name at least two, each to another CI: one alone is no redundancy.")
    if not 1 <= group.needs <= len(found):
        raise InvalidInput.at("needs", f"Of {len(found)} it can need from 1 to {len(found)}.")
    return found


def _take_in(group: RelationGroup, members: Sequence[Relation]) -> None:
    wanted = [relation.pk for relation in members]
    group.relations.exclude(pk__in=wanted).update(group=None)
    Relation.objects.filter(pk__in=wanted).exclude(group=group).update(group=group)
