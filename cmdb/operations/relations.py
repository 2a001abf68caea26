"""Relate configuration items, and undo it."""

from cmdb import rules
from cmdb.models import ConfigurationItem, Relation
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require


class NeededByGroup(DomainError):
    """Without it a group of relations would have fewer members than it needs."""

    code = "needed_by_group"


@operation
def relate(*, source: ConfigurationItem, type: str, target: ConfigurationItem, actor: Actor) -> Relation:
    """Say that `source type target`; saying it twice changes nothing."""
    require(rules.may_edit_ci, actor, source)
    if type not in Relation.Type.values:
        raise InvalidInput.at("type", f"Unknown type {type!r}. Known: {', '.join(Relation.Type.values)}.")
    if source.pk == target.pk:
        raise InvalidInput.at("target", "A CI cannot be related to itself.")
    relation, new = Relation.objects.get_or_create(source=source, type=type, target=target)
    if new:
        events.record("cmdb.relation.created", relation, actor=actor)
    return relation


@operation
def remove(*, relation_id: int, actor: Actor) -> None:
    relation = Relation.objects.lock(relation_id)
    require(rules.may_edit_ci, actor, relation.source)
    _spare(relation)
    events.record("cmdb.relation.removed", relation, actor=actor)
    relation.delete()


def _spare(relation: Relation) -> None:
    """Refuse to take from a group what it needs."""
    group = relation.group
    if group is None or group.relations.count() > max(group.needs, 2):
        return
    raise NeededByGroup(
        f"{group} needs {group.needs} of its {group.relations.count()} relations. Change or dissolve the group first.",
        checks=[
            {
                "code": "group",
                "label": group.name,
                "message": "It needs this relation.",
                "url": group.ci.get_absolute_url(),
                "fix": "Change the group",
            }
        ],
    )
