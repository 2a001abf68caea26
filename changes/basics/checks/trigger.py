"""Somebody has said what is seen when it is time to go back."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said


@check("trigger", "time_to_go_back", "It is said when to go back", order=20)
def trigger(facts: Snapshot) -> Said:
    if facts.by_pipeline:
        return Said("ok", "The pipeline decides when it rolls back.", skipped="trigger: a pipeline")
    if not facts.back_out_trigger.strip():
        return Said("warn", "Nobody has said what triggers the back-out.", fix=Fix("Plan the way back", "edit"))
    return Said("ok", "It is said what triggers the back-out.", examined="the trigger")
