"""Flow: each requirement of a service across all stages at once, each cell a state with its age.

The number of queries does not depend on the number of requirements.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils import timezone

from itsm.kernel import organisation
from itsm.kernel.actor import Actor
from itsm.kernel.models import Organisation
from itsm.kernel.workdays import WorkCalendar
from knowledge.queries.coverage import Coverage, coverage_of
from transition.models import DeliveryItem, DeliveryStream, Need, NonFunctionalTarget, ReleasePackage, Requirement
from transition.queries import requirements as ask
from transition.queries.links import list_url

STAGE_NAMES = {
    "built": "Built",
    "deployed": "Deployed",
    "documented": "Documented",
    "accepted": "Accepted",
    "early_life": "Early life",
}
STAGES = tuple(STAGE_NAMES)
NEEDED = {"documented": "knowledge", "accepted": "acceptance_test"}  # the kind of stream that has to follow


@dataclass(frozen=True)
class Cell:
    """Where a requirement stands at one stage: a verdict, since when or until when, and the record behind it."""

    state: str
    kind: str = "none"
    word: str = ""
    age: str = ""
    url: str = ""
    late_days: int = 0

    @property
    def text(self) -> str:
        """As it is written: in test 3 d; none, 4 d late."""
        return f"{self.word}, {self.age}" if self.late_days else " ".join(filter(None, [self.word, self.age]))


@dataclass(frozen=True)
class Row:
    requirement: Requirement
    cells: dict[str, Cell]

    @property
    def late_days(self) -> int:
        return max(cell.late_days for cell in self.cells.values())

    @property
    def is_owed(self) -> bool:
        """Transition debt: live and functional, but not documented or not accepted."""
        requirement: Any = self.requirement
        return (
            requirement.status == Requirement.Status.DEPLOYED
            and requirement.kind == Requirement.Kind.FUNCTIONAL
            and not (requirement.is_documented and requirement.is_accepted)
        )

    @property
    def is_through(self) -> bool:
        """Nothing is to be done or watched any more."""
        done = (cell.kind == "ok" or cell.state == "not_expected" for cell in self.cells.values())
        return self.requirement.status == Requirement.Status.DEPLOYED and all(done)


def urgent_first(rows: Sequence[Row]) -> list[Row]:
    """What is late first, the latest of it on top; then what is under way; last what is through all stages."""
    return sorted(rows, key=lambda row: (row.is_through, -row.late_days))


def totals(rows: Sequence[Row]) -> dict[str, str]:
    """By stage, in a few words: how many came that far, and how many of the others are late."""
    return {stage: _total([row.cells[stage] for row in rows]) for stage in STAGES}


def _total(cells: Sequence[Cell]) -> str:
    far = sum(cell.kind == "ok" for cell in cells)
    late = sum(cell.late_days > 0 for cell in cells)
    troubled = sum(cell.state == "incidents" for cell in cells)
    said = [f"{far} of {len(cells)}", f"{late} late" if late else "", f"{troubled} with incidents" if troubled else ""]
    return ", ".join(filter(None, said))


@dataclass(frozen=True)
class LagTarget:
    """How soon after deployment a stage must follow, in working days; None: nothing was agreed."""

    days: int | None
    calendar: WorkCalendar = field(default_factory=WorkCalendar)

    def due(self, deployed_on: date) -> date | None:
        return None if self.days is None else self.calendar.after(deployed_on, self.days)


def lag_targets(streams: Sequence[DeliveryStream], said: Organisation) -> dict[str, LagTarget]:
    """By stage: what the streams agreed at their hand-overs, else the promise of the stream's own rhythm."""
    by_kind = {stream.kind: stream for stream in reversed(streams)}
    stages = {"documented": by_kind.get("knowledge"), "accepted": by_kind.get("acceptance_test")}
    return {
        stage: LagTarget(_lag(stream, streams), organisation.calendar(said, stream.country))
        if stream
        else LagTarget(None)
        for stage, stream in stages.items()
    }


def _lag(stream: DeliveryStream, streams: Sequence[DeliveryStream], seen: tuple[int, ...] = ()) -> int | None:
    feeder = next((s for s in streams if s.feeds_id == stream.pk and s.lag_target_days is not None), None)
    if feeder is None:
        days = stream.period_days or (stream.period_months or 0) * 30 or None
        return days if days is None or days < 7 else days * 5 // 7
    before = 0
    if feeder.kind != DeliveryStream.Kind.CODE and feeder.pk not in seen:
        before = _lag(feeder, streams, (*seen, stream.pk)) or 0
    return before + (feeder.lag_target_days or 0)


def flow_of(
    requirements: QuerySet[Requirement],
    streams: Sequence[DeliveryStream],
    *,
    actor: Actor,
    now: datetime,
    said: Organisation | None = None,
) -> list[Row]:
    """The matrix of one plan's requirements; withdrawn ones are left out."""
    wanted = requirements.exclude(status=Requirement.Status.WITHDRAWN).select_related(None)
    found = list(_with_facts(wanted, actor))
    facts = _Facts(
        coverage=coverage_of([requirement.ci_id for requirement in found], today=timezone.localdate(now)),
        lags=lag_targets(streams, said or organisation.current()),
        always_watched=any(s.kind == "early_life" and s.state == "active" for s in streams),
        today=timezone.localdate(now),
        zone=timezone.get_current_timezone(),
    )
    return [Row(requirement, {stage: _CELLS[stage](requirement, facts) for stage in STAGES}) for requirement in found]


@dataclass(frozen=True)
class _Facts:
    coverage: dict[int, Coverage]
    lags: dict[str, LagTarget]
    always_watched: bool
    today: date
    zone: tzinfo  # asked once: there may be a thousand cells

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def days_since(self, moment: datetime) -> int:
        return max((self.today - self.day(moment)).days, 0)


def _with_facts(requirements: QuerySet[Requirement], actor: Actor) -> QuerySet[Requirement]:
    needed = Need.objects.filter(ci=OuterRef("ci"), state=Need.State.OPEN).order_by("pk")
    due = {
        f"{stage}_by": Subquery(needed.filter(stream__kind=kind).values("due")[:1]) for stage, kind in NEEDED.items()
    }
    packaged = DeliveryItem.objects.filter(requirement=OuterRef("pk"), package__isnull=False).order_by()
    watched = F("package__deployed_at") + F("package__els_days") * Value(timedelta(days=1))
    targets = NonFunctionalTarget.objects.filter(requirement=OuterRef("pk")).order_by("package__ordinal")
    said = JSONObject(
        package=F("package_id"), live=F("package__deployed_at"),
        target=Cast("target_percent", TextField()), attained=Cast("attained_percent", TextField()),
    )  # fmt: skip
    return ask.with_incidents(ask.with_standing(requirements), actor).annotate(
        **due,
        is_begun=Exists(packaged.filter(state=DeliveryItem.State.IN_WORK)),
        watched_until=Subquery(
            packaged.filter(package__deployed_at__isnull=False)
            .values("requirement")
            .annotate(until=Max(ExpressionWrapper(watched, DateTimeField())))
            .values("until")
        ),
        agreed=ArraySubquery(targets.values(said=said)),
    )


def _built(requirement: Any, facts: _Facts) -> Cell:
    if requirement.kind == Requirement.Kind.NON_FUNCTIONAL and requirement.agreed:
        return _measured(requirement.agreed)
    if requirement.built_at:
        return Cell("built", "ok", "built", _said(facts.day(requirement.built_at)))
    return Cell("in_work", "open", "in work") if requirement.is_begun else Cell("open", "none", "open")


def _measured(agreed: list[dict[str, Any]]) -> Cell:
    """The delivery whose target counts now: the last that is live, else the next."""
    counts = next((said for said in reversed(agreed) if said["live"]), agreed[0])
    target = Decimal(counts["target"])
    goal, url = f"of {_share(target)}", ReleasePackage(pk=counts["package"]).get_absolute_url()
    if counts["attained"] is None:
        return Cell("not_measured", "unknown", "not measured", goal, url)
    attained = Decimal(counts["attained"])
    met = attained >= target
    return Cell("met" if met else "below", "ok" if met else "warn", _share(attained), goal, url)


def _deployed(requirement: Requirement, facts: _Facts) -> Cell:
    if requirement.deployed_at is None:
        return Cell("not_deployed")
    url = list_url("deployment-list", requirement=requirement.pk)
    return Cell("deployed", "ok", _said(facts.day(requirement.deployed_at)), url=url)


def _documented(requirement: Any, facts: _Facts) -> Cell:
    """By the article that got furthest; only functional requirements need one."""
    if requirement.kind != Requirement.Kind.FUNCTIONAL or requirement.deployed_at is None:
        return Cell("not_expected")
    found = facts.coverage[requirement.ci_id]
    url = reverse("knowledge:article-detail", args=[found.number]) if found.article_id else ""
    if requirement.is_documented:
        stale = found.state == "stale"
        return Cell(found.state, "warn" if stale else "ok", found.number, "review due" if stale else "", url)
    due = requirement.documented_by or facts.lags["documented"].due(facts.day(requirement.deployed_at))
    if not found.article_id:
        return _awaited("none", "none", due, facts)
    late = _late(due, facts)
    age = f"{facts.days_since(found.written_at)} d" if found.written_at else ""
    word = "in test" if found.state == "in_test" else "draft"
    return Cell(found.state, "block" if late else "warn", word, f"{late} d late" if late else age, url, late)


def _accepted(requirement: Any, facts: _Facts) -> Cell:
    if requirement.deployed_at is None:
        return Cell("not_expected")
    if requirement.is_accepted:
        return Cell("accepted", "ok", "passed")
    due = requirement.accepted_by or facts.lags["accepted"].due(facts.day(requirement.deployed_at))
    if requirement.is_pushed_back:
        late = _late(due, facts)
        return Cell("pushed_back", "block", "pushed back", f"{late} d late" if late else "", late_days=late)
    return _awaited("awaited", "not yet", due, facts)


def _early_life(requirement: Any, facts: _Facts) -> Cell:
    if requirement.deployed_at is None:
        return Cell("not_expected")
    if ids := sorted(set(requirement.incident_ids or ())):  # none for those who see no incident
        url = list_url("incident-list", id=",".join(map(str, ids)))
        return Cell("incidents", "warn", f"{len(ids)} incident{'s' if len(ids) > 1 else ''}", url=url)
    until = requirement.watched_until
    if facts.always_watched or (until is not None and until.date() >= facts.today):
        return Cell("watching", "open", "watching", f"{facts.days_since(requirement.deployed_at)} d")
    return Cell("over", "ok", "quiet") if until else Cell("not_expected")


def _awaited(state: str, word: str, due: date | None, facts: _Facts) -> Cell:
    """Nothing is there yet: not agreed when, due on a day, or late."""
    if due is None:
        return Cell(state, "warn", word)
    if late := _late(due, facts):
        return Cell(state, "block", word, f"{late} d late", late_days=late)
    near = due.strftime("%a") if (due - facts.today).days < 7 else _said(due)
    return Cell(state, "open", f"due {'today' if due == facts.today else near}")


def _late(due: date | None, facts: _Facts) -> int:
    return max((facts.today - due).days, 0) if due else 0


def _said(day: date) -> str:
    return f"{day.day} {day:%b}"


def _share(value: Decimal) -> str:
    return f"{value.normalize():f} %"


_CELLS = {
    "built": _built,
    "deployed": _deployed,
    "documented": _documented,
    "accepted": _accepted,
    "early_life": _early_life,
}
