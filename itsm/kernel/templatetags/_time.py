"""Times and durations in words, in the present time zone; a range ends before its upper bound."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

NONE = "–"


def moment(value: datetime | None) -> str:
    """Tue 24 Nov 22:00; with the year when it is not this one."""
    return NONE if value is None else f"{day(value)} {clock(value)}"


def clock(value: datetime | None) -> str:
    return NONE if value is None else f"{_local(value):%H:%M}"


def day(value: date | None) -> str:
    if value is None:
        return NONE
    local = _local(value) if isinstance(value, datetime) else value
    year = "" if local.year == timezone.localdate().year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}"


def when(value: datetime | None) -> SafeString | str:
    """How long ago, or in how long; the exact time on hover and for machines."""
    if value is None:
        return NONE
    local = _local(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%a} {local.day} {local:%b %Y %H:%M %Z}",
        _relative(local, timezone.localtime()),
    )


def span(start: Any, end: datetime | None = None) -> SafeString | str:
    """Tue 24 Nov 22:00 – 00:00; takes a range (window) or its two ends."""
    if start is not None and hasattr(start, "lower"):
        start, end = start.lower, start.upper
    if start is None:
        return NONE
    if end is None or end == start:
        return format_html('<span class="num nowrap">{}</span>', moment(start))
    until = _until(_local(start), _local(end))
    two = '<span class="num"><span class="nowrap">{} –</span> <span class="nowrap">{}</span></span>'
    return format_html(two, moment(start), until)


def minutes(value: timedelta | float | None) -> str:
    """A duration in words: 25 min, 1 h 30 min, 2 d 4 h. A plain number counts minutes."""
    if value is None:
        return NONE
    total = round(value.total_seconds() / 60) if isinstance(value, timedelta) else round(value)
    sign, total = ("−" if total < 0 else ""), abs(total)
    days, rest = divmod(total, 24 * 60)
    parts = [(days, "d"), (rest // 60, "h"), (rest % 60, "min")]
    said = [f"{amount} {unit}" for amount, unit in parts if amount][:2]
    return sign + (" ".join(said) or "0 min")


def countdown(deadline: datetime, since: datetime | None = None) -> SafeString:
    """A clock that runs down to the deadline; amber in the last quarter of the time since `since`, red after it."""
    return format_html(
        '<span class="clock num" data-countdown="{}" data-since="{}">{}</span>',
        deadline.isoformat(timespec="seconds"),
        (since or timezone.now()).isoformat(timespec="seconds"),
        minutes(deadline - timezone.now()),
    )


def _until(start: datetime, end: datetime) -> str:
    """The end of a span as it is said after its start: only the clock within a night."""
    if start.date() == end.date():
        return clock(end)
    if end - start >= timedelta(hours=24):
        return moment(end)
    at_midnight = end.time() == datetime.min.time()
    return clock(end) if at_midnight else f"{end:%a} {clock(end)}"


def _relative(value: datetime, now: datetime) -> str:
    seconds = (now - value).total_seconds()
    if abs(seconds) < 60:
        return "just now" if seconds >= 0 else "in a moment"
    if abs(seconds) < 12 * 3600:
        amount = minutes(int(abs(seconds)) // 60 if abs(seconds) < 3600 else int(abs(seconds)) // 3600 * 60)
        return f"{amount} ago" if seconds > 0 else f"in {amount}"
    days = (now.date() - value.date()).days
    named = {0: "today", 1: "yesterday", -1: "tomorrow"}
    return f"{named[days]} {clock(value)}" if days in named else _far(value, days)


def _far(value: datetime, days: int) -> str:
    if 0 < days < 7:
        return f"{days} d ago"
    return f"in {-days} d" if -7 < days < 0 else day(value)


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
