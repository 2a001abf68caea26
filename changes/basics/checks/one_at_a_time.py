"""Nobody has two tasks of this change at the same time."""

from changes.basics.facts import Snapshot, TaskFact
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted


@check("one_at_a_time", "nobody_assumes", "Nobody has two tasks at once", order=40)
def one_at_a_time(facts: Snapshot) -> Said:
    if not facts.tasks:
        return Said("ok" if facts.by_pipeline else "unknown", "There is no task.", skipped="order: no task")
    open_tasks = [t for t in facts.tasks if not t.is_over and t.assignee_id is not None]
    if both := _at_once(open_tasks):
        text = f"{both[0].assignee} has task {both[0].order} and task {both[1].order} at the same time."
        return Said("warn", text, fix=Fix("Plan one after the other", "edit", both[1].number))
    examined = counted(len(open_tasks), "task")
    return Said("ok", f"{examined}, and nobody has two at once.", examined=examined)


def _at_once(tasks: list[TaskFact]) -> tuple[TaskFact, TaskFact] | None:
    latest: dict[tuple[int | None, bool], TaskFact] = {}
    for task in sorted(tasks, key=lambda t: t.offset_minutes):
        before = latest.get((task.assignee_id, task.way_back))
        if before is not None and task.offset_minutes < before.ends:
            return before, task
        latest[task.assignee_id, task.way_back] = task
    return None
