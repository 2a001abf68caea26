"""Meetings of boards: planned by the board's rhythm or called, their agenda fixed in time, minuted, closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from changes import rules
from changes.models import AgendaItem, Authorisation, Board, BoardMeeting, ChangeRequest
from changes.operations import agendas
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, IllegalMove, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.recurrence import occurrences

PLANNED_AHEAD = timedelta(days=35)
LEFT_OPEN = timedelta(days=1)
State = BoardMeeting.State


class MeetsAlready(DomainError):
    code = "meets_already"


class BoardAtRest(DomainError):
    code = "board_at_rest"


class NotOver(DomainError):
    code = "item_is_open"


@operation
def call(
    *,
    board: Board,
    starts_at: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
    changes: Iterable[ChangeRequest] = (),
) -> BoardMeeting:
    """A meeting beside the rhythm, about these changes and what the rule brings; where it is too late to fix the
    agenda in time, it is fixed when the meeting begins."""
    hold(Lock.MEETINGS)
    require(rules.may_call_meeting, actor, board)
    if not board.active:
        raise BoardAtRest(f"{board.name} is no longer held. Make it active again, or choose another board.")
    if starts_at < now - timedelta(hours=1):
        raise InvalidInput.at("starts_at", "This is over. Give a moment to come, or now.")
    if starts_at > now + timedelta(days=3660):
        raise InvalidInput.at("starts_at", "This is more than ten years ahead.")
    meeting = _planned(board, starts_at)
    meeting.reason = reason
    if meeting.agenda_due_at <= now:
        meeting.agenda_due_at = max(starts_at, now)
    try:
        with transaction.atomic():
            meeting.save()
    except IntegrityError as error:
        raise MeetsAlready(f"{board.name} has a meeting at that moment already.") from error
    events.record("changes.meeting.called", meeting, actor=actor)
    for change in changes:
        agendas.add(meeting_id=meeting.pk, change=change, reason=reason, actor=actor, now=now)
    agendas.fill(now)
    return meeting


def _planned(board: Board, starts_at: datetime) -> BoardMeeting:
    return BoardMeeting(
        board=board, starts_at=starts_at, duration_minutes=board.duration_minutes,
        agenda_due_at=starts_at - timedelta(minutes=board.fixed_minutes_before),
    )  # fmt: skip


@operation
def fix(*, meeting_id: int, actor: Actor, now: datetime) -> BoardMeeting:
    """Fix the agenda before its time; what comes afterwards is marked as late."""
    hold(Lock.MEETINGS)
    meeting = _own(meeting_id, actor)
    _fix([meeting], actor, now)
    return meeting


def _fix(meetings: Iterable[BoardMeeting], actor: Actor, now: datetime) -> None:
    fixed = list(meetings)
    for meeting in fixed:
        BoardMeeting.LIFECYCLE.move(meeting, to=State.FIXED)
        meeting.fixed_at = now
    BoardMeeting.objects.bulk_update(fixed, ["state", "fixed_at"])
    events.record_each("changes.meeting.agenda_fixed", fixed, actor=actor)


@operation
def cancel(*, meeting_id: int, reason: str, actor: Actor, now: datetime) -> BoardMeeting:
    """It is not held; what nobody decided waits for the next one."""
    hold(Lock.MEETINGS)
    meeting = _own(meeting_id, actor)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it is not held.")
    BoardMeeting.LIFECYCLE.move(meeting, to=State.CANCELLED)
    meeting.reason = reason
    meeting.save(update_fields=["state", "reason"])
    _put_off(meeting, now, "The meeting was cancelled.")
    events.record("changes.meeting.cancelled", meeting, actor=actor, reason=reason)
    return meeting


@operation
def minute(*, meeting_id: int, notes: str, actor: Actor) -> BoardMeeting:
    """What the minutes say beside what writes itself."""
    meeting = _own(meeting_id, actor)
    if meeting.state == State.CANCELLED:
        raise IllegalMove(f"{meeting} was cancelled; there is nothing to minute.")
    meeting.notes = notes
    meeting.save(update_fields=["notes"])
    events.record("changes.meeting.minuted", meeting, actor=actor)
    return meeting


@operation
def close(*, meeting_id: int, actor: Actor, now: datetime) -> BoardMeeting:
    """End it: what was not decided is put off, and stands on the next agenda by the board's rule."""
    hold(Lock.MEETINGS)
    meeting = _own(meeting_id, actor)
    if meeting.items.filter(state=AgendaItem.State.OPEN).exists() and not actor.is_system:
        raise NotOver("An item is still open. Decide it, or put it off, then close the meeting.")
    BoardMeeting.LIFECYCLE.move(meeting, to=State.CLOSED)
    meeting.closed_at = now
    meeting.save(update_fields=["state", "closed_at"])
    _put_off(meeting, now, "It was not reached.")
    events.record("changes.meeting.closed", meeting, actor=actor)
    return meeting


def _put_off(meeting: BoardMeeting, now: datetime, why: str) -> None:
    """What is still asked of the board is deferred, what nobody asks any more goes; two statements at any length."""
    waits = Authorisation.objects.filter(state__in=Authorisation.OPEN, role=meeting.board.role)
    asked = Exists(waits.filter(change=OuterRef("change")))
    pending = meeting.items.filter(state__in=AgendaItem.PENDING)
    pending.filter(asked).update(state=AgendaItem.State.DEFERRED, comment=why, settled_at=now)
    pending.update(state=AgendaItem.State.WITHDRAWN, comment="Nothing waited for the board any more.", settled_at=now)


def _own(meeting_id: int, actor: Actor) -> BoardMeeting:
    meeting: BoardMeeting = BoardMeeting.objects.select_related("board").lock(meeting_id)
    require(rules.may_run_meeting, actor, meeting)
    return meeting


# --- What happens by itself --------------------------------------------------------------------


@dataclass(frozen=True)
class Prepared:
    """What a beat found to do."""

    planned: int = 0
    filled: int = 0
    fixed: int = 0
    closed: int = 0


@operation
def prepare(*, actor: Actor, now: datetime) -> Prepared:
    """Plan the meetings that are near, fill their agendas, fix those whose time has come; a second beat finds none."""
    hold(Lock.MEETINGS)
    planned = _plan(now)
    filled = agendas.fill(now)
    due = BoardMeeting.objects.filter(state=State.PLANNED, agenda_due_at__lte=now).order_by("pk")
    fixed = list(due.select_related("board").select_for_update(of=("self",)))
    _fix(fixed, actor, now)
    forgotten = [
        meeting.pk
        for meeting in BoardMeeting.objects.filter(state=State.FIXED, starts_at__lt=now - LEFT_OPEN)
        if meeting.ends_at < now - LEFT_OPEN
    ]
    for meeting_id in forgotten:
        close(meeting_id=meeting_id, actor=actor, now=now)
    return Prepared(planned, filled, len(fixed), len(forgotten))


def _plan(now: datetime) -> int:
    """The meetings of each rhythm from now on, on the wall clock of its zone; those that are there stay as they are."""
    held = Board.objects.filter(active=True, first_start__isnull=False).order_by("pk")
    wanted = [
        _planned(board, begins)
        for board in held
        if board.first_start is not None
        for begins, _ in occurrences(
            first=board.first_start, rule=board.recurrence, zone=board.time_zone, start=now, end=now + PLANNED_AHEAD,
            lasts=timedelta(minutes=board.duration_minutes),
        )
    ]  # fmt: skip
    there = set(
        BoardMeeting.objects.filter(board__in=held, starts_at__gte=now - timedelta(days=1)).values_list(
            "board_id", "starts_at"
        )
    )
    missing = [meeting for meeting in wanted if (meeting.board_id, meeting.starts_at) not in there]
    for meeting in missing:
        meeting.by_rhythm = True
    return len(BoardMeeting.objects.bulk_create(missing, ignore_conflicts=True))
