"""What else goes on: other changes, jobs, freezes and people, on the same and on related CIs.

Windows are half-open: one that begins when another ends does not collide. Related CIs are found
in the CMDB, both ways; every answer says what was examined and what was not, and why. A change that
is over is compared with all that stood in the calendar then, a living one with what still stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from changes.models import AffectedCI, ChangeModel, ChangeRequest, ChangeTask, Freeze, OperationalJob
from changes.queries.jobs import runs_of
from cmdb.models import ConfigurationItem, Service
from cmdb.queries.impact import Reached, path_to, reach_both

RELATED_DEPTH = 4
Status = ChangeRequest.Status
OVER = (Status.REVIEW, Status.CLOSED)
TASK_OVER = (ChangeTask.State.DONE, ChangeTask.State.SKIPPED, ChangeTask.State.FAILED)


@dataclass(frozen=True)
class Collision:
    """One thing in the way: what, why, by which path of CIs, when, and how serious it is."""

    kind: str  # change, job, freeze, person
    what: Any
    why: str
    path: list[Any]  # names of CIs, from ours to theirs
    start: datetime
    end: datetime
    severity: str  # block, warn
    person: str = ""


@dataclass(frozen=True)
class CollisionReport:
    examined: dict[str, int]
    found: list[Collision]
    skipped: list[str] = field(default_factory=list)

    @property
    def blocking(self) -> list[Collision]:
        return [collision for collision in self.found if collision.severity == "block"]


@dataclass(frozen=True)
class Scope:
    """What a change needs for itself: CIs, services and people, by id."""

    cis: frozenset[int]
    services: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    emergency: bool = False
    besides: int | None = None
    is_over: bool = False

    @classmethod
    def of(cls, change: ChangeRequest) -> "Scope":
        tasks = change.tasks.filter(assignee__isnull=False).exclude(state__in=TASK_OVER)
        return cls.made_of(
            change,
            change.affected.values_list("ci_id", flat=True),
            change.services.values_list("pk", flat=True),
            tasks.values_list("assignee_id", flat=True),
        )

    @classmethod
    def made_of(
        cls, change: ChangeRequest, cis: Iterable[int], services: Iterable[int], people: Iterable[int]
    ) -> "Scope":
        """Of what the caller has read already."""
        return cls(
            cis=frozenset(cis),
            services=frozenset(services),
            people=frozenset(people),
            emergency=change.type == ChangeModel.Type.EMERGENCY,
            besides=change.pk,
            is_over=change.status in OVER,
        )


@dataclass(frozen=True)
class Neighbourhood:
    """The CIs in reach of a scope: downstream ones are hit by it, upstream ones hit it."""

    touched: frozenset[int]
    down: dict[int, Reached]
    up: dict[int, Reached]

    @classmethod
    def of(cls, scope: Scope) -> "Neighbourhood":
        down, up = reach_both(scope.cis, depth=RELATED_DEPTH) if scope.cis else ({}, {})
        return cls(scope.cis, down, up)

    @property
    def everything(self) -> list[int]:
        return sorted(self.touched | set(self.down) | set(self.up))

    def nearest(self, cis: Iterable[int]) -> tuple[str, list[int]]:
        """How the nearest of these CIs is related, and the path of ids to it."""
        mine = sorted(cis)
        if same := [ci for ci in mine if ci in self.touched]:
            return "same CI", [same[0]]
        for why, found in (("same path", self.down), ("related CI", self.up)):
            if reached := [found[ci] for ci in mine if ci in found]:
                return why, path_to(min(reached, key=lambda r: r.distance).ci_id, found)
        return "related CI", mine[:1]


def collisions_of(change: ChangeRequest) -> CollisionReport:
    """What is in the way of this change in its window."""
    if change.window is None:
        return CollisionReport({"cis": change.affected.count()}, [], ["everything: there is no window yet"])
    return collisions_in(Scope.of(change), change.window.lower, change.window.upper)


def collisions_in(
    scope: Scope,
    start: datetime,
    end: datetime,
    *,
    near: Neighbourhood | None = None,
    names: Mapping[int, str] | None = None,
) -> CollisionReport:
    """What is in the way of this scope within [start, end), the most serious first.

    `near` and `names` (of CIs) spare their queries to a caller who has them.
    """
    near = near or Neighbourhood.of(scope)
    changes, examined_changes = _changes(scope, near, start, end)
    jobs, examined_jobs = _jobs(near, start, end)
    barred, examined_freezes = _freezes(scope, near, start, end)
    found = _named([*changes, *jobs, *barred], dict(names or {}))
    examined = {
        "cis": len(scope.cis),
        "related": len(near.everything) - len(scope.cis),
        "changes": examined_changes,
        "jobs": examined_jobs,
        "freezes": examined_freezes,
        "people": len(scope.people),
    }
    skipped = [] if scope.cis else ["changes and jobs on CIs: no CI is named"]
    return CollisionReport(examined, sorted(found, key=lambda c: (c.severity != "block", c.start)), skipped)


def _changes(scope: Scope, near: Neighbourhood, start: datetime, end: datetime) -> tuple[list[Collision], int]:
    """Other changes on the same or related CIs, and people who have a task in another change meanwhile."""
    standing = _standing(scope, start, end)
    found: list[Collision] = []
    examined = None
    for rival in _rivals(standing, scope, near):
        examined = rival.examined
        if rival.confidential:
            rival.title = "Confidential"  # that it is there is to be known, not what it is
        if rival.meets:
            why, path = near.nearest(rival.meets)
            severity = "block" if why == "same CI" else "warn"
            found.append(Collision("change", rival, why, path, rival.window.lower, rival.window.upper, severity))
        found += _double_booked(rival, getattr(rival, "booked", None) or [], start, end)
    return found, standing.count() if examined is None else examined


def _among(ids: Iterable[int]) -> RawSQL:
    """These ids as one value, not as thousands of placeholders."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])


def _standing(scope: Scope, start: datetime, end: datetime) -> QuerySet[ChangeRequest]:
    """The other changes that have a place in the calendar meanwhile."""
    statuses = (*ChangeRequest.IN_CALENDAR, *OVER) if scope.is_over else ChangeRequest.IN_CALENDAR
    window = DateTimeTZRange(start, end, "[)")
    found: QuerySet[ChangeRequest] = ChangeRequest.objects.filter(window__overlap=window, status__in=statuses)
    return found.exclude(pk=scope.besides or 0)


def _rivals(standing: QuerySet[ChangeRequest], scope: Scope, near: Neighbourhood) -> QuerySet[Any]:
    """Those that touch one of our CIs or bind one of our people, each with how many were `examined`; one query.

    The few that meet us are found by their CIs and people, from sets that the database makes once: a long
    window overlaps thousands of changes, and to ask of each one whether it meets us takes ten times as long.
    """
    touching = AffectedCI.objects.filter(ci__in=_among(near.everything))
    meeting, told = Q(pk__in=touching.values("change")), {}
    if scope.people:
        bookings = _bookings(scope)
        meeting |= Q(pk__in=bookings.values("change"))
        told["booked"] = ArraySubquery(_said(bookings.filter(change=OuterRef("pk"))))
    total = standing.order_by().annotate(all=Value(1)).values("all").annotate(total=Count("pk")).values("total")
    return (
        standing.filter(meeting)
        .only("title", "window", "status", "confidential")
        .annotate(
            meets=ArraySubquery(touching.filter(change=OuterRef("pk")).values("ci_id")),
            examined=Subquery(total),
            **told,
        )
    )


def _bookings(scope: Scope) -> QuerySet[ChangeTask]:
    """The tasks that our people have in changes."""
    tasks: QuerySet[ChangeTask] = ChangeTask.objects.filter(assignee__in=scope.people)
    return tasks if scope.is_over else tasks.exclude(state__in=TASK_OVER)


def _said(tasks: QuerySet[ChangeTask]) -> QuerySet[Any, Any]:
    return tasks.values(
        said=JSONObject(
            first="assignee__first_name",
            last="assignee__last_name",
            username="assignee__username",
            offset="offset_minutes",
            lasts="duration_minutes",
        )
    )


def _double_booked(
    rival: ChangeRequest, booked: list[dict[str, Any]], start: datetime, end: datetime
) -> list[Collision]:
    """A person should have nothing else to do within the whole of our window."""
    found = []
    for task in booked:
        begins = rival.window.lower + timedelta(minutes=task["offset"])
        ends = begins + timedelta(minutes=max(task["lasts"], 1))
        if begins < end and ends > start:
            person = f"{task['first']} {task['last']}".strip() or task["username"]
            found.append(Collision("person", rival, "same person", [], begins, ends, "block", person))
    return found


def _jobs(near: Neighbourhood, start: datetime, end: datetime) -> tuple[list[Collision], int]:
    """What depends on the touched CIs is hit by the change and blocks; what they depend on only warns."""
    if not near.touched:
        return [], 0
    on = OperationalJob.cis.through.objects.filter(
        operationaljob=OuterRef("pk"), configurationitem__in=_among(near.everything)
    ).values("configurationitem_id")
    active = list(OperationalJob.objects.filter(active=True).select_related("owner").annotate(on=ArraySubquery(on)))
    found = []
    for job in active:
        if not job.on:
            continue
        why, path = near.nearest(job.on)
        severity = "warn" if why == "related CI" else "block"
        found += [Collision("job", job, why, path, *run, severity) for run in runs_of(job, start, end)]
    return found, len(active)


def _freezes(scope: Scope, near: Neighbourhood, start: datetime, end: datetime) -> tuple[list[Collision], int]:
    """Freezes everywhere, on a service of the change, or on one that it touches or hits."""
    cis = near.touched | set(near.down)
    barred = Service.objects.filter(freezes=OuterRef("pk")).filter(Q(pk__in=scope.services) | Q(ci__in=_among(cis)))
    window = DateTimeTZRange(start, end, "[)")
    overlapping = Freeze.objects.filter(window__overlap=window).annotate(bars=Q(everywhere=True) | Exists(barred))
    examined = list(overlapping.order_by("window", "pk"))
    found = []
    for freeze in examined:
        if freeze.bars:
            severity = "warn" if scope.emergency and freeze.emergency_lane else "block"
            found.append(Collision("freeze", freeze, "freeze", [], freeze.window.lower, freeze.window.upper, severity))
    return found, len(examined)


def _named(found: list[Collision], names: dict[int, str]) -> list[Collision]:
    """Paths as names of CIs instead of ids; one query for all that are not known yet."""
    unknown = {ci for collision in found for ci in collision.path} - set(names)
    if unknown:
        names |= dict(ConfigurationItem.objects.filter(pk__in=unknown).values_list("pk", "name"))
    return [replace(collision, path=[names.get(ci, "?") for ci in collision.path]) for collision in found]
