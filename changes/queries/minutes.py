"""The minutes of a board's meeting, as they write themselves from what was done there."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from changes.models import AgendaItem, BoardMeeting, BoardVote
from changes.queries.boards import agenda_of, hidden_on
from itsm.kernel.actor import Actor

State = AgendaItem.State


@dataclass(frozen=True)
class Line:
    """One item: what it was, what came of it, and how."""

    number: str
    title: str
    url: str
    state: str
    outcome: str
    how: str
    comment: str
    note: str
    late: bool
    votes: list[str]
    minutes: int | None


@dataclass(frozen=True)
class Minutes:
    meeting: str
    board: str
    starts_at: datetime
    closed_at: datetime | None
    took_part: list[str]
    lines: list[Line]
    hidden: int
    notes: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def minutes_of(meeting: BoardMeeting, actor: Actor, items: list[Any] | None = None) -> Minutes:
    """As far as the actor may know the changes on it (`items`, if they are at hand)."""
    found = agenda_of(meeting, actor) if items is None else items
    spoke = {str(vote.by): None for item in found for vote in item.votes.all()}
    return Minutes(
        meeting=meeting.number,
        board=meeting.board.name,
        starts_at=meeting.starts_at,
        closed_at=meeting.closed_at,
        took_part=sorted(spoke),
        lines=[_line(item) for item in found],
        hidden=hidden_on(meeting, actor),
        notes=meeting.notes,
    )


def _line(item: AgendaItem) -> Line:
    taken = item.settled_at - item.opened_at if item.settled_at and item.opened_at else None
    return Line(
        number=item.change.number,
        title=item.change.title,
        url=item.change.get_absolute_url(),
        state=item.state,
        outcome=item.get_state_display(),
        how=item.settled_by,
        comment=item.comment or (item.reason if item.state == State.WITHDRAWN else ""),
        note=item.note,
        late=item.late,
        votes=[_said(vote) for vote in item.votes.all()],
        minutes=round(taken.total_seconds() / 60) if taken is not None else None,
    )


def _said(vote: BoardVote) -> str:
    who = f"{vote.by}, on behalf of {vote.on_behalf_of}" if vote.on_behalf_of else str(vote.by)
    words = {"authorised": "for", "rejected": "against", "abstained": "abstained"}
    return f"{who}: {words[vote.vote]}" + (f" ({vote.comment})" if vote.comment else "")
