"""Who may deploy, accept, decide on causes, and improve."""

from typing import Any

from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.permissions import rule
from itsm.kernel.roles import Role
from transition.models import AcceptanceReview, Deployment, Gap, Improvement, Incident


def _at(actor: Actor, service: Service | None, *roles: Role) -> bool:
    return actor.holds(*roles, services=[service.pk] if service else [])


def _owns(actor: Actor, service: Service | None) -> bool:
    return service is not None and actor.is_owner(service.owner_id)


@rule("Only a pipeline or a release manager may ask to deploy.")
def may_deploy(actor: Actor, service: Service | None) -> bool:
    return _at(actor, service, Role.PIPELINE, Role.RELEASE_MANAGER)


@rule("Only a pipeline or a release manager may carry out a deployment.")
def may_run(actor: Actor, deployment: Deployment) -> bool:
    return may_deploy(actor, deployment.service)


@rule("Only a change manager may let a pipeline decide alone, and take that back.")
def may_devolve(actor: Actor, about: Any) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)


@rule("Only support leads, test managers and the service's owner may open an acceptance review.")
def may_open_review(actor: Actor, service: Service | None) -> bool:
    return _owns(actor, service) or _at(actor, service, Role.SUPPORT_LEAD, Role.TEST_MANAGER)


@rule("Only a support lead or a test manager may accept or push back.")
def may_decide_review(actor: Actor, review: AcceptanceReview) -> bool:
    return _at(actor, review.service, Role.SUPPORT_LEAD, Role.TEST_MANAGER)


@rule("Only test managers and support leads may say what every service is asked before it is accepted.")
def may_define_criteria(actor: Actor, nothing: Any) -> bool:
    return actor.holds(Role.TEST_MANAGER, Role.SUPPORT_LEAD)


@rule("Only support leads, test managers and the service's owner may name a gap.")
def may_name_gap(actor: Actor, service: Service | None) -> bool:
    return may_open_review(actor, service)


@rule("Only a support lead or a test manager may say that a gap is closed.")
def may_close_gap(actor: Actor, gap: Gap) -> bool:
    return _at(actor, gap.service, Role.SUPPORT_LEAD, Role.TEST_MANAGER)


RISK_TAKERS = (Role.SERVICE_OWNER, Role.CHANGE_MANAGER)


@rule("Only the service's owner or a change manager may take the risk of a gap upon themselves.")
def may_accept_risk(actor: Actor, gap: Gap) -> bool:
    return actor.user is not None and (_owns(actor, gap.service) or _at(actor, gap.service, *RISK_TAKERS))


def risk_taken_for(actor: Actor, gap: Gap) -> str:
    return actor.on_behalf_of(*RISK_TAKERS, services=[gap.service_id], owner_id=gap.service.owner_id)


def review_decided_for(actor: Actor, review: AcceptanceReview) -> str:
    return actor.on_behalf_of(Role.SUPPORT_LEAD, Role.TEST_MANAGER, services=[review.service_id])


@rule("Viewers only read; ask for a role that reports incidents.")
def may_report(actor: Actor, incident: Any) -> bool:
    held = {role for role, _ in actor.assignments} - {Role.VIEWER}
    return actor.is_admin or bool(held)


@rule("Only support leads, change managers, the CSI manager and the service's owner may decide on the cause.")
def may_decide_cause(actor: Actor, incident: Incident) -> bool:
    roles = (Role.SUPPORT_LEAD, Role.CHANGE_MANAGER, Role.CSI_MANAGER, Role.SERVICE_OWNER)
    return _owns(actor, incident.service) or _at(actor, incident.service, *roles)


@rule("Only support leads, implementers and the service's owner may resolve an incident.")
def may_resolve(actor: Actor, incident: Incident) -> bool:
    roles = (Role.SUPPORT_LEAD, Role.IMPLEMENTER, Role.CHANGE_MANAGER, Role.PIPELINE)
    return _owns(actor, incident.service) or _at(actor, incident.service, *roles)


@rule("Only those who come to the meeting may write its minutes: CSI, SLM, BRM, support lead, service owner.")
def may_minute(actor: Actor, meeting: Any) -> bool:
    service = meeting.series.service if meeting is not None else None
    roles = (
        Role.CSI_MANAGER, Role.SERVICE_LEVEL_MANAGER, Role.BUSINESS_RELATIONSHIP_MANAGER, Role.SUPPORT_LEAD,
        Role.SERVICE_OWNER,
    )  # fmt: skip
    return _owns(actor, service) or _at(actor, service, *roles)


@rule("Only the service's owner or the CSI manager may agree on meetings.")
def may_agree_meetings(actor: Actor, service: Service | None) -> bool:
    return _owns(actor, service) or _at(actor, service, Role.CSI_MANAGER, Role.SERVICE_OWNER)


@rule("Viewers only read; ask for a role that proposes improvements.")
def may_log(actor: Actor, improvement: Any) -> bool:
    return may_report(actor, None)


@rule("Only the CSI manager, the improvement's owner or the service's owner may do this.")
def may_steer_improvement(actor: Actor, improvement: Improvement) -> bool:
    own = actor.user_id is not None and actor.user_id == improvement.owner_id
    return own or _owns(actor, improvement.service) or _at(actor, improvement.service, Role.CSI_MANAGER)
