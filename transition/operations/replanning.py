"""Cut a package into smaller ones, or let its items go over into streams; and take either back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Case, Max, Value, When

from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import (
    DeliveryItem,
    DeliveryStream,
    ItemMove,
    NonFunctionalTarget,
    ReleasePackage,
    Replanning,
)
from transition.operations import packages
from transition.queries.replanning import Slice, Way, latest_of, ways_into_slices, ways_into_streams
from transition.rules import delivery as rules

State = ReleasePackage.State
OPEN = (State.PLANNED, State.BUILDING)


class TooLate(DomainError):
    """Operations took the package over, or it is past."""

    code = "package_not_open"


class NoStreamForKind(DomainError):
    code = "no_stream_for_kind"


class NothingToMove(DomainError):
    code = "nothing_to_move"


class NothingToUndo(DomainError):
    code = "nothing_to_undo"


class MovedOn(DomainError):
    """What was moved has been worked on where it went."""

    code = "moved_on"


@operation
def preview_slices(*, package: ReleasePackage, slices: Sequence[Slice], actor: Actor) -> list[Way]:
    """Where each item would go; refuses what `slice_` refuses, and changes nothing."""
    require(rules.may_plan, actor, package.plan)
    _check_slices(package, slices)
    return ways_into_slices(package, slices)


@operation
def preview_streams(*, package: ReleasePackage, actor: Actor, streams: Mapping[str, DeliveryStream]) -> list[Way]:
    """Where each item would go; what has no stream says so in its way."""
    require(rules.may_plan, actor, package.plan)
    _check_streams(package, streams)
    return ways_into_streams(package, streams)


@operation
def slice_(*, package_id: int, slices: Sequence[Slice], actor: Actor, reason: str = "") -> ReleasePackage:
    """Each slice becomes a package of the same plan; items keep their offsets, so that their dates follow it.

    A non-functional target goes along with the last of its items.
    """
    package = _locked(package_id, actor)
    _check_slices(package, slices)
    done = Replanning.objects.create(package=package, way=Replanning.Way.SLICES, reason=reason, by=actor.user)
    made = [_planned(package, piece, actor) for piece in slices]
    moves = [
        ItemMove(replanning=done, item=item, to_package=home)
        for home, piece in zip(made, slices, strict=True)
        for item in piece.items
    ]
    _carry_out(moves)
    _take_targets_along(package, moves)
    events.record("transition.package.sliced", package, actor=actor, into=[home.number for home in made], reason=reason)
    return package


@operation
def replan_as_streams(
    *, package_id: int, actor: Actor, streams: Mapping[str, DeliveryStream] | None = None, reason: str = ""
) -> ReleasePackage:
    """Each open item goes to the stream for its kind; what is done or dropped stays where it was done."""
    package = _locked(package_id, actor)
    _check_streams(package, streams or {})
    ways = ways_into_streams(package, streams or {})
    _has_streams(package, ways)
    done = Replanning.objects.create(package=package, way=Replanning.Way.STREAMS, reason=reason, by=actor.user)
    moves = [
        ItemMove(replanning=done, item=way.item, to_stream=way.to) for way in ways if isinstance(way.to, DeliveryStream)
    ]
    if not moves:
        raise NothingToMove(f"Nothing in {package.number} is left to do, so nothing goes over into streams.")
    _carry_out(moves)
    into = sorted({move.to_stream.number for move in moves})  # type: ignore[union-attr]
    events.record("transition.package.replanned", package, actor=actor, into=into, reason=reason)
    return package


@operation
def undo(*, package_id: int, actor: Actor, now: datetime) -> ReleasePackage:
    """Take the last one back: items return with their dates, and packages that were made for them are cancelled."""
    package = _locked(package_id, actor)
    done = latest_of(package)
    if done is None:
        raise NothingToUndo(f"{package.number} was not cut or re-planned, or that has been undone already.")
    moves = list(done.moves.select_related("item", "to_package", "to_stream").order_by("pk"))
    homes = _still_as_moved(moves)
    _return(done, moves)
    for home in homes:
        packages.cancel(package_id=home.pk, actor=actor, reason=f"The cut of {package.number} was undone.")
    done.undone_at, done.undone_by = now, actor.user
    done.save(update_fields=["undone_at", "undone_by"])
    events.record("transition.package.replanning_undone", package, actor=actor, way=done.way)
    return package


def _locked(package_id: int, actor: Actor) -> ReleasePackage:
    """The package with its items, so that none is completed while it moves."""
    package = ReleasePackage.objects.select_related("plan__service").lock(package_id)
    require(rules.may_plan, actor, package.plan)
    list(DeliveryItem.objects.select_for_update(of=("self",)).filter(package=package).order_by("pk"))
    return package


def _is_open(package: ReleasePackage) -> None:
    if package.state not in OPEN:
        raise TooLate(f"{package.number} is {package.get_state_display().lower()}: only what is planned or being built "
                      "can be planned anew.")  # fmt: skip


def _check_slices(package: ReleasePackage, slices: Sequence[Slice]) -> None:
    _is_open(package)
    if not slices:
        raise InvalidInput.at("slices", "Name at least one smaller package, and what goes into it.")
    wanted = Counter(item.pk for piece in slices for item in piece.items)
    named = {item.pk: item for piece in slices for item in piece.items}
    for place, piece in enumerate(slices):
        if not piece.items:
            raise InvalidInput.at("slices", f"Nothing goes into {piece.name!r}. Name its items, or leave it out.")
        for item in piece.items:
            if item.package_id != package.pk:
                raise InvalidInput.at("slices", f"{item.number} (in slice {place + 1}) is not in {package.number}.")
    if twice := [named[pk].number for pk, times in wanted.items() if times > 1]:
        raise InvalidInput.at("slices", f"Each item goes one way, but {', '.join(twice)} goes more than one.")


def _check_streams(package: ReleasePackage, streams: Mapping[str, DeliveryStream]) -> None:
    _is_open(package)
    for kind, stream in streams.items():
        if kind not in DeliveryItem.Kind.values:
            known = ", ".join(DeliveryItem.Kind.values)
            raise InvalidInput.at("streams", f"Unknown kind {kind!r}. Known: {known}.")
        if stream.plan_id != package.plan_id:
            raise InvalidInput.at("streams", f"{stream.number} belongs to another service's plan.")
        if stream.state == DeliveryStream.State.ENDED:
            raise InvalidInput.at("streams", f"{stream.number} has ended; name one that delivers.")


def _has_streams(package: ReleasePackage, ways: Sequence[Way]) -> None:
    lost = [way for way in ways if way.missing]
    if lost:
        raise NoStreamForKind(
            f"{len(lost)} item{'s have' if len(lost) > 1 else ' has'} no stream to go to. Start one, or name another "
            "stream for that kind.",
            checks=[
                {"code": "no_stream_for_kind", "label": way.item.title, "message": way.why,
                 "url": package.plan.get_absolute_url()} for way in lost
            ],
        )  # fmt: skip


def _planned(package: ReleasePackage, piece: Slice, actor: Actor) -> ReleasePackage:
    """A call names few slices; each is planned like any other package."""
    ordinal = piece.ordinal
    if ordinal is None:
        ordinal = package.plan.packages.aggregate(last=Max("ordinal"))["last"] + 1
    els_days = package.els_days if piece.els_days is None else piece.els_days
    return packages.plan(
        plan=package.plan, ordinal=ordinal, name=piece.name, target_date=piece.target_date, els_days=els_days,
        sliced_from=package, actor=actor,
    )  # fmt: skip


def _carry_out(moves: Sequence[ItemMove]) -> None:
    ItemMove.objects.bulk_create(moves)
    to_package = [When(pk=move.item_id, then=Value(move.to_package_id)) for move in moves if move.to_package_id]
    to_stream = [When(pk=move.item_id, then=Value(move.to_stream_id)) for move in moves if move.to_stream_id]
    DeliveryItem.objects.filter(pk__in=[move.item_id for move in moves]).update(
        package_id=Case(*to_package, default=None), stream_id=Case(*to_stream, default=None)
    )


def _take_targets_along(package: ReleasePackage, moves: Sequence[ItemMove]) -> None:
    stays = DeliveryItem.objects.filter(package=package, requirement__isnull=False).values("requirement")
    goes = {move.item.requirement_id: move.to_package_id for move in moves if move.item.kind == DeliveryItem.Kind.NFR}
    NonFunctionalTarget.objects.filter(package=package, requirement__in=goes).exclude(requirement__in=stays).update(
        package_id=Case(*(When(requirement=pk, then=Value(home)) for pk, home in goes.items()))
    )


def _still_as_moved(moves: Sequence[ItemMove]) -> list[ReleasePackage]:
    """The packages that were made for them; refuses if anything there was worked on or added since."""
    on = [move.item.number for move in moves if _went_on(move)]
    homes = {move.to_package_id: move.to_package for move in moves if move.to_package is not None}
    ours = [move.item_id for move in moves]
    on += [home.number for home in homes.values() if home.state not in OPEN]
    on += [item.number for item in DeliveryItem.objects.filter(package__in=homes).exclude(pk__in=ours).order_by("pk")]
    if on:
        raise MovedOn(
            f"{', '.join(on[:5])} went on since; undoing it would lose that. Move the items one by one, or plan anew.",
            checks=[{"code": "moved_on", "label": number, "message": "", "url": ""} for number in on],
        )
    return list(homes.values())


def _went_on(move: ItemMove) -> bool:
    item = move.item
    return (item.package_id, item.stream_id) != (move.to_package_id, move.to_stream_id) or (
        move.to_stream_id is not None and item.state == DeliveryItem.State.DONE
    )


def _return(done: Replanning, moves: Sequence[ItemMove]) -> None:
    package = done.package
    DeliveryItem.objects.filter(pk__in=[move.item_id for move in moves]).update(package_id=package.pk, stream_id=None)
    agreed = NonFunctionalTarget.objects.filter(package=package).values("requirement")
    NonFunctionalTarget.objects.filter(
        package__in=[move.to_package_id for move in moves if move.to_package_id],
        requirement__in=[move.item.requirement_id for move in moves if move.item.requirement_id],
    ).exclude(requirement__in=agreed).update(package_id=package.pk)
