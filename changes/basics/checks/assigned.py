"""Each task has one person, who can sign in."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted, some


@check("assigned", "nobody_assumes", "Each task has somebody who can do it", order=10)
def assigned(facts: Snapshot) -> Said:
    open_tasks = [t for t in facts.tasks if not t.is_over]
    if unassigned := [t for t in open_tasks if t.assignee_id is None]:
        text = f"Nobody is named for {some([f'task {t.order}, “{t.title}”' for t in unassigned])}."
        return Said("block", text, fix=Fix("Name somebody", "edit", unassigned[0].number))
    if unable := [t for t in open_tasks if not t.can_work]:
        text = f"{some([f'{t.assignee} (task {t.order})' for t in unable])} cannot sign in."
        return Said("block", text, fix=Fix("Name somebody else", "edit", unable[0].number))
    if not facts.tasks:
        return Said("ok" if facts.by_pipeline else "unknown", "There is no task.", skipped="people: no task")
    return Said("ok", f"{counted(len(open_tasks), 'task')} assigned.", examined=counted(len(open_tasks), "task"))
