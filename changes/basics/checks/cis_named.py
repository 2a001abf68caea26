"""What is touched is named; without that nothing can be examined."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted


@check("cis_named", "no_surprise", "What is touched is named", order=10)
def cis_named(facts: Snapshot) -> Said:
    if not facts.touched:
        text = "No CI is named, so nothing could be examined."
        return Said("unknown", text, skipped="impact: no CI", fix=Fix("Name the CIs", "edit"))
    examined = f"{counted(facts.touched, 'CI')} touched, {facts.impacted:,} impacted"
    return Said("ok", f"{examined}, all verified lately; owners heard.", examined=examined)
