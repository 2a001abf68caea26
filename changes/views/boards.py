"""Pages of boards: who sits there, what they look at, when they meet."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes import rules
from changes.actions import BOARD_ACTIONS
from changes.board_forms import BoardForm, CallForm
from changes.filters import BoardFilter
from changes.models import Board, BoardMeeting, ChangeModel
from changes.operations import boards, meetings
from changes.queries import boards as ask
from changes.tables import MEETING_KINDS, BoardTable
from changes.views.verbs import bound, edit_page, verb_page
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from itsm.kernel.recurrence import in_words
from itsm.kernel.templatetags import _time

CRUMBS = [("CAB", "/changes/meetings/"), ("Boards", "/changes/boards/")]
SHOWN = 8


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "New board", "url": reverse("changes:board-create"), "primary": True}
    return list_page(
        request,
        queryset=ask.boards(),
        filterset=BoardFilter,
        table=BoardTable,
        title="Boards",
        crumbs=[CRUMBS[0], ("Boards", None)],
        empty={"title": "No board yet.", "text": "A board meets by its rhythm and decides about changes in its scope."},
        actions=[create] if allowed(rules.may_edit_board, request.actor) else [],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    board = find(ask.boards(), number, request.actor)
    now = timezone.now()
    held = ask.with_counts(ask.meetings().filter(board=board))
    coming = held.filter(state__in=BoardMeeting.LIVE).order_by("starts_at")
    return record_page(
        request,
        board,
        "changes/board/detail.html",
        page="changes.board",
        title=board.name,
        actions=BOARD_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[("ok", board.get_kind_display()) if board.active else ("none", "no longer held")],
        facts=_facts(board),
        scope=_scope(board),
        seats=board.seated,
        coming=[(MEETING_KINDS[meeting.state], meeting) for meeting in coming[:SHOWN]],
        past=[(MEETING_KINDS[m.state], m) for m in held.exclude(state__in=BoardMeeting.LIVE)[:SHOWN]],
        now=now,
    )


def _facts(board: Board) -> list[tuple[Any, ...]]:
    first = timezone.localtime(board.first_start) if board.first_start else None
    rhythm = f"{in_words(board.recurrence)}, by the clock of {board.time_zone}" if board.recurrence else "when called"
    return [
        ("Decides by", f"{board.get_decides_by_display()}; quorum {board.quorum}"),
        ("Authority", board.get_role_display()),
        ("Rhythm", rhythm),
        ("Since", _time.moment(first) if first else ""),
        ("Lasts", _time.minutes(board.duration_minutes)),
        ("Agenda fixed", f"{_time.minutes(board.fixed_minutes_before)} before"),
    ]


def _scope(board: Board) -> list[str]:
    """The agenda rule in words."""
    types = [str(ChangeModel.Type(each).label).lower() for each in board.types]
    said = [f"changes that wait for the role {board.get_role_display()}"]
    said += [f"of type {' or '.join(types)}"] if types else []
    said += [f"of {board.get_least_risk_display().lower()} risk or above"] if board.least_risk > 1 else []
    said += [f"that begin within {board.horizon_days} days of the meeting"] if board.horizon_days else []
    return said


def _form(request: Request, **options: Any) -> BoardForm:
    return bound(request, BoardForm, **options)  # type: ignore[no-any-return]


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=_form(request, initial={"time_zone": timezone.get_current_timezone_name()}),
        perform=boards.establish,
        rule=rules.may_edit_board,
        title="New board",
        submit_label="Set the board up",
        cancel_url=reverse("changes:board-list"),
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    board = find(ask.boards(), number, request.actor)
    return edit_page(
        request,
        board,
        _form(request, instance=board, initial=BoardForm.of(board)),
        partial(boards.update, board_id=board.pk),
        title=f"Edit {board.name}",
        intro="With another rhythm, the planned meetings on which nobody has worked yet are planned anew.",
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def call(request: Request, number: str) -> HttpResponse:
    board = find(ask.boards(), number, request.actor)
    return verb_page(
        request,
        board,
        bound(request, CallForm),
        partial(meetings.call, board=board, now=timezone.now()),
        title=f"Call a meeting of {board.name}",
        intro="Its members are told at once. They can vote before it begins.",
        submit_label="Call the meeting",
        crumbs=CRUMBS,
    )
