"""The window as the page draws it: this change, and what else happens, on one axis of time."""

from datetime import datetime, timedelta
from typing import Any

from changes.models import ChangeRequest
from changes.queries.basics import Examination
from changes.queries.collisions import Collision

ROWS_SHOWN = 12
AROUND = timedelta(hours=1)
BARS = {"block": "hit", "warn": "soft"}


def window_of(change: ChangeRequest, found: Examination) -> dict[str, Any] | None:
    if change.window is None:
        return None
    around = max(AROUND, (change.window.upper - change.window.lower) / 5)
    clashes = _grouped(found.collisions.found)
    return {
        "start": change.window.lower - around,
        "end": change.window.upper + around,
        "rows": [_own_row(change, found), *[_row(group) for group in clashes[:ROWS_SHOWN]]],
        "more": max(len(clashes) - ROWS_SHOWN, 0),
        "said": _said(clashes),
        "paths": [path for group in clashes[:ROWS_SHOWN] if (path := _path(group[0]))],
    }


def _own_row(change: ChangeRequest, found: Examination) -> dict[str, Any]:
    """Work and check from the start; the way back, hatched, from the last safe moment on."""
    start, end, last_safe = change.window.lower, change.window.upper, change.last_safe_moment
    worked = min(start + timedelta(minutes=found.facts.work_minutes + change.check_minutes), end)
    bars: list[dict[str, Any]] = [{"start": start, "end": worked, "kind": "mine", "title": "work and check"}]
    if change.back_out_minutes and last_safe is not None:
        back_at_home = last_safe + timedelta(minutes=change.back_out_minutes)
        bars.append({"start": last_safe, "end": back_at_home, "kind": "back", "title": "back-out"})
    if change.started_at:
        ended: datetime = change.finished_at or found.facts.now
        bars = [{"start": change.started_at, "end": ended, "kind": "mine", "title": "as it was"}, *bars[1:]]
    return {"label": "This change", "bars": bars, "mark": last_safe}


def _grouped(found: list[Collision]) -> list[list[Collision]]:
    """The runs of one job, or the tasks of one change, in one row; the most serious row first."""
    groups: dict[tuple[str, int], list[Collision]] = {}
    for collision in found:
        groups.setdefault((collision.kind, collision.what.pk), []).append(collision)
    return sorted(groups.values(), key=lambda group: (_severity(group) != "block", group[0].start))


def _severity(group: list[Collision]) -> str:
    return "block" if any(collision.severity == "block" for collision in group) else "warn"


def _row(group: list[Collision]) -> dict[str, Any]:
    first = group[0]
    bars = [{"start": c.start, "end": c.end, "kind": BARS[c.severity], "title": label_of(c)} for c in group]
    return {
        "label": label_of(first),
        "url": first.what.get_absolute_url(),
        "verdict": (_severity(group), first.why),
        "bars": bars,
    }


def label_of(collision: Collision) -> str:
    what = collision.what
    if collision.kind == "person":
        return f"{collision.person} on {what.number}"
    if collision.kind == "change":
        return f"{what.number} confidential" if what.confidential else f"{what.number} {what.title}"
    return str(what.name)


def _path(collision: Collision) -> str:
    """Along which CIs the two meet, when it is not one and the same."""
    return f"{label_of(collision)}: {' → '.join(collision.path)}" if len(collision.path) > 1 else ""


def _said(clashes: list[list[Collision]]) -> str:
    if not clashes:
        return "nothing is in the way"
    blocking = sum(_severity(group) == "block" for group in clashes)
    count = f"{len(clashes)} collision{'' if len(clashes) == 1 else 's'}"
    return f"{count}, {blocking} block{'s' if blocking == 1 else ''}" if blocking else count
