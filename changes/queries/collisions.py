"""What else goes on: other changes, jobs, freezes and people, on the same and on related CIs.

Windows are half-open: one that begins when another ends does not collide. Related CIs are found
in the CMDB, both ways; every answer says what was examined and what was not, and why. A change that
is over is compared with all that stood in the calendar then, a living one with what still stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from changes.models import ChangeRequest, Freeze, OperationalJob
from changes.queries.jobs import runs_of
from changes.queries.nearby import Nearby, Neighbourhood, Scope, nearby_of
from cmdb.models import ConfigurationItem
from itsm.kernel import rows
from itsm.kernel.models import User

JOBS = f"""
    SELECT {rows.columns(OperationalJob, "job")}, {rows.columns(User, "owner")}
    FROM changes_operationaljob AS job LEFT JOIN kernel_user AS owner ON owner.id = job.owner_id
    WHERE job.id = ANY (%(ids)s) ORDER BY job.id
"""  # noqa: S608 - names of our own tables

__all__ = ["Collision", "CollisionReport", "Neighbourhood", "Scope", "collisions_in", "collisions_of"]


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

    @property
    def key(self) -> str:
        """Names it as long as it is the same thing; when it happens is no part of it."""
        return f"{self.what.number} {self.person}".strip()


@dataclass(frozen=True)
class CollisionReport:
    examined: dict[str, int]
    found: list[Collision]
    skipped: list[str] = field(default_factory=list)

    @property
    def blocking(self) -> list[Collision]:
        return [collision for collision in self.found if collision.severity == "block"]


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
    around = nearby_of(scope, near, start, end)
    changes, jobs, barred = _changes(around, near, start, end), _jobs(around, near, start, end), _freezes(around, scope)
    found = _named([*changes, *jobs, *barred], dict(names or {}))
    examined = {
        "cis": len(scope.cis),
        "related": len(near.everything) - len(scope.cis),
        "changes": around.changes,
        "jobs": around.jobs,
        "freezes": around.freezes,
        "people": len(scope.people),
    }
    skipped = [] if scope.cis else ["changes and jobs on CIs: no CI is named"]
    return CollisionReport(examined, sorted(found, key=lambda c: (c.severity != "block", c.start)), skipped)


def _changes(around: Nearby, near: Neighbourhood, start: datetime, end: datetime) -> list[Collision]:
    """Other changes on the same or related CIs, and people who have a task in another change meanwhile."""
    found: list[Collision] = []
    for rival, meets, booked in around.rivals:
        if rival.confidential:
            rival.title = "Confidential"  # that it is there is to be known, not what it is
        if meets:
            why, path = near.nearest(meets)
            severity = "block" if why == "same CI" else "warn"
            found.append(Collision("change", rival, why, path, rival.window.lower, rival.window.upper, severity))
        found += _double_booked(rival, booked, start, end)
    return found


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


def _jobs(around: Nearby, near: Neighbourhood, start: datetime, end: datetime) -> list[Collision]:
    """What depends on the touched CIs is hit by the change and blocks; what they depend on only warns."""
    near_us = rows.read([OperationalJob, User], JOBS, {"ids": list(around.jobs_on)}) if around.jobs_on else []
    found = []
    for job, owner in near_us:
        job.owner = owner
        why, path = near.nearest(around.jobs_on[job.pk])
        severity = "warn" if why == "related CI" else "block"
        found += [Collision("job", job, why, path, *run, severity) for run in runs_of(job, start, end)]
    return found


def _freezes(around: Nearby, scope: Scope) -> list[Collision]:
    """Freezes everywhere, on a service of the change, or on one that it touches or hits."""
    barring = Freeze.objects.filter(pk__in=around.barring).order_by("window", "pk") if around.barring else []
    found = []
    for each in barring:
        severity = "warn" if scope.emergency and each.emergency_lane else "block"
        found.append(Collision("freeze", each, "freeze", [], each.window.lower, each.window.upper, severity))
    return found


def _named(found: list[Collision], names: dict[int, str]) -> list[Collision]:
    """Paths as names of CIs instead of ids; one query for all that are not known yet."""
    unknown = {ci for collision in found for ci in collision.path} - set(names)
    if unknown:
        names |= dict(ConfigurationItem.objects.filter(pk__in=unknown).values_list("pk", "name"))
    return [replace(collision, path=[names.get(ci, "?") for ci in collision.path]) for collision in found]
