"""What a service must do or be: written down, built, deployed."""

from collections.abc import Iterable
from datetime import datetime

from changes.models import ChangeProposal
from cmdb.models import CIClass, ConfigurationItem, Relation
from cmdb.operations import cis, relations
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import Requirement, TransitionPlan
from transition.operations import handoffs
from transition.rules import delivery as rules

EDITABLE = frozenset({"text", "priority", "source_document", "proposal"})


class Withdrawn(DomainError):
    code = "requirement_withdrawn"


@operation
def add(
    *,
    plan: TransitionPlan,
    code: str,
    text: str,
    actor: Actor,
    kind: str = "functional",
    priority: int = 3,
    proposal: ChangeProposal | None = None,
    source_document: ConfigurationItem | None = None,
) -> Requirement:
    """Write a requirement down; it becomes a CI too, so that articles can describe it."""
    requirement = Requirement(
        plan=plan, code=code.strip(), text=text.strip(), kind=kind, priority=priority, proposal=proposal,
        source_document=source_document,
    )  # fmt: skip
    require(rules.may_require, actor, plan)
    if kind not in Requirement.Kind.values:
        raise InvalidInput.at("kind", f"Unknown kind {kind!r}. Known: {', '.join(Requirement.Kind.values)}.")
    if not requirement.code or not requirement.text:
        raise InvalidInput.at("text", "A requirement needs a code and a text.")
    if Requirement.objects.filter(plan=plan, code=requirement.code).exists():
        raise InvalidInput.at("code", f"{plan.service} has a requirement {requirement.code!r} already.")
    requirement.ci = _ci_of(requirement)
    requirement.save(force_insert=True)
    events.record("transition.requirement.added", requirement, actor=actor)
    return requirement


@operation
def spawn(
    *,
    proposal: ChangeProposal,
    actor: Actor,
    text: str = "",
    title: str = "",
    code: str = "",
    plan: TransitionPlan | None = None,
) -> Requirement:
    """A requirement that serves the proposal, in the plan of its service."""
    plans = TransitionPlan.objects.filter(service__proposals=proposal).select_related("service").order_by("pk")
    home = plan or plans.first()
    if home is None:
        raise InvalidInput.at("services", f"None of {proposal}'s services has a transition plan. Make one first.")
    number = proposal.requirements.count() + 1
    return add(
        plan=home,
        code=code or f"{proposal.number}-{number}",
        text=text or title or proposal.outcome_wanted,
        proposal=proposal,
        actor=actor,
    )


@operation
def update(*, requirement_id: int, actor: Actor, **changes: object) -> Requirement:
    """Change what is named; the code and the kind stay, because others refer to them."""
    requirement = Requirement.objects.lock(requirement_id)
    require(rules.may_require, actor, requirement.plan)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(requirement, field, value)
    requirement.save(update_fields=sorted(changes))
    events.record("transition.requirement.updated", requirement, actor=actor, fields=sorted(changes))
    return requirement


@operation
def mark_built(*, requirement_id: int, actor: Actor, now: datetime) -> Requirement:
    """Say that it is built; saying it twice changes nothing."""
    requirement = Requirement.objects.lock(requirement_id)
    require(rules.may_mark, actor, requirement)
    _not_withdrawn(requirement)
    if requirement.status == Requirement.Status.OPEN:
        requirement.status, requirement.built_at = Requirement.Status.BUILT, now
        requirement.save(update_fields=["status", "built_at"])
        _move_cis([requirement], ConfigurationItem.Status.TESTING)
        events.record("transition.requirement.built", requirement, actor=actor)
    return requirement


@operation
def mark_deployed(*, requirement_ids: Iterable[int], actor: Actor, now: datetime) -> list[Requirement]:
    """Say that these went live, by one deployment or package; those that are live already stay as they are."""
    found = list(
        Requirement.objects.filter(pk__in=list(requirement_ids))
        .select_related("plan__service")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for requirement in found:
        require(rules.may_mark, actor, requirement)
        _not_withdrawn(requirement)
    fresh = [r for r in found if r.status != Requirement.Status.DEPLOYED]
    for requirement in fresh:
        requirement.status, requirement.deployed_at = Requirement.Status.DEPLOYED, now
        requirement.built_at = min(requirement.built_at or now, now)
    Requirement.objects.bulk_update(fresh, ["status", "built_at", "deployed_at"])
    _move_cis(fresh, ConfigurationItem.Status.LIVE)
    handoffs.follow(cis=[requirement.ci_id for requirement in fresh], actor=actor, now=now)
    events.record_each("transition.requirement.deployed", fresh, actor=actor)
    return found


@operation
def mark_taken_back(
    *, requirement_ids: Iterable[int], live_since: datetime | None, actor: Actor, now: datetime
) -> list[Requirement]:
    """Say that these are no longer live, because what brought them at that moment was rolled back."""
    found = list(
        Requirement.objects.filter(pk__in=list(requirement_ids), deployed_at=live_since)
        .filter(status=Requirement.Status.DEPLOYED)
        .select_related("plan__service")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for requirement in found:
        require(rules.may_mark, actor, requirement)
        requirement.status, requirement.deployed_at = Requirement.Status.BUILT, None
    Requirement.objects.bulk_update(found, ["status", "deployed_at"])
    _move_cis(found, ConfigurationItem.Status.TESTING)
    handoffs.follow(cis=[requirement.ci_id for requirement in found], actor=actor, now=now)
    events.record_each("transition.requirement.taken_back", found, actor=actor)
    return found


@operation
def withdraw(*, requirement_id: int, actor: Actor, reason: str) -> Requirement:
    """Take a requirement back that is not live."""
    requirement = Requirement.objects.lock(requirement_id)
    require(rules.may_require, actor, requirement.plan)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it is withdrawn.")
    if requirement.status == Requirement.Status.DEPLOYED:
        raise Withdrawn(f"{requirement.display} is live. What is live is retired by a change.")
    requirement.status = Requirement.Status.WITHDRAWN
    requirement.save(update_fields=["status"])
    _move_cis([requirement], ConfigurationItem.Status.RETIRED)
    events.record("transition.requirement.withdrawn", requirement, actor=actor)
    return requirement


def _not_withdrawn(requirement: Requirement) -> None:
    if requirement.status == Requirement.Status.WITHDRAWN:
        raise Withdrawn(f"{requirement.display} was withdrawn. Write it down anew if it is wanted after all.")


def _ci_of(requirement: Requirement) -> ConfigurationItem:
    requirement_class, _ = CIClass.objects.get_or_create(
        code="requirement", defaults={"name": "Requirement", "kind": CIClass.Kind.REQUIREMENT}
    )
    service, program = requirement.plan.service, Actor.system("requirements")
    ci = cis.create(
        ci_class=requirement_class,
        name=f"{requirement.code} {requirement.text[:100]} · {service.slug}",
        owner=service.owner,
        actor=program,
    )
    # Not a part of it: what fails is never a requirement, so impact must not run over it.
    relations.relate(source=ci, type=Relation.Type.DESCRIBES, target=service.ci, actor=program)
    return ci


def _move_cis(requirements: list[Requirement], status: str) -> None:
    ConfigurationItem.objects.filter(pk__in=[r.ci_id for r in requirements]).update(status=status)
