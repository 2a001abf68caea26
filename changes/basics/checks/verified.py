"""The impact was computed over CIs that somebody verified lately."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted, some


@check("verified", "no_surprise", "The record was verified lately", order=20)
def verified(facts: Snapshot) -> Said:
    total = facts.touched + facts.impacted
    if not total:
        return Said("unknown", "No CI is named.", skipped="verification: no CI")
    if facts.stale:
        count = len(facts.stale) + facts.more_stale
        few = f"{count:,} of {counted(total, 'CI')} ({some(facts.stale, unnamed=facts.more_stale)})"
        return Said("warn", f"{few} were not verified in the last 90 days.", fix=Fix("Request verification", "verify"))
    return Said("ok", f"{counted(total, 'CI')} verified within 90 days.", examined=counted(total, "CI"))
