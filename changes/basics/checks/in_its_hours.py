"""The change happens when changes of its model are made."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said


@check("in_its_hours", "nothing_else", "It happens when its model allows", order=40)
def in_its_hours(facts: Snapshot) -> Said:
    if facts.in_its_hours is None:
        return Said(
            "ok", "Its model is bound to no hours.", examined="the model, which sets none, or a window that is missing"
        )
    if facts.in_its_hours:
        return Said("ok", f"Within the model's hours, {facts.model_hours}.", examined="the model's hours")
    text = f"Its model is for {facts.model_hours}; the window lies elsewhere."
    return Said("warn", text, fix=Fix("Find a free slot", "schedule"))
