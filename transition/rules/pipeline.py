"""Who may send events, look at them, have them tried again, and say what their names mean."""

from typing import Any

from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.permissions import rule
from itsm.kernel.roles import Role


@rule("Only a pipeline or a release manager may send events.")
def may_send(actor: Actor, nothing: Any = None) -> bool:
    return actor.holds_anywhere(Role.PIPELINE, Role.RELEASE_MANAGER)


@rule("The sender is no pipeline of this service, so its events have no effect on it.")
def may_tell_of(actor: Actor, service: Service | None) -> bool:
    return actor.holds(Role.PIPELINE, Role.RELEASE_MANAGER, services=[service.pk] if service else [])


@rule("Only a release manager, a configuration manager or a pipeline may have events tried again.")
def may_retry(actor: Actor, event: Any = None) -> bool:
    return actor.holds_anywhere(Role.RELEASE_MANAGER, Role.CONFIGURATION_MANAGER, Role.PIPELINE)


@rule("Only an administrator says which tools may send events and what their names mean.")
def may_manage_sources(actor: Actor, source: Any = None) -> bool:
    return actor.is_admin
