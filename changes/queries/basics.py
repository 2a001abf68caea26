"""The facts that the basics judge, read in a fixed number of queries, and the verdicts over them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from changes.basics import Clash, Snapshot, Taken, TaskFact, Verdict, judge
from changes.fingerprint import fingerprint_among
from changes.models import ChangeModel, ChangeRequest, ChangeTask
from changes.queries import authorisations, requests, windows
from changes.queries.authorisations import Asked
from changes.queries.collisions import Collision, CollisionReport, collisions_in
from changes.queries.durations import usual, with_usual
from changes.queries.engagements import appointments, away, with_engagements
from changes.queries.hearing import Hearing, heard_on
from changes.queries.nearby import RELATED_DEPTH, TASK_OVER, Neighbourhood, Scope
from changes.queries.requests import Waived
from cmdb.models import ConfigurationItem
from cmdb.queries.impact import DEPTH
from cmdb.queries.surroundings import COUNTED, Surroundings, surroundings_of
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
    touched: list[ConfigurationItem]
    around: Surroundings
    services: list[ConfigurationItem]
    tasks: list[ChangeTask]
    waivers: list[Waived]
    asked: list[Asked]
    hearing: Hearing
    reach_of: datetime | None = None  # when what it reaches was found, if that was before

    @property
    def to_hear(self) -> set[int]:
        """The owners whose word would mend it: who have not spoken about this plan, or object to it."""
        return {*self.hearing.unheard, *self.hearing.awaited, *self.hearing.objections}


def verdicts_of(change: ChangeRequest, now: datetime) -> list[Verdict]:
    return examine(change, now).verdicts


def examine(change: ChangeRequest, now: datetime, *, to_show: bool = False) -> Examination:
    """Read the facts and judge them; a change that was read `in_full` spares one query.

    `to_show`, where nothing is decided by it: what a worker found of a vast reach is good enough.
    """
    full: Any = change if hasattr(change, "touched_ids") else requests.in_full().get(pk=change.pk)
    planned = change.tasks.select_related("assignee", "predecessor").order_by("order", "pk")
    tasks = list(with_engagements(with_usual(planned, now), change.starts_at, change.ends_at))
    around, reach_of = (_kept_reach(full) if to_show else None) or (_reach(full, now), None)
    cis = _cis(full.touched_ids, around)
    touched = [cis[pk] for pk in full.touched_ids if pk in cis]
    people = [task.assignee_id for task in tasks if task.assignee_id and task.state not in TASK_OVER]
    scope = Scope.made_of(change, full.touched_ids, full.service_ids, people)
    collisions = _collisions(change, scope, around, {ci.pk: ci.name for ci in cis.values()})
    asked, waivers = authorisations.of(change), [Waived.read(row) for row in full.waived]
    standing = _standing(change, waivers, tasks, scope)
    hearing = heard_on(full, around, asked, tasks)
    facts = _snapshot(full, now, tasks, len(touched), around, collisions, standing, hearing)
    services = [cis[pk] for pk in around.services if pk in cis]
    return Examination(
        facts, judge(facts), collisions, touched, around, services, tasks, waivers, asked, hearing, reach_of
    )


def _reach(full: Any, now: datetime) -> Surroundings:
    return surroundings_of(full.touched_ids, down=DEPTH, near=RELATED_DEPTH, since=now - FRESH)


def _kept_reach(full: Any) -> tuple[Surroundings, datetime] | None:
    """What was found of the very CIs that it touches, and when."""
    if full.reach is None or full.reach["touched"] != full.touched_ids:
        return None
    return Surroundings.from_dict(full.reach["found"]), datetime.fromisoformat(full.reach["at"])


def _cis(touched: list[int], around: Surroundings) -> dict[int, ConfigurationItem]:
    """Those that are drawn, and the near ones for their names; where these are very many, only named ones are read."""
    near = around.near if len(around.near) <= COUNTED else set()
    return ConfigurationItem.objects.select_related("ci_class", "service__owner").in_bulk(
        {*touched, *around.services, *near}
    )


def refuse(change: ChangeRequest, verdicts: list[Verdict]) -> None:
    """Raise BasicsBlock with each verdict that blocks and that nobody has waived."""
    blocking = [verdict for verdict in verdicts if verdict.blocks]
    if not blocking:
        return
    url = change.get_absolute_url()
    checks = [{"code": v.code, "label": v.title, "message": v.explanation, "url": url} for v in blocking]
    titles = "; ".join(verdict.title for verdict in blocking)
    raise BasicsBlock(f"The basics block: {titles}. Mend them, or waive by name and reason.", checks=checks)


def _collisions(change: ChangeRequest, scope: Scope, around: Surroundings, names: dict[int, str]) -> CollisionReport:
    """With the reach and the names that are known already."""
    if change.window is None:
        return CollisionReport({"cis": len(scope.cis)}, [], ["everything: there is no window yet"])
    near = Neighbourhood(scope.cis, around.down, around.up)
    return collisions_in(scope, change.window.lower, change.window.upper, near=near, names=names)


def _snapshot(
    change: Any,
    now: datetime,
    tasks: list[ChangeTask],
    touched: int,
    around: Surroundings,
    collisions: CollisionReport,
    waived: dict[str, Taken],
    hearing: Hearing,
) -> Snapshot:
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
        touched=touched,
        impacted=around.reached,
        stale=[name for _, name in around.old],
        more_stale=around.stale - len(around.old),
        **hearing.facts,
        clashes=[_clash(collision) for collision in collisions.found],
        examined=collisions.examined,
        waived=waived,
        by_pipeline=not tasks and _is_a_pipelines(change),
        in_its_hours=windows.fits(change.model, change.starts_at, change.ends_at),
        model_hours=change.model.windows,
        risk=str(change.risk.label).lower(),
        back_out_tried=change.back_out_tried,
        steps_said_later="back_out_steps" in change.model.later_fields,
        gone_back_before=change.gone_back_before or 0,
        articles=change.articles,
        appointments=_appointments(change, tasks),
    )


def _is_a_pipelines(change: Any) -> bool:
    """Of a pre-authorised model, or a standard change that a pipeline asked for before its model lost that."""
    if change.model.pre_authorised:
        return True
    return change.type == ChangeModel.Type.STANDARD and bool(change.requested_by and change.requested_by.is_machine)


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
        way_back=task.phase == ChangeTask.Phase.BACK_OUT,
        usual_minutes=took.p90_minutes if (took := usual(task)) else 0,
        away=away(task),
        predecessor_order=task.predecessor.order if task.predecessor else None,
    )


def _appointments(change: ChangeRequest, tasks: list[ChangeTask]) -> list[str]:
    start, end = change.starts_at, change.ends_at
    if start is None or end is None:
        return []
    open_tasks = [task for task in tasks if task.state not in TASK_OVER and task.assignee_id]
    return list(dict.fromkeys(said for task in open_tasks for said in appointments(task, start, end)))


def _standing(change: ChangeRequest, waivers: list[Waived], tasks: list[ChangeTask], scope: Scope) -> dict[str, Taken]:
    """Waivers that are about the plan as it is now, each with who gave it, why, and what was wrong then."""
    if not waivers:
        return {}
    present = fingerprint_among(change, tasks, scope.cis, scope.services, people=True)
    standing = [waiver for waiver in waivers if waiver.fingerprint == present]
    return {waiver.check_code: Taken(f"{waiver}: {waiver.reason}", waiver.covers) for waiver in standing}


def _clash(collision: Collision) -> Clash:
    return Clash(_sentence(collision), collision.severity, collision.kind, collision.key)


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
