"""The calendar: changes, runs of jobs, and freezes between two moments."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.db.models.functions import Lower, Upper

from changes.models import AffectedCI, ChangeRequest, Freeze, OperationalJob
from changes.queries.jobs import runs_of
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor

KINDS: dict[str, type[ChangeRequest | OperationalJob | Freeze]] = {
    "change": ChangeRequest, "job": OperationalJob, "freeze": Freeze
}  # fmt: skip
LAYERS = tuple(KINDS)
BUSY = "busy"
MOST = 5000
BOUNDS = (Lower("window"), Upper("window"))
# What stood in the calendar, and what stands in it; a draft only plans.
SHOWN = (*ChangeRequest.IN_CALENDAR, ChangeRequest.Status.REVIEW, ChangeRequest.Status.CLOSED)


class Entry(NamedTuple):
    """One thing in the calendar, [start, end). A month may hold thousands, so it is a row and no record.

    `state` is a change's status or a job's kind; `outcome` is a change's. On the layer `busy` are
    changes that the reader may not know more of than that something is on: their id is 0.
    """

    start: datetime
    end: datetime
    layer: str
    id: int
    name: str
    state: str = ""
    outcome: str = ""

    @property
    def record(self) -> ChangeRequest | OperationalJob | Freeze:
        """Only its id and what its address needs."""
        return KINDS[self.layer](pk=self.id)

    @property
    def number(self) -> str:
        return "" if self.layer == BUSY else f"{KINDS[self.layer].PREFIX}-{self.id}"

    @property
    def title(self) -> str:
        return f"{self.number} {self.name}" if self.layer == "change" else self.name

    @property
    def url(self) -> str:
        return "" if self.layer == BUSY else str(self.record.get_absolute_url())


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
    return sorted(found)


def _changes(
    window: DateTimeTZRange, actor: Actor, service: Service | None, ci: ConfigurationItem | None
) -> list[Entry]:
    changes = ChangeRequest.objects.filter(window__overlap=window, status__in=SHOWN)
    if service is not None:
        changes = changes.filter(services=service)
    if ci is not None:
        changes = changes.filter(affected__ci=ci)
    seen = changes.visible_to(actor)
    rows = seen.order_by("window", "pk").values_list("pk", "title", "status", "outcome", *BOUNDS)[:MOST]
    hidden = changes.filter(confidential=True).exclude(pk__in=seen.values("pk")).values_list(*BOUNDS)[:MOST]
    busy = [Entry(start, end, BUSY, 0, "Busy") for start, end in hidden]
    return busy + [Entry(start, end, "change", *row) for *row, start, end in rows]


def _jobs(start: datetime, end: datetime, service: Service | None, ci: ConfigurationItem | None) -> list[Entry]:
    jobs = OperationalJob.objects.filter(active=True)
    if service is not None:
        jobs = jobs.filter(cis=service.ci_id)
    if ci is not None:
        jobs = jobs.filter(cis=ci)
    return [
        Entry(*run, "job", job.pk, job.name, job.kind) for job in jobs.distinct() for run in runs_of(job, start, end)
    ]


def _freezes(window: DateTimeTZRange, service: Service | None) -> list[Entry]:
    barring = Freeze.objects.filter(window__overlap=window)
    if service is not None:
        barring = barring.filter(Q(everywhere=True) | Q(services=service)).distinct()
    return [Entry(start, end, "freeze", *row) for *row, start, end in barring.values_list("pk", "name", *BOUNDS)]


def colliding(found: Iterable[Entry]) -> set[int]:
    """Ids of the changes among these that meet another change, or a run of a job, on a CI of both; two queries."""
    entries = [entry for entry in found if entry.layer not in ("freeze", BUSY)]
    changes = {e.id for e in entries if e.layer == "change" and e.state in ChangeRequest.IN_CALENDAR}
    cis: dict[tuple[str, int], set[int]] = {}
    for change, ci in AffectedCI.objects.filter(change__in=changes).values_list("change_id", "ci_id"):
        cis.setdefault(("change", change), set()).add(ci)
    jobs = {entry.id for entry in entries if entry.layer == "job"} if cis else set()
    on = OperationalJob.cis.through.objects.filter(operationaljob__in=jobs)
    for job, ci in on.values_list("operationaljob_id", "configurationitem_id"):
        cis.setdefault(("job", job), set()).add(ci)
    return _meeting([entry for entry in entries if (entry.layer, entry.id) in cis], cis)


def _meeting(entries: list[Entry], cis: dict[tuple[str, int], set[int]]) -> set[int]:
    """A sweep over time: each entry against those that still run when it begins."""
    hit: set[int] = set()
    running: list[Entry] = []
    for entry in sorted(entries):
        running = [other for other in running if other.end > entry.start]
        for other in running:
            pair = [e.id for e in (entry, other) if e.layer == "change"]
            if pair and cis[(entry.layer, entry.id)] & cis[(other.layer, other.id)]:
                hit.update(pair)
        running.append(entry)
    return hit
