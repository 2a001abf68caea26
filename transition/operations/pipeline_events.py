"""Events of pipelines: kept first, worked off later by a worker (see `pipeline_work`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from psycopg2.extras import Json, execute_values

from itsm.kernel import waking
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import PipelineEvent, PipelineSource
from transition.pipeline import cdevents
from transition.pipeline.cloudevents import CloudEvent, at_position, summary
from transition.rules import pipeline as rules

STORE = """
INSERT INTO transition_pipelineevent
    (source, event_id, type, subject, occurred_at, payload, lane, known_as, origin_id, received_by_id, state,
     attempts, problem, effects)
VALUES %s ON CONFLICT (source, event_id) DO NOTHING RETURNING id, source, event_id
"""


class NotParked(DomainError):
    code = "not_parked"


@dataclass(frozen=True)
class Receipt:
    """That an event is kept, and under which id; `known` when it was before."""

    id: int
    source: str
    event_id: str
    known: bool

    @property
    def number(self) -> str:
        return f"{PipelineEvent.PREFIX}-{self.id}"


@operation
def receive(*, events: Sequence[CloudEvent], in_batch: bool, actor: Actor) -> list[Receipt]:
    """Keep CloudEvents, all or none; one that is known by its source and id is not kept again."""
    require(rules.may_send, actor)
    return _keep(_checked(events, in_batch), actor=actor, origin=None)


@operation
def receive_from(*, source: PipelineSource, events: Sequence[CloudEvent], actor: Actor) -> list[Receipt]:
    """Keep what a tool sent whose signature was verified."""
    return _keep([(event, event.type) for event in events], actor=actor, origin=source)


def _checked(events: Sequence[CloudEvent], in_batch: bool) -> list[tuple[CloudEvent, str]]:
    found, errors = [], {}
    for at, event in enumerate(events):
        try:
            found.append((event, cdevents.check(event)))
        except InvalidInput as error:
            if not in_batch:
                raise
            errors.update(at_position(at, error))
    if errors:
        raise InvalidInput(summary(errors), errors=errors)
    return found


def lane_of(event: CloudEvent, known_as: str) -> str:
    """What an event is about: the same subject of the same family keeps its order."""
    subject = event.data.get("subject") if isinstance(event.data, dict) else None
    where = (subject.get("source") if isinstance(subject, dict) else "") or event.source
    family = known_as.partition(".")[0]
    return md5(f"{family}\n{where}\n{event.subject}".encode(), usedforsecurity=False).hexdigest()


def _keep(checked: list[tuple[CloudEvent, str]], *, actor: Actor, origin: PipelineSource | None) -> list[Receipt]:
    if not checked:
        return []
    once = {(event.source, event.id): (event, known_as) for event, known_as in reversed(checked)}
    rows = [
        (e.source, e.id, e.type, e.subject, e.time, Json(e.as_dict()), lane_of(e, known_as), known_as,
         origin.pk if origin else None, actor.user_id, "waiting", 0, "", "[]")
        for e, known_as in sorted(once.values(), key=lambda pair: (pair[0].source, pair[0].id))
    ]  # fmt: skip
    with connection.cursor() as cursor:
        stored = execute_values(cursor.cursor, STORE, rows, page_size=len(rows), fetch=True)
    new = {(source, event_id): pk for pk, source, event_id in stored}
    if new:
        waking.after_commit(ring)
    return _receipts([event for event, _ in checked], new)


def _receipts(events: list[CloudEvent], new: dict[tuple[str, str], int]) -> list[Receipt]:
    before = {(e.source, e.id) for e in events} - new.keys()
    found = dict(new)
    if before:
        sources, ids = {source for source, _ in before}, {event_id for _, event_id in before}
        known = PipelineEvent.objects.filter(source__in=sources, event_id__in=ids)
        found |= {(source, event_id): pk for source, event_id, pk in known.values_list("source", "event_id", "pk")}
    seen: set[tuple[str, str]] = set(before)
    receipts = []
    for event in events:
        key = (event.source, event.id)
        receipts.append(Receipt(found[key], *key, known=key in seen))
        seen.add(key)
    return receipts


def ring() -> None:
    from transition.jobs.pipeline import wake

    wake()


@operation
def retry(*, event_id: int, actor: Actor) -> PipelineEvent:
    """Try a parked event anew, with all its attempts."""
    event = PipelineEvent.objects.select_for_update(of=("self",)).get(pk=event_id)
    require(rules.may_retry, actor, event)
    if event.state != PipelineEvent.State.PARKED:
        raise NotParked(f"{event.number} is {event.get_state_display().lower()}; only what is parked is tried again.")
    _wait_again(PipelineEvent.objects.filter(pk=event.pk))
    event.refresh_from_db()
    return event


@operation
def retry_all(*, event_ids: Sequence[int], actor: Actor) -> int:
    """Try all of these that are parked anew."""
    require(rules.may_retry, actor)
    return _wait_again(PipelineEvent.objects.filter(pk__in=event_ids, state=PipelineEvent.State.PARKED))


def _wait_again(parked: QuerySet[PipelineEvent]) -> int:
    changed: int = parked.update(
        state=PipelineEvent.State.WAITING, attempts=0, due_at=timezone.now(), problem="", processed_at=None
    )
    waking.after_commit(ring)
    return changed
