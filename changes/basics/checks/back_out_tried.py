"""The way back was gone before: tried for this change, or in others of its model."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted


@check("back_out_tried", "time_to_go_back", "The way back was tried", order=30)
def back_out_tried(facts: Snapshot) -> Said:
    if facts.back_out_tried.strip():
        return Said("ok", f"Tried: {facts.back_out_tried.strip()}", examined="what was said of it")
    if facts.gone_back_before:
        times = counted(facts.gone_back_before, "change")
        return Said("ok", f"{times} of this model went back cleanly within a year.", examined=times)
    if facts.by_pipeline:
        return Said("ok", "The pipeline rolls back by itself.", skipped="the trial: a pipeline")
    if facts.risk == "low":
        return Said("ok", "Not tried; the risk is low.", examined="the risk")
    text = f"Nobody has tried the way back, and the risk is {facts.risk}."
    return Said("warn", text, fix=Fix("Say where it was tried", "edit"))
