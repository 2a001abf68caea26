"""The geometry of a window track: shares of the axis for its bars, marks and hours."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from itsm.kernel.templatetags._time import clock, day, moment

STEPS = [timedelta(minutes=m) for m in (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 40320)]
TICKS = 7
_ids = count(1)


def drawn(rows: Iterable[Mapping[str, Any]], start: datetime, end: datetime) -> dict[str, Any]:
    if end <= start:
        end = start + timedelta(hours=1)
    drawn_rows = [_row(row, start, end) for row in rows]
    return {
        "rows": drawn_rows,
        "keyed": any(row["mark"] for row in drawn_rows),
        "ticks": _ticks(start, end),
        "hatch": f"hatch-{next(_ids) % 10_000}",
        "title": f"{moment(start)} to {moment(end)}",
        "minutes": int((end.astimezone(UTC) - start.astimezone(UTC)) / timedelta(minutes=1)),
    }


def _row(row: Mapping[str, Any], start: datetime, end: datetime) -> dict[str, Any]:
    bars = [_bar(bar, start, end) for bar in row.get("bars", []) if bar["end"] >= start and bar["start"] < end]
    mark = row.get("mark")
    said = [f"{bar['title']} {clock(bar['start'])} to {clock(bar['end'])}".strip() for bar in bars]
    if mark:
        said.append(f"last safe moment {clock(mark)}")
    return {
        "label": row["label"],
        "url": row.get("url"),
        "verdict": row.get("verdict"),
        "bars": bars,
        "links": any(bar["url"] for bar in bars),
        "mark": _share(mark, start, end) if mark and start <= mark <= end else None,
        "said": "; ".join(said) or "nothing",
    }


def _bar(bar: Mapping[str, Any], start: datetime, end: datetime) -> dict[str, Any]:
    left = _share(max(bar["start"], start), start, end)
    right = _share(min(bar["end"], end), start, end)
    width = max(float(right) - float(left), 0.5)
    return {
        "x": left,
        "width": f"{width:.2f}",
        "kind": bar.get("kind", "soft"),
        "title": bar.get("title", ""),
        "url": bar.get("url", ""),
        "move": bar.get("move", ""),
        "start": bar["start"],
        "end": bar["end"],
    }


def _share(at: datetime, start: datetime, end: datetime) -> str:
    """In per cent. By UTC: two times of one zone subtract by the clock on the wall, wrong when summer time ends."""
    left, whole = at.astimezone(UTC) - start.astimezone(UTC), end.astimezone(UTC) - start.astimezone(UTC)
    return f"{left / whole * 100:.2f}"


def _ticks(start: datetime, end: datetime) -> list[dict[str, str]]:
    """Round times on the axis, at most TICKS: hours of the local clock, days when it is long."""
    step = next((s for s in STEPS if (end - start) / s <= TICKS), STEPS[-1])
    local = timezone.localtime(start)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + step * -((midnight - local) // step)
    ticks = []
    while at < end:
        new_day = at.time() == time.min and end - start > timedelta(days=1)
        ticks.append({"x": _share(at, start, end), "label": day(at) if new_day else clock(at)})
        at += step
    return ticks
