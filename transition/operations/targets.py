"""Non-functional targets of a package: how much of a requirement this delivery must reach, and what it reached."""

from decimal import Decimal

from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import NonFunctionalTarget, ReleasePackage, Requirement
from transition.rules import delivery as rules


@operation
def set_target(
    *, package: ReleasePackage, requirement: Requirement, target_percent: Decimal, actor: Actor
) -> NonFunctionalTarget:
    """Agree on the share; agreeing anew replaces it."""
    require(rules.may_measure, actor, package.plan)
    if requirement.kind != Requirement.Kind.NON_FUNCTIONAL or requirement.plan_id != package.plan_id:
        raise InvalidInput.at("requirement", "A target is set for a non-functional requirement of the same plan.")
    _is_percentage("target_percent", target_percent)
    target, _ = NonFunctionalTarget.objects.update_or_create(
        package=package, requirement=requirement, defaults={"target_percent": target_percent}
    )
    events.record("transition.target.set", target, actor=actor, target_percent=str(target_percent))
    return target


@operation
def measure(*, target_id: int, attained_percent: Decimal, actor: Actor) -> NonFunctionalTarget:
    """Record what was measured; each earlier measurement stays in the history."""
    target = NonFunctionalTarget.objects.select_related("package__plan__service", "requirement").lock(target_id)
    require(rules.may_measure, actor, target.package.plan)
    _is_percentage("attained_percent", attained_percent)
    target.attained_percent = attained_percent
    target.save(update_fields=["attained_percent"])
    events.record("transition.target.measured", target, actor=actor, attained_percent=str(attained_percent))
    return target


def of(*, package: ReleasePackage, requirement: Requirement) -> NonFunctionalTarget:
    """The agreed target; refuses when nothing was agreed."""
    found = NonFunctionalTarget.objects.filter(package=package, requirement=requirement).first()
    if found is None:
        raise InvalidInput.at("requirement", f"{package.name} has no target for {requirement.code}. Set it first.")
    return found


def _is_percentage(field: str, value: Decimal) -> None:
    if not 0 <= value <= 100:
        raise InvalidInput.at(field, "A percentage lies between 0 and 100.")
