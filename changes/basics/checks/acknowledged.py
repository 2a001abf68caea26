"""Each person has said that they will do their task."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted


@check("acknowledged", "nobody_assumes", "Each task was acknowledged", order=5)
def acknowledged(facts: Snapshot) -> Said:
    if facts.by_pipeline:
        return Said("ok", "A pipeline carries it out; nobody has a part in it.", skipped="people: none")
    if not facts.tasks:
        return Said("unknown", "There is no task that somebody could do.", fix=Fix("Add a task", "add-task"))
    open_tasks = [t for t in facts.tasks if not t.is_over]
    if silent := [t for t in open_tasks if not t.is_acknowledged and t.assignee_id is not None]:
        first = silent[0]
        text = f"Task {first.order}, “{first.title}”, is assigned to {first.assignee} but not acknowledged."
        if len(silent) > 1:
            text += f" {counted(len(silent) - 1, 'more task')} likewise."
        return Said("block", text, fix=Fix(f"Ask {first.assignee}", "acknowledge", first.number))
    people = counted(len({t.assignee_id for t in facts.tasks}), "person", "people")
    text = f"{people} acknowledged {counted(len(open_tasks), 'task')}; nobody is booked twice."
    return Said("ok", text, examined=people)
