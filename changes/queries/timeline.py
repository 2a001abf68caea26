"""The calendar by service or by CI: a row for each with what happens to it, and what a service is expected to lose."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from changes.models import AffectedCI, ChangeRequest, Freeze, OperationalJob
from changes.queries.calendar import Entry
from changes.queries.slots import joined
from cmdb.models import ConfigurationItem, Service
from cmdb.queries.hours import hours_of_each

ROWS = 60
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Row:
    """A service or CI, and what happens to it in order of time."""

    record: Service | ConfigurationItem
    entries: list[Entry] = field(default_factory=list)


def by_service(entries: Iterable[Entry]) -> list[Row]:
    """Those that a change, a job on their CI or a freeze concerns, the busiest first; at most four queries."""
    of: dict[int, list[Entry]] = defaultdict(list)
    about = ChangeRequest.services.through.objects.values_list("changerequest_id", "service_id")
    on = OperationalJob.cis.through.objects.filter(configurationitem__service__isnull=False)
    barred = Freeze.services.through.objects.values_list("freeze_id", "service_id")
    _sort(of, entries, "change", about, "changerequest_id")
    _sort(of, entries, "job", on.values_list("operationaljob_id", "configurationitem__service"), "operationaljob_id")
    _sort(of, entries, "freeze", barred, "freeze_id")
    services = Service.objects.select_related("ci").in_bulk(_busiest(of))
    return _rows(of, services)


def by_ci(entries: Iterable[Entry]) -> list[Row]:
    """Those that a change touches or a job runs on; at most three queries."""
    of: dict[int, list[Entry]] = defaultdict(list)
    touched = AffectedCI.objects.values_list("change_id", "ci_id")
    on = OperationalJob.cis.through.objects.values_list("operationaljob_id", "configurationitem_id")
    _sort(of, entries, "change", touched, "change_id")
    _sort(of, entries, "job", on, "operationaljob_id")
    return _rows(of, ConfigurationItem.objects.in_bulk(_busiest(of)))


def _sort(of: dict[int, list[Entry]], entries: Iterable[Entry], layer: str, pairs, by: str) -> None:  # type: ignore[no-untyped-def]
    """Put each entry of the layer to those that it concerns; `pairs` is a queryset of (entry's id, concerned)."""
    mine: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.layer == layer:
            mine[entry.id].append(entry)
    if mine:
        for entry_id, concerned in pairs.filter(**{f"{by}__in": list(mine)}):
            of[concerned] += mine[entry_id]


def _busiest(of: dict[int, list[Entry]]) -> list[int]:
    return sorted(of, key=lambda pk: (-len(of[pk]), pk))[:ROWS]


def _rows(of: dict[int, list[Entry]], records: dict[int, Service] | dict[int, ConfigurationItem]) -> list[Row]:
    rows = [Row(record, sorted(of[pk])) for pk, record in records.items()]
    return sorted(rows, key=lambda row: (-len(row.entries), str(row.record)))


@dataclass(frozen=True)
class Outage:
    """What scheduled changes and maintenance may take of a service's agreed time; with no agreed hours, of all time."""

    service: Service
    changes: int
    planned: timedelta
    agreed: timedelta

    @property
    def percent(self) -> float | None:
        """Of the agreed time; of nothing there is no share."""
        return round(100 * self.planned / self.agreed, 2) if self.agreed else None


def outages(rows: Iterable[Row], start: datetime, end: datetime) -> list[Outage]:
    """The projected service outage: windows count once where they overlap, and only in agreed hours. Three queries."""
    found = [row for row in rows if isinstance(row.record, Service)]
    hours = hours_of_each([row.record for row in found])  # type: ignore[misc]
    return [_outage(row, hours[row.record.pk].between(start, end), (start, end)) for row in found]


def _outage(row: Row, agreed: Iterable[Span], whole: Span) -> Outage:
    assert isinstance(row.record, Service)
    there = list(agreed) or [whole]
    counted = [entry for entry in row.entries if entry.layer == "change" or entry.state == "maintenance"]
    windows = joined((entry.start, entry.end) for entry in counted)
    planned = sum((_overlap(window, span) for window in windows for span in there), timedelta())
    changes = len({entry.id for entry in counted if entry.layer == "change"})
    return Outage(row.record, changes, planned, sum((end - start for start, end in there), timedelta()))


def _overlap(one: Span, other: Span) -> timedelta:
    return max(min(one[1], other[1]) - max(one[0], other[0]), timedelta())
