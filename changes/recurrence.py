"""When a recurring job runs: its RRULE read on the wall clock of its zone, so that 22:30 stays 22:30 all year."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

MOST = 2000


def occurrences(
    *, first: datetime, rule: str, zone: str, lasts: timedelta, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The runs [from, to) that overlap [start, end), in order; a job without a rule runs once."""
    if not rule:
        if first < end and first + lasts > start:
            yield first, first + lasts
        return
    here = ZoneInfo(zone)
    wall = first.astimezone(here).replace(tzinfo=None)
    since, until = start.astimezone(here).replace(tzinfo=None) - lasts, end.astimezone(here).replace(tzinfo=None)
    hour = timedelta(hours=1)  # the wall clock may jump by one between the two ends
    for count, moment in enumerate(rrulestr(rule, dtstart=wall).xafter(since - hour, inc=True)):
        if moment > until + hour or count >= MOST:
            return
        begins = moment.replace(tzinfo=here)
        ends = (begins.astimezone(ZoneInfo("UTC")) + lasts).astimezone(here)
        if begins < end and ends > start:
            yield begins, ends
