"""A task is planned as long as its like really took."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted, some


@check("durations_fit", "everyone_knows", "Durations are what they usually are", order=30)
def durations_fit(facts: Snapshot) -> Said:
    known = [t for t in facts.tasks if t.usual_minutes and not t.is_over]
    if not facts.tasks:
        return Said("ok" if facts.by_pipeline else "unknown", "There is no task.", skipped="durations: no task")
    if not known:
        return Said("ok", "No task like these was done five times in a year.", skipped="durations: nothing to go by")
    if short := [t for t in known if t.duration_minutes < t.usual_minutes]:
        names = some([f"task {t.order}: {t.duration_minutes} min planned, usually {t.usual_minutes}" for t in short])
        text = f"{names[:1].upper()}{names[1:]}."
        return Said("warn", text, examined=counted(len(known), "task"), fix=Fix("Plan longer", "edit", short[0].number))
    return Said("ok", f"{counted(len(known), 'task')} planned as long as usual.", examined=counted(len(known), "task"))
