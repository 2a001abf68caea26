"""A package's contents by kind, and its way to T and beyond with real dates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from transition.models import DeliveryItem, ReleasePackage

State = DeliveryItem.State


@dataclass
class Content:
    """The items of one kind, and how many of them are done."""

    kind: str
    label: str
    items: list[DeliveryItem] = field(default_factory=list)

    @property
    def wanted(self) -> int:
        return sum(item.state != State.DROPPED for item in self.items)

    @property
    def done(self) -> int:
        return sum(item.state == State.DONE for item in self.items)


@dataclass(frozen=True)
class Step:
    """A line of the timeline: an item when it is due, or a date that everybody should know."""

    day: date
    offset: str
    item: DeliveryItem | None = None
    mark: str = ""
    kind: str = "none"
    word: str = ""


def contents_of(items: Iterable[DeliveryItem]) -> list[Content]:
    """In the order in which the kinds are declared."""
    by_kind = {kind: Content(kind, str(label)) for kind, label in DeliveryItem.Kind.choices}
    for item in items:
        by_kind[item.kind].items.append(item)
    return [content for content in by_kind.values() if content.items]


def timeline_of(package: ReleasePackage, items: Iterable[DeliveryItem], today: date) -> list[Step]:
    """By date, with today, the target and the end of early life support between."""
    target = package.target_date
    steps = [_step(item, (item.due or target), today) for item in items]
    steps.append(Step(target, "T", mark="Target"))
    if package.deployed_at:
        steps.append(Step(timezone.localdate(package.deployed_at), "", mark="Deployed"))
    steps.append(Step(package.els_until, f"+{package.els_days} d", mark="Early life support ends"))
    steps.append(Step(today, "", mark="Today"))
    return sorted(steps, key=lambda step: (step.day, step.item is None, step.mark == "Today"))


def offset_of(days: int) -> str:
    """T−3 weeks, T−2 days, T, T+5 days."""
    if not days:
        return "T"
    amount, unit = (abs(days) // 7, "week") if days % 7 == 0 else (abs(days), "day")
    return f"T{'−' if days < 0 else '+'}{amount} {unit}{'' if amount == 1 else 's'}"


def _step(item: DeliveryItem, due: date, today: date) -> Step:
    kind, word = {
        State.DONE: ("ok", "done"),
        State.DROPPED: ("none", "dropped"),
        State.IN_WORK: ("open", "in work"),
    }.get(State(item.state), ("none", "planned"))
    if item.state in (State.PLANNED, State.IN_WORK):
        days = (due - today).days
        if days < 0:
            kind, word = "block", f"{-days} d late"
        elif days < 7:
            kind, word = "warn", "due today" if not days else f"due in {days} d"
    return Step(due, offset_of(item.offset_days), item, kind=kind, word=word)
