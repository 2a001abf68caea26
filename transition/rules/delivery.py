"""Who may plan, deliver and keep the rhythm. Roles count everywhere or for the service concerned."""

from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.permissions import rule
from itsm.kernel.roles import Role
from transition.models import Absence, DeliveryItem, DeliveryStream, Requirement, Shift, TransitionPlan


def _leads(actor: Actor, service: Service | None, *others: Role) -> bool:
    """The service's owner, and who holds transition planning, release management or one of the other roles."""
    if service is not None and actor.user_id is not None and service.owner_id == actor.user_id:
        return True
    scope = [service.pk] if service else []
    return actor.holds(Role.TRANSITION_PLANNER, Role.RELEASE_MANAGER, Role.SERVICE_OWNER, *others, services=scope)


@rule("Only the service's owner, a transition planner or a release manager may plan its transition.")
def may_plan(actor: Actor, plan: TransitionPlan | None) -> bool:
    return _leads(actor, plan.service if plan else None)


@rule("Only the service's owner, a transition planner, a release manager or a business relationship manager may say "
      "what the service must do.")  # fmt: skip
def may_require(actor: Actor, plan: TransitionPlan | None) -> bool:
    return _leads(actor, plan.service if plan else None, Role.BUSINESS_RELATIONSHIP_MANAGER, Role.CHANGE_MANAGER)


@rule(
    "Only the service's owner, a transition planner, a release manager or a pipeline may say that it is built or live."
)
def may_mark(actor: Actor, requirement: Requirement) -> bool:
    return _leads(actor, requirement.plan.service, Role.PIPELINE)


@rule("Only a release manager, a planner, the service's owner or those who deliver such items may do this.")
def may_deliver(actor: Actor, item: DeliveryItem) -> bool:
    if item.stream is not None:
        return may_record_run(actor, item.stream)
    return _leads(
        actor,
        item.package.plan.service if item.package else None,
        Role.KNOWLEDGE_MANAGER, Role.TEST_MANAGER, Role.CONFIGURATION_MANAGER, Role.TECHNICAL_MANAGER, Role.PIPELINE,
    )  # fmt: skip


@rule("Only the stream's owner, the service's owner, a transition planner or a release manager may steer the stream.")
def may_steer(actor: Actor, stream: DeliveryStream) -> bool:
    if actor.user_id is not None and stream.owner_id == actor.user_id:
        return True
    return _leads(actor, stream.plan.service)


@rule("Only the stream's owner, those who hold one of its roles, or a pipeline may record a run.")
def may_record_run(actor: Actor, stream: DeliveryStream) -> bool:
    return may_steer(actor, stream) or actor.holds(
        Role.PIPELINE, *(Role(role) for role in stream.roles), services=[stream.plan.service_id]
    )


@rule("Only a test manager, a service level manager, the service's owner or a planner may set and measure targets.")
def may_measure(actor: Actor, plan: TransitionPlan) -> bool:
    return _leads(actor, plan.service, Role.TEST_MANAGER, Role.SERVICE_LEVEL_MANAGER)


@rule("People say themselves when they are away; for others, the leads of their teams and administrators do.")
def may_say_absent(actor: Actor, absence: Absence) -> bool:
    if actor.is_admin or (actor.user_id is not None and actor.user_id == absence.user_id):
        return True
    return actor.user_id is not None and absence.user.teams.filter(lead=actor.user_id).exists()


@rule("Only those who steer the stream keep its rota.")
def may_drop_shift(actor: Actor, shift: Shift) -> bool:
    return may_steer(actor, shift.stream)
