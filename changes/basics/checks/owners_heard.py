"""The owners of impacted services have spoken."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Said, some


@check("owners_heard", "no_surprise", "Owners of impacted services were heard", order=30)
def owners_heard(facts: Snapshot) -> Said:
    if not facts.touched:
        return Said("unknown", "No CI is named, so no owner is known.", skipped="owners: no CI")
    if facts.unheard:
        return Said("warn", f"Not heard: {some(facts.unheard)}.", about={said: f"{said}." for said in facts.unheard})
    return Said("ok", "No owner of an impacted service is unheard.", examined="owners of impacted services")
