"""There is a way back, and it is planned as long as its tasks take."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said

FIX = Fix("Plan the way back", "edit")


@check("way_back", "time_to_go_back", "There is a way back", order=10)
def way_back(facts: Snapshot) -> Said:
    if facts.by_pipeline and facts.back_out_minutes < 1:
        return Said("warn", "The pipeline rolls back; how long that takes is not said.", fix=FIX)
    described = facts.back_out_steps.strip()
    if facts.back_out_minutes < 1 or not (described or facts.steps_said_later):
        return Said("block", "There is no way back: it needs steps and a duration.", fix=FIX)
    if facts.way_back_minutes > facts.back_out_minutes:
        text = f"The tasks of the way back take {facts.way_back_minutes} min, planned are {facts.back_out_minutes}."
        return Said("block", text, fix=FIX)
    if not described:
        text = f"The way back takes {facts.back_out_minutes} min; its steps are said when it is over."
        return Said("warn", text, fix=FIX)
    return Said(
        "ok", f"The way back takes {facts.back_out_minutes} min.", examined="steps and duration of the way back"
    )
