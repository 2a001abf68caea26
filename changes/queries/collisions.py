"""What else goes on: other changes, jobs, freezes and people, on the same and on related CIs.

Windows are half-open: one that begins when another ends does not collide. Related CIs are found
in the CMDB, both ways; every answer says what was examined and what was not, and why.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from changes.models import AffectedCI, ChangeModel, ChangeRequest, ChangeTask, OperationalJob
from changes.queries import freezes
from changes.queries.jobs import runs_of
from cmdb.models import ConfigurationItem, Service
from cmdb.queries.impact import Reached, path_to, reach

RELATED_DEPTH = 4


@dataclass(frozen=True)
class Collision:
    """One thing in the way: what, why, by which path of CIs, when, and how serious it is."""

    kind: str  # change, job, freeze, person
    what: Any
    why: str
    path: list[str]
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

    @classmethod
    def of(cls, change: ChangeRequest) -> "Scope":
        return cls(
            cis=frozenset(change.affected.values_list("ci_id", flat=True)),
            services=frozenset(change.services.values_list("pk", flat=True)),
            people=frozenset(
                change.tasks.filter(assignee__isnull=False)
                .exclude(state__in=[ChangeTask.State.DONE, ChangeTask.State.SKIPPED, ChangeTask.State.FAILED])
                .values_list("assignee_id", flat=True)
            ),
            emergency=change.type == ChangeModel.Type.EMERGENCY,
            besides=change.pk,
        )


@dataclass(frozen=True)
class Neighbourhood:
    """The CIs in reach of a scope: downstream ones are hit by it, upstream ones hit it."""

    touched: frozenset[int]
    down: dict[int, Reached]
    up: dict[int, Reached]

    @classmethod
    def of(cls, scope: Scope) -> "Neighbourhood":
        return cls(
            scope.cis,
            reach(scope.cis, direction="downstream", depth=RELATED_DEPTH) if scope.cis else {},
            reach(scope.cis, direction="upstream", depth=RELATED_DEPTH) if scope.cis else {},
        )

    @property
    def everything(self) -> list[int]:
        return sorted(self.touched | set(self.down) | set(self.up))

    def nearest(self, cis: Iterable[int]) -> tuple[str, list[int]]:
        """How the nearest of these CIs is related, and the path of ids to it."""
        mine = list(cis)
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
    scope: Scope, start: datetime, end: datetime, *, near: Neighbourhood | None = None
) -> CollisionReport:
    """What is in the way of this scope within [start, end), the most serious first."""
    near = near or Neighbourhood.of(scope)
    window = DateTimeTZRange(start, end, "[)")
    changes, examined_changes = _changes(scope, near, window)
    jobs, examined_jobs = _jobs(near, start, end)
    barred, examined_freezes = _freezes(scope, near, start, end)
    people = _people(scope, window)
    found = _named([*changes, *jobs, *barred, *people])
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


def _in_calendar(scope: Scope, window: DateTimeTZRange) -> Any:
    return ChangeRequest.objects.filter(window__overlap=window, status__in=ChangeRequest.IN_CALENDAR).exclude(
        pk=scope.besides
    )


def _changes(scope: Scope, near: Neighbourhood, window: DateTimeTZRange) -> tuple[list[Collision], int]:
    rivals = {change.pk: change for change in _in_calendar(scope, window)}
    touching: dict[int, list[int]] = {}
    rows = AffectedCI.objects.filter(change__in=rivals, ci__in=near.everything) if rivals and scope.cis else []
    for row in rows:
        touching.setdefault(row.change_id, []).append(row.ci_id)
    found = []
    for pk, cis in touching.items():
        why, path = near.nearest(cis)
        severity = "block" if why == "same CI" else "warn"
        rival = rivals[pk]
        found.append(Collision("change", rival, why, path, rival.window.lower, rival.window.upper, severity))  # type: ignore[arg-type]
    return found, len(rivals)


def _jobs(near: Neighbourhood, start: datetime, end: datetime) -> tuple[list[Collision], int]:
    """What depends on the touched CIs is hit by the change and blocks; what they depend on only warns."""
    active = OperationalJob.objects.filter(active=True)
    if not near.touched:
        return [], 0
    concerned = active.filter(cis__in=near.everything).distinct().select_related("owner").prefetch_related("cis")
    found = []
    for job in concerned:
        why, path = near.nearest(ci.pk for ci in job.cis.all())
        severity = "warn" if why == "related CI" else "block"
        found += [Collision("job", job, why, path, *run, severity) for run in runs_of(job, start, end)]  # type: ignore[arg-type]
    return found, active.count()


def _freezes(scope: Scope, near: Neighbourhood, start: datetime, end: datetime) -> tuple[list[Collision], int]:
    cis = near.touched | set(near.down)
    services = scope.services | set(Service.objects.filter(ci__in=cis).values_list("pk", flat=True) if cis else [])
    barring = list(freezes.touching(start, end, services))
    found = []
    for freeze in barring:
        severity = "warn" if scope.emergency and freeze.emergency_lane else "block"
        found.append(Collision("freeze", freeze, "freeze", [], freeze.window.lower, freeze.window.upper, severity))
    return found, len(barring)


def _people(scope: Scope, window: DateTimeTZRange) -> list[Collision]:
    """People who have a task in another change at the time of the window."""
    if not scope.people:
        return []
    over = [ChangeTask.State.DONE, ChangeTask.State.SKIPPED, ChangeTask.State.FAILED]
    tasks = (
        ChangeTask.objects.filter(assignee__in=scope.people, change__in=_in_calendar(scope, window))
        .exclude(state__in=over)
        .select_related("change", "assignee")
    )
    found = []
    for task in tasks:
        begins = task.change.window.lower + timedelta(minutes=task.offset_minutes)
        ends = begins + timedelta(minutes=max(task.duration_minutes, 1))
        if begins < window.upper and ends > window.lower:
            name = str(task.assignee)
            found.append(Collision("person", task.change, "same person", [], begins, ends, "block", name))
    return found


def _named(found: list[Collision]) -> list[Collision]:
    """Paths as names of CIs instead of ids; one query for all."""
    ids = {ci for collision in found for ci in collision.path}
    names = dict(ConfigurationItem.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return [
        Collision(c.kind, c.what, c.why, [names.get(ci, "?") for ci in c.path], c.start, c.end, c.severity, c.person)  # type: ignore[call-overload]
        for c in found
    ]
