"""Boards: set up, changed, and no longer held."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from changes import rules
from changes.models import Board, BoardMeeting, BoardSeat, ChangeModel
from cmdb.models import Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.recurrence import read

EDITABLE = frozenset(
    {
        "name", "kind", "purpose", "role", "decides_by", "quorum", "types", "least_risk", "horizon_days",
        "first_start", "recurrence", "time_zone", "duration_minutes", "item_minutes", "fixed_minutes_before", "active",
    }
)  # fmt: skip
RHYTHM = frozenset({"first_start", "recurrence", "time_zone", "duration_minutes", "fixed_minutes_before", "active"})
Seats = Mapping[str, Iterable[User]]


@operation
def establish(
    *, name: str, actor: Actor, members: Seats | None = None, services: Iterable[Service] = (), **details: Any
) -> Board:
    """Set up a board. `members` says who sits there: people by seat (chair, deputy, member, secretary)."""
    require(rules.may_edit_board, actor, None)
    board = Board(name=name)
    _set(board, details)
    _check(board)
    board.save()
    board.services.set(services)
    _seat(board, members or {})
    events.record("changes.board.established", board, actor=actor)
    return board


@operation
def update(*, board_id: int, actor: Actor, **changes: Any) -> Board:
    """Change it. Meetings of a rhythm that is another now go, unless somebody has voted there or they were called."""
    hold(Lock.MEETINGS)
    board: Board = Board.objects.lock(board_id)
    require(rules.may_edit_board, actor, board)
    members, services = changes.pop("members", None), changes.pop("services", None)
    before = {name: getattr(board, name) for name in RHYTHM}
    _set(board, changes)
    _check(board)
    board.save()
    if services is not None:
        board.services.set(services)
    if members is not None:
        _seat(board, members)
    if before != {name: getattr(board, name) for name in RHYTHM}:
        planned = BoardMeeting.objects.filter(board=board, state=BoardMeeting.State.PLANNED, by_rhythm=True)
        planned.filter(items__votes__isnull=True).exclude(items__added_by__isnull=False).delete()
    events.record("changes.board.updated", board, actor=actor, fields=sorted(changes))
    return board


def _set(board: Board, said: dict[str, Any]) -> None:
    for field, value in said.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(board, field, value)


def _check(board: Board) -> None:
    if Board.objects.filter(name=board.name).exclude(pk=board.pk).exists():
        raise InvalidInput.at("name", f"There is a board {board.name!r} already.")
    try:
        ZoneInfo(board.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        problem = f"There is no time zone {board.time_zone!r}; try Europe/Amsterdam."
        raise InvalidInput.at("time_zone", problem) from error
    for field in ("quorum", "duration_minutes", "item_minutes"):
        if getattr(board, field) < 1:
            raise InvalidInput.at(field, "It is one at least.")
    if unknown := sorted(set(board.types) - set(ChangeModel.Type.values)):
        raise InvalidInput.at("types", f"Unknown: {', '.join(unknown)}. Known: {', '.join(ChangeModel.Type.values)}.")
    if board.recurrence:
        _check_rhythm(board)


def _check_rhythm(board: Board) -> None:
    if board.first_start is None:
        raise InvalidInput.at("first_start", "Say when it meets for the first time; the rhythm goes on from there.")
    try:
        read(board.recurrence, datetime(2026, 1, 1))  # noqa: DTZ001 wall clock
    except (ValueError, OverflowError) as error:
        raise InvalidInput.at("recurrence", f"Not an RRULE ({error}); try FREQ=WEEKLY;BYDAY=TU.") from error


def _seat(board: Board, members: Seats) -> None:
    """One seat a person, and one chair; who keeps their seat is not written anew."""
    wanted = _wanted(members)
    kept = {one.user_id for one in board.seats.all() if wanted.get(one.user_id) == one.seat}
    board.seats.exclude(user__in=kept).delete()
    BoardSeat.objects.bulk_create(
        BoardSeat(board=board, user_id=who, seat=seat) for who, seat in wanted.items() if who not in kept
    )
    votes = sum(seat in BoardSeat.VOTES for seat in wanted.values())
    if 0 < votes < board.quorum:
        raise InvalidInput.at("quorum", f"Only {votes} of its people have a vote; it could never decide.")
    board.__dict__.pop("seated", None)


def _wanted(members: Seats) -> dict[int, str]:
    """The seat of each person."""
    wanted: dict[int, str] = {}
    for seat, people in members.items():
        if seat not in BoardSeat.Seat.values:
            raise InvalidInput.at("members", f"There is no seat {seat!r}. Known: {', '.join(BoardSeat.Seat.values)}.")
        for person in people:
            if person.is_machine:
                raise InvalidInput.at("members", f"{person} is a machine account; people sit on boards.")
            if wanted.setdefault(person.pk, seat) != seat:
                raise InvalidInput.at("members", f"{person} has one seat, not two.")
    if list(wanted.values()).count(BoardSeat.Seat.CHAIR) > 1:
        raise InvalidInput.at("members", "One person is the chair; others may be deputies.")
    return wanted
