"""The next windows in which nothing is in the way."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from changes.models import ChangeRequest
from changes.queries.collisions import collisions_in
from changes.queries.nearby import Scope

HORIZON = timedelta(days=30)
GRID = timedelta(minutes=15)


def next_free_slots(
    change: ChangeRequest, length: timedelta, after: datetime, count: int = 3
) -> list[tuple[datetime, datetime]]:
    """The earliest windows of this length from `after` on, within 30 days, on quarters of an hour.

    Everything that could be in the way is read once; the free windows are found in memory.
    """
    report = collisions_in(Scope.of(change), after, after + HORIZON)
    busy = sorted((c.start, c.end) for c in report.blocking)
    return [slot for slot, _ in zip(_free(busy, length, after), range(count), strict=False)]


def _free(
    busy: list[tuple[datetime, datetime]], length: timedelta, after: datetime
) -> Iterator[tuple[datetime, datetime]]:
    start = _on_grid(after)
    while start + length <= after + HORIZON:
        hindrance = max((end for begin, end in busy if begin < start + length and end > start), default=None)
        if hindrance is None:
            yield start, start + length
            start += length
        else:
            start = _on_grid(hindrance)


def _on_grid(moment: datetime) -> datetime:
    """The next full quarter of an hour, the moment itself included."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment - past + GRID
