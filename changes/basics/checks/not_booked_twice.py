"""Nobody has a task in another change, or is expected at a meeting or a run, meanwhile."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted


@check("not_booked_twice", "nobody_assumes", "Nobody is booked twice", order=20)
def not_booked_twice(facts: Snapshot) -> Said:
    fix = Fix("Find a free slot", "schedule")
    if booked := [clash for clash in facts.clashes if clash.kind == "person"]:
        text = " ".join(clash.text for clash in booked[:2])
        return Said("block", text, fix=fix, about={clash.key: clash.text for clash in booked})
    if facts.appointments:
        return Said(
            "warn", " ".join(facts.appointments[:3]), fix=fix, about={said: said for said in facts.appointments}
        )
    people = {t.assignee_id for t in facts.tasks if t.assignee_id is not None}
    if facts.start is None or not people:
        return Said("ok", "There is no window yet, or nobody to be booked.", skipped="bookings: no window or no person")
    examined = counted(len(people), "person", "people")
    return Said("ok", f"{examined} free of other changes, meetings and runs in the window.", examined=examined)
