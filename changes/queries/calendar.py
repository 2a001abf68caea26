"""The calendar: what happens between two moments, in layers. Changes, jobs, freezes and meetings are declared here."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower, Upper

from changes import rules
from changes.models import AffectedCI, BoardMeeting, ChangeRequest, Freeze, OperationalJob
from changes.queries import freezes
from changes.queries.jobs import runs_of
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor

BUSY = "busy"
MOST = 5000
BOUNDS = (Lower("window"), Upper("window"))
# What stood in the calendar, and what stands in it; a draft only plans.
SHOWN = (*ChangeRequest.IN_CALENDAR, ChangeRequest.Status.REVIEW, ChangeRequest.Status.CLOSED)


@dataclass(frozen=True)
class Asked:
    """What is looked for: whatever overlaps [start, end), as the reader may see it, of one service or CI or of all."""

    start: datetime
    end: datetime
    actor: Actor
    service: Service | None = None
    ci: ConfigurationItem | None = None

    @property
    def window(self) -> DateTimeTZRange:
        return DateTimeTZRange(self.start, self.end, "[)")


class Entry(NamedTuple):
    """One thing in the calendar, [start, end). A month may hold thousands, so it is a row and no record.

    `state` is a change's status, a job's kind, or of others a word; `outcome` is a change's; `of` is the model. On
    the layer `busy` are changes that the reader may not know more of than that something is on: their id is 0.
    """

    start: datetime
    end: datetime
    layer: str
    id: int
    name: str
    state: str = ""
    outcome: str = ""
    of: str = "changes.changerequest"
    may_move: bool = False  # the reader may plan it

    @property
    def record(self) -> Any:
        """Only its id and what its address needs."""
        return apps.get_model(self.of)(pk=self.id)

    @property
    def number(self) -> str:
        return "" if self.layer == BUSY else f"{apps.get_model(self.of).PREFIX}-{self.id}"

    @property
    def title(self) -> str:
        return f"{self.number} {self.name}" if self.layer == "change" else self.name

    @property
    def url(self) -> str:
        return "" if self.layer == BUSY else str(self.record.get_absolute_url())


Ask = Callable[[Asked], list[Entry]]
# Shown where nobody says which; the others are asked for by name.
USUAL = ("change", "job", "freeze")
labels: dict[str, str] = {}
_asks: dict[str, list[Ask]] = defaultdict(list)


def layer(name: str, label: str) -> Callable[[Ask], Ask]:
    """Declare what belongs to a layer; several may, also of higher apps."""

    def declare(ask: Ask) -> Ask:
        labels.setdefault(name, label)
        _asks[name].append(ask)
        return ask

    return declare


def entries(
    start: datetime,
    end: datetime,
    *,
    actor: Actor,
    layers: Iterable[str] = USUAL,
    service: Service | None = None,
    ci: ConfigurationItem | None = None,
) -> list[Entry]:
    """Everything that overlaps [start, end), in order of time; at most 5,000 of each sort."""
    asked = Asked(start, end, actor, service, ci)
    return sorted(entry for name in dict.fromkeys(layers) for ask in _asks[name] for entry in ask(asked))


def changes_in(asked: Asked) -> QuerySet[ChangeRequest]:
    """The changes that have a place in the calendar then, whoever may see them."""
    changes = ChangeRequest.objects.filter(window__overlap=asked.window, status__in=SHOWN)
    if asked.service is not None:
        changes = changes.filter(services=asked.service)
    return changes if asked.ci is None else changes.filter(affected__ci=asked.ci)


@layer("change", "Changes")
def _changes(asked: Asked) -> list[Entry]:
    changes = changes_in(asked)
    seen = changes.visible_to(asked.actor)  # type: ignore[attr-defined]
    of_each = (*BOUNDS, "requested_by_id", "pk", "title", "status", "outcome")
    rows = seen.order_by("window", "pk").values_list(*of_each)[:MOST]
    hidden = changes.filter(confidential=True).exclude(pk__in=seen.values("pk")).values_list(*BOUNDS)[:MOST]
    busy = [Entry(start, end, BUSY, 0, "Busy") for start, end in hidden]
    return busy + [
        Entry(start, end, "change", pk, title, status, outcome, may_move=rules.plans_for(asked.actor, requester))
        for start, end, requester, pk, title, status, outcome in rows
    ]


@layer("job", "Jobs")
def _jobs(asked: Asked) -> list[Entry]:
    jobs = OperationalJob.objects.filter(active=True)
    if asked.service is not None:
        jobs = jobs.filter(cis=asked.service.ci_id)
    if asked.ci is not None:
        jobs = jobs.filter(cis=asked.ci)
    return [
        Entry(*run, "job", job.pk, job.name, job.kind, of="changes.operationaljob")
        for job in jobs.distinct()
        for run in runs_of(job, asked.start, asked.end)
    ]


@layer("freeze", "Freezes")
def _freezes(asked: Asked) -> list[Entry]:
    barring: QuerySet[Freeze] = Freeze.objects.filter(window__overlap=asked.window)
    if asked.service is not None:
        barring = freezes.touching(asked.start, asked.end, [asked.service.pk])
    rows = barring.values_list("pk", "name", *BOUNDS)
    return [Entry(start, end, "freeze", pk, name, of="changes.freeze") for pk, name, start, end in rows]


@layer("meeting", "Meetings")
def _board_meetings(asked: Asked) -> list[Entry]:
    """Those of boards; what a board decides is no matter of one CI."""
    if asked.ci is not None:
        return []
    longest = timedelta(days=1)
    held = BoardMeeting.objects.filter(starts_at__lt=asked.end, starts_at__gt=asked.start - longest)
    if asked.service is not None:
        held = held.filter(Q(board__services=asked.service) | Q(board__services__isnull=True)).distinct()
    rows = held.exclude(state=BoardMeeting.State.CANCELLED).select_related("board").order_by("starts_at")[:MOST]
    found = [
        Entry(
            meeting.starts_at, meeting.starts_at + timedelta(minutes=meeting.duration_minutes), "meeting", meeting.pk,
            meeting.board.name, meeting.get_state_display(), of="changes.boardmeeting",
        )
        for meeting in rows
    ]  # fmt: skip
    return [entry for entry in found if entry.end > asked.start]


def colliding(found: Iterable[Entry]) -> set[int]:
    """Ids of the changes among these that meet another change, or a run of a job, on a CI of both; two queries."""
    entries = [entry for entry in found if entry.layer in ("change", "job")]
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
