"""Who may change the configuration records."""

from cmdb.models import CIEdit, ConfigurationItem, RelationProposal, Service
from itsm.kernel.actor import Actor
from itsm.kernel.permissions import rule
from itsm.kernel.roles import Role


@rule("Only a configuration manager may change what the CMDB says.")
def may_edit_ci(actor: Actor, ci: ConfigurationItem | None) -> bool:
    return actor.holds(Role.CONFIGURATION_MANAGER)


@rule("Only a configuration manager imports what other tools know.")
def may_import(actor: Actor, run: object) -> bool:
    return actor.holds(Role.CONFIGURATION_MANAGER)


@rule("Only a configuration manager decides whose word counts.")
def may_reconcile(actor: Actor, record: object) -> bool:
    return actor.holds(Role.CONFIGURATION_MANAGER)


@rule("Only a configuration manager, the CI's owner or its support team may verify it.")
def may_verify(actor: Actor, ci: ConfigurationItem) -> bool:
    if actor.holds(Role.CONFIGURATION_MANAGER):
        return True
    if actor.user is None:
        return False
    in_team = ci.support_team is not None and ci.support_team.members.filter(pk=actor.user.pk).exists()
    return ci.owner_id == actor.user.pk or in_team


@rule("Only a configuration manager, a release or change manager, or the service's owner takes baselines.")
def may_take_baseline(actor: Actor, service: Service | None) -> bool:
    if service is not None and actor.is_owner(service.owner_id):
        return True
    return actor.holds(Role.CONFIGURATION_MANAGER, Role.RELEASE_MANAGER, Role.CHANGE_MANAGER)


@rule("Only a configuration manager, or who owns or supports CIs, may verify several.")
def may_verify_some(actor: Actor, ci: object) -> bool:
    """Which they are is asked when they are named."""
    if actor.user is None:
        return False
    return actor.holds(Role.CONFIGURATION_MANAGER) or (
        actor.user.owned_cis.exists() or ConfigurationItem.objects.filter(support_team__members=actor.user).exists()
    )


@rule("Only a configuration manager may define CI classes.")
def may_edit_class(actor: Actor, ci_class: object) -> bool:
    return actor.holds(Role.CONFIGURATION_MANAGER)


@rule("Only the service's owner, a transition planner or a configuration manager may change the service.")
def may_edit_service(actor: Actor, service: Service | None) -> bool:
    scope = [service.pk] if service else []
    if service is not None and actor.user_id is not None and service.owner_id == actor.user_id:
        return True
    return actor.holds(Role.CONFIGURATION_MANAGER, Role.TRANSITION_PLANNER) or actor.holds(
        Role.SERVICE_OWNER, services=scope
    )


@rule("Only a configuration manager may say whether a proposed relation exists.")
def may_decide_relation(actor: Actor, proposal: RelationProposal) -> bool:
    return actor.holds(Role.CONFIGURATION_MANAGER)


@rule("Another configuration manager, or the CI's owner, decides about it; never who proposed it.")
def may_decide_edit(actor: Actor, edit: CIEdit) -> bool:
    """A role that the proposer lends does not make the borrower another person."""
    if actor.user_id is None or actor.user_id == edit.proposed_by_id:
        return False
    if edit.ci.owner_id == actor.user_id:
        return True
    return actor.holds_apart_from([edit.proposed_by_id], Role.CONFIGURATION_MANAGER)


@rule("Only who proposed it may withdraw it.")
def may_withdraw_edit(actor: Actor, edit: CIEdit) -> bool:
    return actor.user_id is not None and actor.user_id == edit.proposed_by_id
