"""Who may change the configuration records."""

from cmdb.models import CIEdit, ConfigurationItem, RelationProposal, SampledCI, Service
from itsm.kernel.actor import Actor
from itsm.kernel.permissions import rule
from itsm.kernel.roles import Role


@rule("Only a configuration manager may change what the CMDB says.")
def may_edit_ci(actor: Actor, ci: ConfigurationItem | None) -> bool:
    return actor.holds(Role.CONFIGURATION_MANAGER)


@rule("Only a configuration manager imports what other tools know.")
def may_import(actor: Actor, run: object) -> bool:
    return actor.holds(Role.CONFIGURATION_MANAGER)


@rule("Only a configuration manager audits the CMDB.")
def may_audit(actor: Actor, audit: object = None) -> bool:
    return actor.holds(Role.CONFIGURATION_MANAGER)


@rule("Only whoever was asked, or a configuration manager, says whether this record is true.")
def may_answer_sample(actor: Actor, sampled: SampledCI) -> bool:
    asked = actor.user_id is not None and actor.user_id == sampled.asked_id
    return asked or actor.holds(Role.CONFIGURATION_MANAGER)


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


@rule("Only a configuration manager or a transition planner may enter a service that is past its first step already.")
def may_adopt_service(actor: Actor, service: Service | None) -> bool:
    return actor.holds(Role.CONFIGURATION_MANAGER, Role.TRANSITION_PLANNER)


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


# The transition points of the portfolio: a service's owner, or the role for it, may pass most; each has others.
def _may_pass(actor: Actor, service: Service, *others: Role) -> bool:
    return actor.is_owner(service.owner_id) or actor.holds(Role.SERVICE_OWNER, *others, services=[service.pk])


def _sponsors(actor: Actor, service: Service) -> bool:
    return service.sponsor_id is not None and service.sponsor_id == actor.user_id


BUSINESS = (Role.BUSINESS_SPONSOR, Role.BUSINESS_RELATIONSHIP_MANAGER)


@rule("The sponsor, the service's owner, a business relationship manager or a transition planner charters a service.")
def may_charter(actor: Actor, service: Service) -> bool:
    return _sponsors(actor, service) or _may_pass(actor, service, *BUSINESS, Role.TRANSITION_PLANNER)


@rule("The service's owner, a service level manager or a transition planner signs off its design.")
def may_design(actor: Actor, service: Service) -> bool:
    return _may_pass(actor, service, Role.SERVICE_LEVEL_MANAGER, Role.TRANSITION_PLANNER)


@rule("The service's owner, a release, technical or application manager or a transition planner signs off its build.")
def may_build(actor: Actor, service: Service) -> bool:
    managers = (Role.RELEASE_MANAGER, Role.TECHNICAL_MANAGER, Role.APPLICATION_MANAGER)
    return _may_pass(actor, service, *managers, Role.TRANSITION_PLANNER)


@rule("Only a support lead or a test manager accepts a service into support: those who will have to run it.")
def may_accept_service(actor: Actor, service: Service) -> bool:
    return actor.holds(Role.SUPPORT_LEAD, Role.TEST_MANAGER, services=[service.pk])


@rule("The service's owner, a release manager or a change manager puts a service live.")
def may_go_live(actor: Actor, service: Service) -> bool:
    return _may_pass(actor, service, Role.RELEASE_MANAGER, Role.CHANGE_MANAGER)


@rule("The service's owner or a change manager freezes a service and lifts the freeze.")
def may_freeze_service(actor: Actor, service: Service) -> bool:
    return _may_pass(actor, service, Role.CHANGE_MANAGER)


@rule("The sponsor, the service's owner or a business relationship manager winds a service down, or keeps it.")
def may_wind_down(actor: Actor, service: Service) -> bool:
    return _sponsors(actor, service) or _may_pass(actor, service, *BUSINESS)


@rule("The service's owner, a configuration manager or a transition planner retires a service.")
def may_retire_service(actor: Actor, service: Service) -> bool:
    return _may_pass(actor, service, Role.CONFIGURATION_MANAGER, Role.TRANSITION_PLANNER)


@rule("The service's owner, support leads, test, release and transition managers send a service back.")
def may_send_back(actor: Actor, service: Service) -> bool:
    testers = (Role.SUPPORT_LEAD, Role.TEST_MANAGER)
    return _may_pass(actor, service, *testers, Role.RELEASE_MANAGER, Role.TRANSITION_PLANNER)


@rule("The sponsor, the service's owner, a business relationship manager or a transition planner drops a service.")
def may_drop(actor: Actor, service: Service) -> bool:
    return may_charter(actor, service)


PASSES = (
    may_charter, may_design, may_build, may_accept_service, may_go_live, may_freeze_service, may_wind_down,
    may_retire_service, may_send_back,
)  # fmt: skip


@rule("You may pass none of the transition points of this service.")
def may_pass_some_point(actor: Actor, service: Service) -> bool:
    return any(may(actor, service) for may in PASSES)


WAIVERS = (Role.SERVICE_OWNER, Role.CHANGE_MANAGER)


@rule("Only the service's owner or a change manager, in person, may take an unmet criterion upon themselves.")
def may_waive_criterion(actor: Actor, service: Service) -> bool:
    return actor.user is not None and _may_pass(actor, service, *WAIVERS)


def criterion_waived_for(actor: Actor, service: Service) -> str:
    return actor.on_behalf_of(*WAIVERS, services=[service.pk], owner_id=service.owner_id)
