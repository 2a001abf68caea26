"""What an upsert would change of CIs that a second person has to accept changes to: set aside, and proposed."""

import json
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from cmdb.edit_fields import changes_of
from cmdb.importing.staging import Intake
from cmdb.keys import Key
from cmdb.models import CIEdit, ConfigurationItem
from cmdb.operations import edits
from cmdb.schemas import reviewed_from
from itsm.kernel.actor import Actor
from itsm.kernel.errors import at_position
from itsm.kernel.inserting import run
from itsm.kernel.operation import operation


class Critical(NamedTuple):
    """A CI as the row would have it; other records stand there by their ids."""

    position: int
    ci_id: int
    key: str
    is_new_key: bool
    said: str  # JSON


# A key by which the CI was not known yet is a change to it, too.
CRITICAL = """
    SELECT w."row"::integer, w.ci_id, w.key, w.key_id IS NULL, jsonb_build_object(
        'ci_class', w.ci_class_id, 'name', w.name, 'environment', w.environment, 'status', w.status,
        'version', w.version, 'owner', w.owner_id, 'support_team', w.support_team_id,
        'criticality', w.criticality, 'attributes', w.attributes)::text
    FROM staged_wanted w JOIN cmdb_configurationitem c ON c.id = w.ci_id
        JOIN unnest(%(classes)s::bigint[], %(least)s::smallint[]) AS r(class_id, least)
            ON r.class_id = c.ci_class_id AND c.criticality >= r.least
    WHERE w.key_id IS NULL OR EXISTS (SELECT FROM staged_changed g WHERE g.n = w.n)
    ORDER BY c.id FOR UPDATE OF c
"""


def set_aside(intake: Intake) -> list[Critical]:
    """Take them out of what is compared: nothing of them is written, nor is it kept that the source said it."""
    asked = {pk: least for pk, each in intake.checker.by_id.items() if (least := reviewed_from(each)) is not None}
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(CRITICAL, {"classes": list(asked), "least": list(asked.values())})
        found = [Critical(*row) for row in cursor.fetchall()]
    ids = [each.ci_id for each in found]
    for table in ("staged_wanted", "staged_changed"):
        run(f"DELETE FROM {table} WHERE ci_id = ANY(%(ids)s)", ids=ids)  # noqa: S608 - our own names
    return found


@operation
def propose(each: Critical, *, source: str, actor: Actor) -> CIEdit:
    """One proposal waits of a source's CI: the same again is that one, another takes its place."""
    reason = f"Upsert from {source}"
    with at_position(each.position):
        ci = ConfigurationItem.objects.lock(each.ci_id)
        said = _said(each, ci, source)
        changes = changes_of(ci, said)
        before = CIEdit.objects.filter(ci=ci, state=CIEdit.State.PROPOSED, proposed_by=actor.user, reason=reason)
        for edit in before.order_by("-pk"):
            if edit.changes == changes:
                return edit
            edits.withdraw(edit_id=edit.pk, actor=actor, now=timezone.now())
        return edits.propose(ci, said=said, actor=actor, reason=reason)


def _said(each: Critical, ci: ConfigurationItem, source: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(each.said)
    if each.is_new_key:
        said["external_keys"] = [*ci.external_keys.all(), Key(source, each.key)]
    return said
