"""No task begins before the one that it follows has ended."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted


@check("in_order", "everyone_knows", "Tasks follow each other", order=20)
def in_order(facts: Snapshot) -> Said:
    if not facts.tasks:
        return Said("ok" if facts.by_pipeline else "unknown", "There is no task.", skipped="order: no task")
    by_order = {task.order: task for task in facts.tasks}
    for task in facts.tasks:
        before = by_order.get(task.predecessor_order) if task.predecessor_order is not None else None
        if before is not None and task.offset_minutes < before.ends:
            text = f"Task {task.order} begins before task {before.order} has ended, which it must follow."
            return Said("block", text, fix=Fix("Put them in order", "edit", task.number))
    following = sum(task.predecessor_order is not None for task in facts.tasks)
    text = f"{counted(following, 'task')} of {len(facts.tasks)} must follow another, and do."
    return Said("ok", text, examined=counted(len(facts.tasks), "task"))
