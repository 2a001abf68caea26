"""What packages and streams deliver, item by item."""

from datetime import datetime

from cmdb.models import ConfigurationItem
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from knowledge.models import Article
from transition.models import DeliveryItem, DeliveryStream, ReleasePackage, Requirement, StreamRun
from transition.operations import handoffs, requirements
from transition.rules import delivery as rules

State = DeliveryItem.State


@operation
def add(
    *,
    kind: str,
    title: str,
    actor: Actor,
    package: ReleasePackage | None = None,
    stream: DeliveryStream | None = None,
    requirement: Requirement | None = None,
    ci: ConfigurationItem | None = None,
    article: Article | None = None,
    offset_days: int = 0,
) -> DeliveryItem:
    """Put an item into a package (due at its offset from T) or into a stream."""
    if (package is None) == (stream is None):
        raise InvalidInput.at("package", "An item belongs to a package or to a stream: name one of the two.")
    home: ReleasePackage | DeliveryStream = package or stream  # type: ignore[assignment]
    require(rules.may_plan, actor, home.plan)
    if kind not in DeliveryItem.Kind.values:
        raise InvalidInput.at("kind", f"Unknown kind {kind!r}. Known: {', '.join(DeliveryItem.Kind.values)}.")
    if package is not None and package.state in ("closed", "cancelled"):
        raise InvalidInput.at("package", f"{package.number} is {package.get_state_display().lower()}; nothing goes in.")
    if requirement is not None and requirement.plan_id != home.plan_id:
        raise InvalidInput.at("requirement", f"{requirement.display} belongs to another service's plan.")
    item = DeliveryItem.objects.create(
        kind=kind, title=title, package=package, stream=stream, requirement=requirement, ci=ci, article=article,
        offset_days=offset_days,
    )  # fmt: skip
    events.record("transition.item.added", item, actor=actor)
    return item


@operation
def start(*, item_id: int, actor: Actor) -> DeliveryItem:
    item = _locked(item_id, actor)
    return _moved(item, State.IN_WORK, actor)


@operation
def complete(*, item_id: int, actor: Actor, now: datetime, run: StreamRun | None = None) -> DeliveryItem:
    """It is delivered. When it was the last code of a requirement, that requirement is built."""
    item = _locked(item_id, actor)
    item.done_at, item.done_in = now, run
    _moved(item, State.DONE, actor, "done_at", "done_in")
    if item.kind == DeliveryItem.Kind.CODE and item.requirement is not None:
        _built_if_whole(item.requirement, now)
    if item.kind == DeliveryItem.Kind.HARDWARE and item.stream_id is not None and item.ci_id is not None:
        handoffs.follow(cis=[item.ci_id], actor=actor, now=now)
    return item


@operation
def drop(*, item_id: int, actor: Actor, reason: str) -> DeliveryItem:
    """It will not be delivered; the reason is kept in its history."""
    item = _locked(item_id, actor)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it is dropped.")
    return _moved(item, State.DROPPED, actor)


def _locked(item_id: int, actor: Actor) -> DeliveryItem:
    item = DeliveryItem.objects.select_related(
        "package__plan__service", "stream__plan__service", "requirement__plan__service"
    ).lock(item_id)
    require(rules.may_deliver, actor, item)
    return item


def _moved(item: DeliveryItem, to: str, actor: Actor, *also: str) -> DeliveryItem:
    DeliveryItem.LIFECYCLE.move(item, to=to)
    item.save(update_fields=["state", *also])
    events.record(f"transition.item.{to}", item, actor=actor)
    return item


def _built_if_whole(requirement: Requirement, now: datetime) -> None:
    code = requirement.items.filter(kind=DeliveryItem.Kind.CODE, state__in=[State.PLANNED, State.IN_WORK])
    if requirement.status == Requirement.Status.OPEN and not code.exists():
        requirements.mark_built(requirement_id=requirement.pk, actor=Actor.system("delivery items"), now=now)
