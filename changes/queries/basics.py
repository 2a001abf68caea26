"""The facts that the basics judge, read in a fixed number of queries, and the verdicts over them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from changes.basics import Clash, Snapshot, TaskFact, Verdict, judge
from changes.fingerprint import fingerprint_of
from changes.models import ChangeRequest, ChangeTask, Decision, Waiver
from changes.queries.collisions import (
    RELATED_DEPTH,
    TASK_OVER,
    Collision,
    CollisionReport,
    Neighbourhood,
    Scope,
    collisions_in,
)
from cmdb.models import ConfigurationItem
from cmdb.queries.impact import Impact, impact_of, reach
from itsm.kernel.errors import DomainError

FRESH = timedelta(days=90)


class BasicsBlock(DomainError):
    code = "basics_block"


@dataclass(frozen=True)
class Examination:
    """Everything that was found out about a change: its facts, verdicts, collisions and impact."""

    facts: Snapshot
    verdicts: list[Verdict]
    collisions: CollisionReport
    impact: Impact
    tasks: list[ChangeTask]
    waivers: list[Waiver]


def verdicts_of(change: ChangeRequest, now: datetime) -> list[Verdict]:
    return examine(change, now).verdicts


def examine(change: ChangeRequest, now: datetime) -> Examination:
    """Read the facts and judge them."""
    tasks = list(change.tasks.select_related("assignee", "predecessor").order_by("order", "pk"))
    touched = list(ConfigurationItem.objects.filter(affected_by__change=change).select_related("ci_class", "service"))
    impact = impact_of(touched)
    collisions = _collisions(change, impact, tasks)
    waivers = list(change.waivers.select_related("by").order_by("pk"))
    facts = _snapshot(change, now, tasks, impact, collisions, waivers)
    return Examination(facts, judge(facts), collisions, impact, tasks, waivers)


def refuse(change: ChangeRequest, verdicts: list[Verdict]) -> None:
    """Raise BasicsBlock with each verdict that blocks and that nobody has waived."""
    blocking = [verdict for verdict in verdicts if verdict.blocks]
    if not blocking:
        return
    url = change.get_absolute_url()
    checks = [{"code": v.code, "label": v.title, "message": v.explanation, "url": url} for v in blocking]
    titles = "; ".join(verdict.title for verdict in blocking)
    raise BasicsBlock(f"The basics block: {titles}. Mend them, or waive by name and reason.", checks=checks)


def _collisions(change: ChangeRequest, impact: Impact, tasks: list[ChangeTask]) -> CollisionReport:
    """With the reach downstream that the impact has found already."""
    touched = [ci.pk for ci in impact.starts]
    if change.window is None:
        return CollisionReport({"cis": len(touched)}, [], ["everything: there is no window yet"])
    scope = Scope.made_of(change, touched, [t.assignee_id for t in tasks if t.assignee_id and t.state not in TASK_OVER])
    down = {ci.pk: reached for ci, reached in impact.items if reached.distance <= RELATED_DEPTH}
    up = reach(touched, direction="upstream", depth=RELATED_DEPTH) if touched else {}
    names = {ci.pk: ci.name for ci in impact.starts} | {ci.pk: ci.name for ci, _ in impact.items}
    near = Neighbourhood(scope.cis, down, up)
    return collisions_in(scope, change.window.lower, change.window.upper, near=near, names=names)


def _snapshot(
    change: ChangeRequest,
    now: datetime,
    tasks: list[ChangeTask],
    impact: Impact,
    collisions: CollisionReport,
    waivers: list[Waiver],
) -> Snapshot:
    cis = [*impact.starts, *(ci for ci, _ in impact.items)]
    stale = [ci.name for ci in cis if ci.verified_at is None or ci.verified_at < now - FRESH]
    return Snapshot(
        now=now,
        start=change.starts_at,
        end=change.ends_at,
        check_minutes=change.check_minutes,
        back_out_minutes=change.back_out_minutes,
        margin_minutes=change.margin_minutes,
        back_out_trigger=change.back_out_trigger,
        back_out_steps=change.back_out_steps,
        tasks=[_task_fact(task) for task in tasks],
        touched=len(impact.starts),
        impacted=len(impact.items),
        stale=stale,
        unheard=_unheard(change, impact),
        clashes=[_clash(collision) for collision in collisions.found],
        examined=collisions.examined,
        waived=_waived(change, waivers),
    )


def _task_fact(task: ChangeTask) -> TaskFact:
    person = task.assignee
    return TaskFact(
        number=task.number,
        order=task.order,
        title=task.title,
        instructions=task.instructions,
        assignee=str(person) if person else "",
        assignee_id=task.assignee_id,
        can_work=person is not None and person.is_active and not person.is_machine,
        offset_minutes=task.offset_minutes,
        duration_minutes=task.duration_minutes,
        is_acknowledged=task.is_acknowledged,
        is_over=task.state in TASK_OVER,
        predecessor_order=task.predecessor.order if task.predecessor else None,
    )


def _unheard(change: ChangeRequest, impact: Impact) -> list[str]:
    """The owners of impacted services who neither asked for the change nor spoke on it."""
    owners = {ci.name: ci.owner for ci, _ in impact.services if ci.owner_id is not None}
    if not owners:
        return []
    spoke = set(Decision.objects.filter(authorisation__change=change).values_list("by_id", flat=True))
    spoke.add(change.requested_by_id)
    return [f"{owner}, owner of {name}" for name, owner in owners.items() if owner.pk not in spoke]


def _waived(change: ChangeRequest, waivers: list[Waiver]) -> dict[str, str]:
    """Waivers that are about the plan as it is now."""
    if not waivers:
        return {}
    present = fingerprint_of(change, people=True)
    return {w.check_code: f"{w.by}: {w.reason}" for w in waivers if w.fingerprint == present}


def _clash(collision: Collision) -> Clash:
    return Clash(_sentence(collision), collision.severity, collision.kind)


def _sentence(collision: Collision) -> str:
    start, end = timezone.localtime(collision.start), timezone.localtime(collision.end)
    times = f"{start:%H:%M}–{end:%H:%M}"
    what, path = collision.what, collision.path
    if collision.kind == "person":
        return f"{collision.person} is also on {what} from {start:%H:%M}."
    if collision.kind == "freeze":
        return f"{what.name} bars changes until {end:%a} {end.day} {end:%b %H:%M}."
    where = _where(collision, path)
    if collision.kind == "job":
        owner = f" Owner: {what.owner}." if what.owner else ""
        return f"{what.name} runs {times} {where}.{owner}"
    return f"{what} “{what.title}” runs {times} {where}."


def _where(collision: Collision, path: list[str]) -> str:
    if collision.why == "same CI":
        return f"on {path[0]}, which this change touches"
    if collision.why == "same path":
        return f"on {path[-1]}, which hangs on {path[0]}"
    return f"on {path[-1]}, on which {path[0]} hangs" if len(path) > 1 else "on a related CI"
