"""Nothing else goes on in the window, or it was accepted by name."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, Word, counted


@check("no_collision", "nothing_else", "Nothing else is in the way", order=10)
def no_collision(facts: Snapshot) -> Said:
    seen = facts.examined
    examined = ", ".join(counted(seen.get(name, 0), name[:-1]) for name in ("changes", "jobs", "freezes"))
    if facts.start is None:
        text = "There is no window yet, so nothing could be compared."
        return Said("unknown", text, skipped="no window", fix=Fix("Choose a window", "schedule"))
    others = [clash for clash in facts.clashes if clash.kind != "person"]
    blocking = [clash for clash in others if clash.severity == "block"]
    if others:
        shown = sorted(others, key=lambda clash: clash.severity != "block")
        text = " ".join(clash.text for clash in shown[:2])
        if len(shown) > 2:
            text += f" And {len(shown) - 2} more."
        word: Word = "block" if blocking else "warn"
        about = {clash.key: clash.text for clash in blocking or others}
        return Said(word, text, examined=examined, fix=Fix("Find a free slot", "schedule"), about=about)
    if not facts.touched:
        text = "No CI is named, so nothing could be compared but people and freezes."
        return Said("unknown", text, skipped="no CI", examined=examined, fix=Fix("Name the CIs", "edit"))
    return Said("ok", f"Nothing among {examined} in this window is in the way.", examined=examined)
