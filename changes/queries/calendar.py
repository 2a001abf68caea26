"""The calendar: changes, runs of jobs, and freezes between two moments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from changes.models import AffectedCI, ChangeRequest, Freeze, OperationalJob
from changes.queries.jobs import runs_of
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor

LAYERS = ("change", "job", "freeze")
MOST = 5000
# What stood in the calendar, and what stands in it; a draft only plans.
SHOWN = (*ChangeRequest.IN_CALENDAR, ChangeRequest.Status.REVIEW, ChangeRequest.Status.CLOSED)


@dataclass(frozen=True)
class Entry:
    """One thing in the calendar, [start, end); `record` is a change, a job or a freeze."""

    layer: str
    record: Any
    title: str
    start: datetime
    end: datetime

    @property
    def url(self) -> str:
        return str(self.record.get_absolute_url())


def entries(
    start: datetime,
    end: datetime,
    *,
    actor: Actor,
    layers: Iterable[str] = LAYERS,
    service: Service | None = None,
    ci: ConfigurationItem | None = None,
) -> list[Entry]:
    """Everything that overlaps [start, end), in order of time; at most 5,000 changes."""
    wanted = set(layers)
    window = DateTimeTZRange(start, end, "[)")
    found: list[Entry] = []
    if "change" in wanted:
        found += _changes(window, actor, service, ci)
    if "job" in wanted:
        found += _jobs(start, end, service, ci)
    if "freeze" in wanted:
        found += _freezes(window, service)
    return sorted(found, key=lambda entry: (entry.start, entry.end, entry.title))


def _changes(
    window: DateTimeTZRange, actor: Actor, service: Service | None, ci: ConfigurationItem | None
) -> list[Entry]:
    changes = ChangeRequest.objects.visible_to(actor).filter(window__overlap=window, status__in=SHOWN)
    if service is not None:
        changes = changes.filter(services=service)
    if ci is not None:
        changes = changes.filter(affected__ci=ci)
    return [
        Entry("change", c, f"{c.number} {c.title}", c.window.lower, c.window.upper)
        for c in changes.only("title", "status", "outcome", "window").order_by("window", "pk")[:MOST]
    ]


def _jobs(start: datetime, end: datetime, service: Service | None, ci: ConfigurationItem | None) -> list[Entry]:
    jobs = OperationalJob.objects.filter(active=True)
    if service is not None:
        jobs = jobs.filter(cis=service.ci_id)
    if ci is not None:
        jobs = jobs.filter(cis=ci)
    return [Entry("job", job, job.name, *run) for job in jobs.distinct() for run in runs_of(job, start, end)]


def _freezes(window: DateTimeTZRange, service: Service | None) -> list[Entry]:
    barring = Freeze.objects.filter(window__overlap=window)
    if service is not None:
        barring = barring.filter(Q(everywhere=True) | Q(services=service)).distinct()
    return [Entry("freeze", f, f.name, f.window.lower, f.window.upper) for f in barring]


def colliding(found: Iterable[Entry]) -> set[int]:
    """Ids of the changes among these that meet another change, or a run of a job, on a CI of both; two queries."""
    entries = [entry for entry in found if entry.layer != "freeze"]
    changes = {e.record.pk for e in entries if e.layer == "change" and e.record.status in ChangeRequest.IN_CALENDAR}
    cis: dict[tuple[str, int], set[int]] = {}
    for change, ci in AffectedCI.objects.filter(change__in=changes).values_list("change_id", "ci_id"):
        cis.setdefault(("change", change), set()).add(ci)
    jobs = {entry.record.pk for entry in entries if entry.layer == "job"} if cis else set()
    on = OperationalJob.cis.through.objects.filter(operationaljob__in=jobs)
    for job, ci in on.values_list("operationaljob_id", "configurationitem_id"):
        cis.setdefault(("job", job), set()).add(ci)
    return _meeting([entry for entry in entries if (entry.layer, entry.record.pk) in cis], cis)


def _meeting(entries: list[Entry], cis: dict[tuple[str, int], set[int]]) -> set[int]:
    """A sweep over time: each entry against those that still run when it begins."""
    hit: set[int] = set()
    running: list[Entry] = []
    for entry in sorted(entries, key=lambda e: e.start):
        running = [other for other in running if other.end > entry.start]
        for other in running:
            pair = [e.record.pk for e in (entry, other) if e.layer == "change"]
            if pair and cis[(entry.layer, entry.record.pk)] & cis[(other.layer, other.record.pk)]:
                hit.update(pair)
        running.append(entry)
    return hit
