"""Nobody with a task is away meanwhile."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted, some


@check("there", "nobody_assumes", "Nobody is away", order=30)
def there(facts: Snapshot) -> Said:
    people = {t.assignee_id for t in facts.tasks if t.assignee_id is not None}
    if facts.start is None or not people:
        return Said("ok", "There is no window yet, or nobody to be there.", skipped="absences: no window or no person")
    if away := [t for t in facts.tasks if t.away and not t.is_over]:
        about = {f"{t.assignee}: {t.away}": f"{t.assignee}: {t.away}." for t in away}
        fix = Fix("Name somebody else", "edit", away[0].number)
        return Said("warn", f"May be away. {some(list(about))}.", fix=fix, about=about)
    examined = counted(len(people), "person", "people")
    return Said("ok", f"None of {examined} has lent their role for that time.", examined=examined)
