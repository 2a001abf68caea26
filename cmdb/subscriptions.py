"""Who hears of what happened in the CMDB."""

from django.db.models import Q

from cmdb.models import CIEdit
from itsm.kernel import events
from itsm.kernel.models import OutboxEvent, RoleAssignment, User
from itsm.kernel.models.notification import Mail
from itsm.kernel.notifications import kind, tell
from itsm.kernel.roles import Role

EDIT = kind(
    "cmdb.edit", "A change to a critical CI waits for me", action="Decide", why="You can accept it.", mail=Mail.AT_ONCE
)
DECIDED = kind("cmdb.edit_decided", "What became of my change to a CI", action="See it", why="You proposed it.")


@events.on("cmdb.ci_edit.proposed")
def tell_who_may_accept(event: OutboxEvent) -> None:
    """The configuration managers and the CI's owner; not who proposed it."""
    edit = _edit(event)
    holding = RoleAssignment.objects.current().filter(role=Role.CONFIGURATION_MANAGER, service_id__isnull=True)
    managers = User.objects.filter(Q(assignments__in=holding) | Q(teams__assignments__in=holding)).distinct()
    people = {user.pk: user for user in [*managers, edit.ci.owner] if user is not None}
    people.pop(edit.proposed_by_id, None)
    tell(people.values(), text=f"{event.actor} wants to change {edit.ci}.", kind=EDIT, about=edit, event=event)


@events.on("cmdb.ci_edit.decided")
def tell_who_proposed_it(event: OutboxEvent) -> None:
    edit = _edit(event)
    if edit.state == CIEdit.State.WITHDRAWN:
        return
    comment = f" {edit.comment}" if edit.comment else ""
    text = f"{event.actor}: your change to {edit.ci} is {edit.get_state_display().lower()}.{comment}"
    tell([edit.proposed_by], text=text, kind=DECIDED, about=edit, event=event)


def _edit(event: OutboxEvent) -> CIEdit:
    return CIEdit.objects.select_related("ci__owner", "proposed_by").get(pk=event.subject_id)
