"""Where each item of a package would go if it were cut into smaller packages, or went over into streams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from transition.models import DeliveryItem, DeliveryStream, ReleasePackage, Replanning
from transition.queries.plans import items

Kind = DeliveryItem.Kind
OPEN = (DeliveryItem.State.PLANNED, DeliveryItem.State.IN_WORK)

# What a stream of each kind delivers; knowledge is also what people are told and taught.
STREAM_FOR = {
    Kind.CODE: DeliveryStream.Kind.CODE,
    Kind.KNOWLEDGE: DeliveryStream.Kind.KNOWLEDGE,
    Kind.DOCUMENT: DeliveryStream.Kind.KNOWLEDGE,
    Kind.BRIEFING: DeliveryStream.Kind.KNOWLEDGE,
    Kind.TRAINING: DeliveryStream.Kind.KNOWLEDGE,
    Kind.ACCEPTANCE_TEST: DeliveryStream.Kind.ACCEPTANCE_TEST,
    Kind.NFR: DeliveryStream.Kind.ACCEPTANCE_TEST,
    Kind.HARDWARE: DeliveryStream.Kind.HARDWARE,
}


@dataclass(frozen=True)
class Slice:
    """A smaller package to be: its name, its date, and the items that go into it."""

    name: str
    target_date: date
    items: Sequence[DeliveryItem]
    ordinal: int | None = None
    els_days: int | None = None


@dataclass(frozen=True)
class Way:
    """An item's way; without a `to` it stays where it is, and `why` says why."""

    item: DeliveryItem
    to: Slice | DeliveryStream | None
    due_before: date | None
    due_after: date | None
    why: str = ""
    missing: bool = False

    @property
    def to_name(self) -> str:
        return "" if self.to is None else self.to.name if isinstance(self.to, Slice) else self.to.display


def ways_into_slices(package: ReleasePackage, slices: Sequence[Slice]) -> list[Way]:
    """Of each item of the package, in the order in which they fall due now. Offsets go along, so that dates follow."""
    goes = {item.pk: piece for piece in slices for item in piece.items}
    return [_into_slice(item, goes.get(item.pk)) for item in items().filter(package=package)]


def ways_into_streams(package: ReleasePackage, chosen: Mapping[str, DeliveryStream]) -> list[Way]:
    """Open items go to the stream that was chosen for their kind, or else to the plan's first one of a fitting kind."""
    found = streams_of(package)
    first = {stream.kind: stream for stream in reversed(found)}
    return [
        _into_stream(item, chosen.get(item.kind) or first.get(STREAM_FOR[Kind(item.kind)]))
        for item in items().filter(package=package)
    ]


def streams_of(package: ReleasePackage) -> list[DeliveryStream]:
    """Those of the plan that have not ended, in the plan's order."""
    alive = DeliveryStream.objects.filter(plan=package.plan_id).exclude(state=DeliveryStream.State.ENDED)
    return list(alive.order_by("ordinal"))


def latest_of(package: ReleasePackage) -> Replanning | None:
    """The last one that holds still; only it can be undone."""
    standing = package.replannings.filter(undone_at=None).select_related("package__plan__service", "by")
    return standing.order_by("-pk").first()


def _into_slice(item: DeliveryItem, piece: Slice | None) -> Way:
    if piece is None:
        return Way(item, None, item.due, item.due, "It stays.")
    return Way(item, piece, item.due, piece.target_date + (item.due - item.package.target_date))  # type: ignore[operator, union-attr]


def _into_stream(item: DeliveryItem, stream: DeliveryStream | None) -> Way:
    if item.state not in OPEN:
        return Way(item, None, item.due, item.due, f"It is {item.get_state_display().lower()}, and stays.")
    if stream is None:
        wanted = DeliveryStream.Kind(STREAM_FOR[Kind(item.kind)]).label
        return Way(item, None, item.due, item.due, f"The plan has no {wanted.lower()} stream.", missing=True)
    return Way(item, stream, item.due, None)
