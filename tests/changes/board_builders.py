"""Boards and meetings for tests."""

from datetime import UTC, datetime
from typing import Any

from changes.models import AgendaItem, Board, BoardMeeting, ChangeRequest
from changes.operations import agendas, board_decisions, boards, meetings
from changes.queries.boards import awaited
from itsm.kernel.actor import Actor
from itsm.kernel.models import User
from tests.builders import SYSTEM
from tests.changes.builders import NOW

TUESDAY = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # the day after NOW


def make_board(*members: User, chair: User | None = None, **details: Any) -> Board:
    seats = {"member": list(members)} | ({"chair": [chair]} if chair else {})
    given = {"name": "CAB", "first_start": TUESDAY, "recurrence": "FREQ=WEEKLY;BYDAY=TU"}
    return boards.establish(members=seats, actor=SYSTEM, **(given | details))


def prepare(now: datetime = NOW) -> meetings.Prepared:
    return meetings.prepare(actor=SYSTEM, now=now)


def next_meeting(board: Board) -> BoardMeeting:
    return BoardMeeting.objects.filter(board=board).order_by("starts_at").first()  # type: ignore[return-value]


def call(board: Board, *changes: ChangeRequest, now: datetime = NOW) -> BoardMeeting:
    """A meeting now, about these changes."""
    return meetings.call(board=board, starts_at=now, reason="It cannot wait.", changes=changes, actor=SYSTEM, now=now)


def put_on(meeting: BoardMeeting, change: ChangeRequest, now: datetime = NOW, **about: Any) -> AgendaItem:
    about.setdefault("actor", SYSTEM)
    return agendas.add(meeting_id=meeting.pk, change=change, now=now, **about)


def item_of(meeting: BoardMeeting, change: ChangeRequest) -> AgendaItem:
    return AgendaItem.objects.get(meeting=meeting, change=change)


def seen(item: AgendaItem) -> str:
    found = awaited(item.meeting.board.role, item.change).first()
    return found.fingerprint if found else ""


def vote(item: AgendaItem, user: User, said: str = "authorised", comment: str = "", **more: Any) -> AgendaItem:
    more.setdefault("fingerprint", seen(item))
    return board_decisions.vote(
        meeting_id=item.meeting_id,
        item_id=item.pk,
        vote=said,
        comment=comment,
        actor=Actor.person(user),
        now=NOW,
        **more,
    )


def rule(item: AgendaItem, user: User, decision: str = "authorised", comment: str = "") -> AgendaItem:
    return board_decisions.decide(
        meeting_id=item.meeting_id, item_id=item.pk, decision=decision, comment=comment, fingerprint=seen(item),
        actor=Actor.person(user), now=NOW,
    )  # fmt: skip
