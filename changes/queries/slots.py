"""The next windows in which nothing is in the way."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from changes.models import ChangeRequest
from changes.queries.collisions import collisions_in
from changes.queries.nearby import Scope
from changes.queries.windows import hours_of

Span = tuple[datetime, datetime]
HORIZON = timedelta(days=30)
GRID = timedelta(minutes=15)


def next_free_slots(
    change: ChangeRequest, length: timedelta, after: datetime, count: int = 3
) -> list[tuple[datetime, datetime]]:
    """The earliest windows of this length within 30 days after, on quarters of an hour, in its model's hours.

    Everything that could be in the way is read once; the free windows are found in memory.
    """
    report = collisions_in(Scope.of(change), after, after + HORIZON)
    busy = joined((c.start, c.end) for c in report.blocking)
    hours = hours_of(change.model)
    open_ = list(hours.between(after, after + HORIZON)) if hours else [(after, after + HORIZON)]
    return list(islice(_free(busy, length, open_), count))


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, as one where they overlap or touch."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _free(busy: list[Span], length: timedelta, open_: Iterable[Span]) -> Iterator[Span]:
    """Each of the busy spans is looked at once, however many there are."""
    left = deque(busy)
    for begins, ends in open_:
        start = _on_grid(begins)
        while start + length <= ends:
            while left and left[0][1] <= start:
                left.popleft()
            if left and left[0][0] < start + length:
                start = _on_grid(left[0][1])
                continue
            yield start, start + length
            start += length


def _on_grid(moment: datetime) -> datetime:
    """The next full quarter of an hour, the moment itself included."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment - past + GRID
