"""Work, check, way back and margin fit into the window."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said


@check("budget", "time_to_go_back", "The window is long enough", order=5)
def budget(facts: Snapshot) -> Said:
    if facts.start is None:
        return Said("unknown", "There is no window yet.", fix=Fix("Choose a window", "schedule"))
    parts = (facts.work_minutes, facts.check_minutes, facts.back_out_minutes, facts.margin_minutes)
    needed = sum(parts)
    said = "{} min work + {} min check + {} min back-out + {} min margin".format(*parts)
    text = f"{said} = {needed} of {facts.window_minutes} min."
    if needed > facts.window_minutes:
        over = f" The window is {needed - facts.window_minutes} min too short."
        return Said("block", text + over, fix=Fix("Find a longer slot", "schedule"))
    return Said("ok", text, examined="the window's budget")
