"""Changes to critical CIs that wait for a second person."""

from django.db.models import QuerySet

from cmdb.models import CIEdit, ConfigurationItem
from itsm.kernel.actor import Actor
from itsm.kernel.roles import Role


def listed() -> QuerySet[CIEdit]:
    return CIEdit.objects.select_related("proposed_by", "decided_by", "ci__owner", "ci__ci_class").order_by("-pk")


def waiting_for(actor: Actor) -> QuerySet[CIEdit]:
    """Open ones about which the actor may decide."""
    waiting = CIEdit.objects.filter(state=CIEdit.State.PROPOSED).exclude(proposed_by=actor.user_id)
    return waiting if actor.holds(Role.CONFIGURATION_MANAGER) else waiting.filter(ci__owner=actor.user_id)


def open_of(ci: ConfigurationItem) -> QuerySet[CIEdit]:
    return CIEdit.objects.filter(ci=ci, state=CIEdit.State.PROPOSED).select_related("proposed_by").order_by("pk")
