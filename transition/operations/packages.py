"""Release packages: planned for a date, built, accepted, deployed, watched, closed."""

from datetime import date, datetime

from django.db.models import Q

from cmdb.models import Baseline, ConfigurationItem
from cmdb.operations import baselines
from cmdb.queries import selection
from itsm.kernel import events, history
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import DeliveryItem, Gap, ReleasePackage, Requirement, TransitionPlan
from transition.operations import requirements
from transition.rules import delivery as rules

State = ReleasePackage.State


class NotThere(DomainError):
    """Something that belongs into the package is not done."""

    code = "package_incomplete"


class GapsOpen(DomainError):
    code = "critical_gap_open"


class StillInEarlyLife(DomainError):
    code = "early_life_runs"


@operation
def plan(
    *,
    plan: TransitionPlan,
    ordinal: int,
    name: str,
    target_date: date,
    actor: Actor,
    els_days: int = 5,
    sliced_from: ReleasePackage | None = None,
) -> ReleasePackage:
    """Plan a delivery for its target date T; `sliced_from` is the one that it was cut from."""
    require(rules.may_plan, actor, plan)
    if ReleasePackage.objects.filter(plan=plan, ordinal=ordinal).exists():
        raise InvalidInput.at("ordinal", f"{plan.service} has a delivery {ordinal} already.")
    package = ReleasePackage.objects.create(
        plan=plan, ordinal=ordinal, name=name, target_date=target_date, els_days=els_days, sliced_from=sliced_from
    )
    events.record("transition.package.planned", package, actor=actor)
    return package


@operation
def retarget(*, package_id: int, target_date: date, actor: Actor, reason: str = "") -> ReleasePackage:
    """Move the target date; what is due at an offset from it moves along."""
    package = _locked(package_id, actor)
    if package.state not in (State.PLANNED, State.BUILDING, State.ACCEPTED):
        raise InvalidInput.at("target_date", f"{package.number} has been deployed; its target date is history.")
    was, package.target_date = package.target_date, target_date
    package.save(update_fields=["target_date"])
    events.record("transition.package.retargeted", package, actor=actor, was=str(was), to=str(target_date))
    return package


@operation
def build(*, package_id: int, actor: Actor) -> ReleasePackage:
    """Begin (or go back to) building."""
    return _move(_locked(package_id, actor), State.BUILDING, actor)


@operation
def accept(*, package_id: int, actor: Actor) -> ReleasePackage:
    """Operations take the package over; no critical gap may be open."""
    package = _locked(package_id, actor)
    ReleasePackage.LIFECYCLE.move(package, to=State.ACCEPTED)
    _no_critical_gap(package)
    return _saved(package, actor)


@operation
def deploy(*, package_id: int, actor: Actor, now: datetime) -> ReleasePackage:
    """The package goes live with every requirement in it; early life support counts from here."""
    package = _locked(package_id, actor)
    ReleasePackage.LIFECYCLE.move(package, to=State.DEPLOYED)
    _no_critical_gap(package)
    keep_before(package=package, actor=actor, now=now)
    package.deployed_at = now
    live = Requirement.objects.filter(items__package=package).exclude(status=Requirement.Status.WITHDRAWN)
    with history.because(package):
        requirements.mark_deployed(requirement_ids=set(live.values_list("pk", flat=True)), actor=actor, now=now)
    return _saved(package, actor, "deployed_at")


@operation
def keep_before(*, package: ReleasePackage, actor: Actor, now: datetime) -> Baseline | None:
    """How the service, what it hangs on, and what the package delivers stood before its deployment."""
    items = DeliveryItem.objects.filter(package=package)
    touched = ConfigurationItem.objects.filter(
        Q(pk__in=selection.of_service(package.plan.service).values("pk"))
        | Q(pk__in=items.filter(ci__isnull=False).values("ci"))
        | Q(pk__in=items.filter(requirement__isnull=False).values("requirement__ci"))
    )
    name = f"Before the deployment of {package.number} {package.name}"
    return baselines.take_before(record=package, name=name, cis=touched, actor=actor, now=now)


@operation
def begin_early_life(*, package_id: int, actor: Actor) -> ReleasePackage:
    return _move(_locked(package_id, actor), State.EARLY_LIFE, actor)


@operation
def close(*, package_id: int, actor: Actor, now: datetime) -> ReleasePackage:
    """End early life support once its days are over and nothing of the package is left to do."""
    package = _locked(package_id, actor)
    ReleasePackage.LIFECYCLE.move(package, to=State.CLOSED)
    if now.date() <= package.els_until:
        raise StillInEarlyLife(
            f"Early life support of {package.name} runs to {package.els_until:%-d %B}. Close it then."
        )
    left = list(package.items.filter(state__in=["planned", "in_work"]).order_by("pk")[:5])
    if left:
        raise NotThere(
            f"{len(left)} of its items are not done: {', '.join(i.title for i in left)}. Complete or drop them first.",
            checks=[
                {"code": "item_open", "label": i.title, "message": "", "url": package.get_absolute_url()} for i in left
            ],
        )
    return _saved(package, actor)


@operation
def cancel(*, package_id: int, actor: Actor, reason: str) -> ReleasePackage:
    """Give the package up; its items go with it."""
    package = _locked(package_id, actor)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it is cancelled.")
    ReleasePackage.LIFECYCLE.move(package, to=State.CANCELLED)
    DeliveryItem.objects.filter(package=package, state__in=["planned", "in_work"]).update(state="dropped")
    return _saved(package, actor)


def _locked(package_id: int, actor: Actor) -> ReleasePackage:
    package = ReleasePackage.objects.select_related("plan__service").lock(package_id)
    require(rules.may_plan, actor, package.plan)
    return package


def _move(package: ReleasePackage, to: str, actor: Actor) -> ReleasePackage:
    ReleasePackage.LIFECYCLE.move(package, to=to)
    return _saved(package, actor)


def _saved(package: ReleasePackage, actor: Actor, *also: str) -> ReleasePackage:
    package.save(update_fields=["state", *also])
    events.record("transition.package.moved", package, actor=actor, to=package.state)
    return package


def _no_critical_gap(package: ReleasePackage) -> None:
    """A support team's critical gap blocks, be it of this package or of the service as a whole."""
    gaps = Gap.objects.filter(service=package.plan.service, severity="critical", state="open").select_related("review")
    blocking = [g for g in gaps.order_by("pk") if g.review is None or g.review.package_id in (None, package.pk)]
    if blocking:
        raise GapsOpen(
            f"{len(blocking)} critical gap{'s are' if len(blocking) > 1 else ' is'} open. "
            "Close each, or have its risk accepted by an authority.",
            checks=[{"code": "critical_gap_open", "label": g.number, "message": g.title, "url": ""} for g in blocking],
        )
