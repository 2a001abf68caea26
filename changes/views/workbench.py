"""The CAB workbench: the agenda in order, one item open, what is to be decided, and the minutes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from changes import rules
from changes.actions import MEETING_ACTIONS
from changes.models import AgendaItem, Board, BoardMeeting, BoardSeat
from changes.queries import basics
from changes.queries.boards import Tally, agenda_of, tally_of
from changes.queries.minutes import minutes_of
from changes.tables import ITEM_KINDS, MEETING_KINDS
from changes.views.basics_rows import WORDS
from itsm.kernel.middleware import Request
from itsm.kernel.pages import record_page
from itsm.kernel.permissions import allowed
from itsm.kernel.templatetags import _time

CRUMBS = [("CAB", "/changes/meetings/")]
# Done by the workbench's own buttons.
OWN = ("vote", "decide")
State = AgendaItem.State


@dataclass(frozen=True)
class Row:
    """One line of the agenda."""

    item: AgendaItem
    kind: str
    tally: Tally | None
    is_current: bool
    wants_me: bool
    deadline: Any = None

    @property
    def url(self) -> str:
        return address(self.item.meeting, self.item.pk)


def address(meeting: BoardMeeting, item_id: int | None) -> str:
    return f"{meeting.get_absolute_url()}?item={item_id}" if item_id else meeting.get_absolute_url()


def after(request: Request, meeting: BoardMeeting, item_id: int) -> str:
    """Where a button leads: to the same item while it waits, else to the next that does."""
    items = agenda_of(meeting, request.actor)
    ids = [item.pk for item in items]
    at = ids.index(item_id) if item_id in ids else 0
    following = [item.pk for item in [*items[at:], *items[:at]] if item.is_pending]
    spoken = request.path.endswith("/vote/") and len(following) > 1
    return address(meeting, following[1 if spoken and following[0] == item_id else 0] if following else None)


def agenda(request: Request, meeting: BoardMeeting, items: list[Any] | None = None) -> dict[str, Any]:
    """What the agenda shows."""
    found = agenda_of(meeting, request.actor) if items is None else items
    current = _current(request, found)
    rows = [_row(request, meeting, item, item is current) for item in found]
    return {
        "record": meeting,
        "rows": rows,
        "current": next((row for row in rows if row.is_current), None),
        "following": _following(rows),
        "left": sum(row.item.is_pending for row in rows),
        "here": address(meeting, current.pk if current else None),
    }


def _current(request: Request, items: list[Any]) -> Any:
    """The one asked for, else the one that is open, else the first that waits."""
    wanted = request.POST.get("item") or request.GET.get("item", "")
    by_choice = (
        lambda item: str(item.pk) == wanted,
        lambda item: item.state == State.OPEN,
        lambda item: item.is_pending,
        lambda item: True,
    )
    return next((item for fits in by_choice for item in items if fits(item)), None)


def _row(request: Request, meeting: BoardMeeting, item: Any, is_current: bool) -> Row:
    waits = item.awaited
    tally = tally_of(item, meeting.board, waits.fingerprint, rules.involved_in(item.change)) if waits else None
    lasts = timedelta(minutes=meeting.board.item_minutes)
    return Row(
        item=item,
        kind=ITEM_KINDS[item.state],
        tally=tally,
        is_current=is_current,
        wants_me=bool(tally and meeting.state in BoardMeeting.LIVE and _voices(request, meeting, waits, tally)),
        deadline=item.opened_at + lasts if item.state == State.OPEN and item.opened_at else None,
    )


def _voices(request: Request, meeting: BoardMeeting, authorisation: Any, tally: Tally) -> list[int | None]:
    """In whose names the reader may still vote about it."""
    if not rules.sits(request.actor, meeting.board, BoardSeat.VOTES):
        return []
    spoke = {who for vote in tally.votes for who in (vote.by_id, vote.on_behalf_of_id) if who is not None}
    if request.actor.user_id in spoke:
        return []
    found = rules.board_voices(request.actor, meeting.board, authorisation, BoardSeat.VOTES)
    return [voice for voice in found if voice not in spoke]


def _following(rows: list[Row]) -> Row | None:
    at = next((index for index, row in enumerate(rows) if row.is_current), -1)
    return next((row for row in [*rows[at + 1 :], *rows[: max(at, 0)]] if row.item.is_pending), None)


def show(request: Request, meeting: BoardMeeting, form: Any = None) -> HttpResponse:
    """The page; with what was refused on it."""
    items = agenda_of(meeting, request.actor)
    shown = agenda(request, meeting, items)
    response = record_page(
        request,
        meeting,
        "changes/meeting/detail.html",
        page="changes.meeting",
        title=meeting.board.name,
        actions=tuple(action for action in MEETING_ACTIONS if action.name not in OWN),
        crumbs=CRUMBS,
        verdicts=_verdicts(meeting, shown["left"], len(shown["rows"])),
        facts=_facts(meeting),
        minutes=minutes_of(meeting, request.actor, items),
        card=_card(request, meeting, shown["current"], form),
        **_about(request, meeting, shown["current"]),
        **{name: value for name, value in shown.items() if name != "record"},
    )
    if form is not None:
        response.status_code = 422
    return response


def _verdicts(meeting: BoardMeeting, left: int, count: int) -> list[tuple[str, str]]:
    verdicts = [(MEETING_KINDS[meeting.state], str(meeting.get_state_display()))]
    if meeting.state in BoardMeeting.LIVE and count:
        verdicts.append(("open", f"{left} to decide") if left else ("ok", "all decided"))
    return verdicts


def _facts(meeting: BoardMeeting) -> list[tuple[Any, ...]]:
    board = meeting.board
    due = "" if meeting.state != BoardMeeting.State.PLANNED else _time.moment(meeting.agenda_due_at)
    return [
        ("Board", board.name, board.get_absolute_url()),
        ("Meets", _time.span(meeting.starts_at, meeting.ends_at)),
        ("Chair", board.chair or "nobody"),
        ("Decides by", f"{board.get_decides_by_display()}; quorum {board.quorum}"),
        ("Agenda is fixed", due),
        ("Called because", meeting.reason if meeting.state in BoardMeeting.LIVE else ""),
        ("Cancelled because", meeting.reason if meeting.state == BoardMeeting.State.CANCELLED else ""),
    ]


def _about(request: Request, meeting: BoardMeeting, row: Row | None) -> dict[str, Any]:
    """What a member must know of the change that is looked at."""
    if row is None:
        return {}
    change, item = row.item.change, row.item
    found = basics.verdicts_of(change, timezone.now()) if item.is_pending else []
    runs = meeting.state in BoardMeeting.LIVE and allowed(rules.may_run_meeting, request.actor, meeting)
    places = meeting.state in BoardMeeting.LIVE and allowed(rules.may_place_item, request.actor, item)
    return {
        "change": change,
        "about": [
            ("Window", _time.span(change.window) if change.window else "not set"),
            ("Risk", change.risk.label),
            ("Type", f"{change.get_type_display()}, {change.model}"),
            ("Services", ", ".join(service.name for service in change.services.all())),
            ("Requested by", change.requested_by),
            ("Last safe moment to back out", _time.clock(change.last_safe_moment) if change.last_safe_moment else ""),
        ],
        "checks": [
            {"kind": v.verdict, "word": WORDS[v.verdict], "title": v.title, "text": v.explanation}
            for v in found
            if v.verdict != "ok" and not v.waived_by
        ],
        "checked": len(found),
        "runs": runs,
        "places": places,
    }


def _card(request: Request, meeting: BoardMeeting, row: Row | None, form: Any) -> dict[str, Any] | None:
    """What the reader may say about it: a vote, the board's decision, or nothing and why."""
    if row is None:
        return None
    waits: Any = row.item.awaited  # type: ignore[attr-defined]
    card: dict[str, Any] = {
        "form": form,
        "votes": [(_sign(vote.vote), vote) for vote in row.item.votes.all()],
        "tally": row.tally,
        "needs": _needs(meeting.board, waits, row.tally) if waits and row.tally is not None else "",
        "fingerprint": waits.fingerprint if waits else "",
        "policy": waits.policy if waits else None,
        "rule": waits.rule if waits else "",
    }
    if meeting.state not in BoardMeeting.LIVE or not row.item.is_pending:
        return card | {"text": _settled(row.item)}
    if waits is None:
        return card | {"text": "Nothing waits for this board any more: its plan is being changed, or it is decided."}
    chairs = bool(rules.board_voices(request.actor, meeting.board, waits, BoardSeat.CHAIRS))
    return card | {
        "may_vote": row.wants_me,
        "may_decide": chairs,
        "text": "" if row.wants_me or chairs else _silent(request, meeting, row),
        "revision": meeting.revision,
    }


def _sign(vote: str) -> str:
    return {"authorised": "ok", "rejected": "block"}.get(vote, "none")


def _needs(board: Board, authorisation: Any, tally: Tally) -> str:
    """What is still needed, in words."""
    if board.decides_by == Board.DecidesBy.CHAIR:
        return "The chair decides; votes are advice."
    lacking = board.quorum - len(tally.votes)
    if lacking > 0:
        return f"{lacking} more must vote for a quorum of {board.quorum}."
    if tally.outcome:
        return "There is a quorum. What is left to vote can still turn it." if not tally.is_clear else ""
    return "A tie: the chair decides."


def _settled(item: AgendaItem) -> str:
    by = f" by {item.settled_by}" if item.settled_by else ""
    return f"{item.get_state_display()}{by}. {item.comment or item.reason}".strip()


def _silent(request: Request, meeting: BoardMeeting, row: Row) -> str:
    if not rules.sits(request.actor, meeting.board, BoardSeat.VOTES):
        return "Only the members of this board vote."
    if rules.is_own_change(request.actor, row.item.change):
        return "You requested this change or have a task in it, so others vote."
    if row.tally and request.actor.user_id in {vote.by_id for vote in row.tally.votes}:
        return "You have voted."
    return f"To vote here you need the role {meeting.board.get_role_display()}."
