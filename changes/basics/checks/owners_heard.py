"""The owners of impacted services have spoken, and none objects."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, some


@check("owners_heard", "no_surprise", "Owners of impacted services were heard", order=30)
def owners_heard(facts: Snapshot) -> Said:
    if not facts.touched:
        return Said("unknown", "No CI is named, so no owner is known.", skipped="owners: no CI")
    silent = [*facts.unheard, *facts.awaited]
    fix = Fix("Ask the owners", "ask-owners") if facts.unheard else Fix("Say what you think", "give-view")
    if facts.objections:
        about = {said: said for said in facts.objections}
        return Said("block", some(facts.objections), fix=fix, about=about)
    if silent:
        awaited = " Asked, without an answer yet." if not facts.unheard else ""
        return Said(
            "warn", f"Not heard: {some(silent)}.{awaited}", fix=fix, about={said: f"{said}." for said in silent}
        )
    return Said("ok", "No owner of an impacted service is unheard.", examined="owners of impacted services")
