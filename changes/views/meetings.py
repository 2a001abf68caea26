"""Meetings of boards: the list, the workbench on which everything is done, and the forms beside it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from changes.board_forms import (
    AddItemForm,
    BallotForm,
    ItemForm,
    MinuteForm,
    MoveForm,
    NoteForm,
    RulingForm,
    WithdrawForm,
)
from changes.filters import BoardMeetingFilter
from changes.forms import ConfirmForm, ReasonForm
from changes.models import BoardMeeting
from changes.operations import agendas, board_decisions, meetings
from changes.queries import boards as ask
from changes.tables import MeetingTable
from changes.views import workbench
from changes.views.verbs import bound, verb_page
from itsm.kernel.errors import DomainError, Stale
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, go_to, list_page, refuse
from itsm.kernel.preconditions import expecting

CRUMBS = workbench.CRUMBS


def _meeting(request: Request, number: str) -> BoardMeeting:
    return find(ask.meetings(), number, request.actor)  # type: ignore[no-any-return]


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=ask.with_counts(ask.in_order_of_work(ask.meetings())),
        filterset=BoardMeetingFilter,
        table=MeetingTable,
        title="CAB meetings",
        empty={
            "title": "No meeting yet.",
            "text": "Boards meet by their rhythm; set one up, and its meetings are planned five weeks ahead.",
            "action_label": "Boards",
            "action_url": "/changes/boards/",
        },
        actions=[{"label": "Boards", "url": "/changes/boards/"}],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    """The workbench; while somebody looks, only its agenda is asked for again."""
    meeting = _meeting(request, number)
    if request.htmx:
        return TemplateResponse(request, "changes/meeting/agenda.html", workbench.agenda(request, meeting))
    return workbench.show(request, meeting)


# --- What is done on the workbench itself --------------------------------------------------------


def _on_item(request: Request, number: str, kind: type, operate: Callable[..., Any], said: str = "") -> HttpResponse:
    """One operation on an item, by a button of the workbench; a refusal is shown there, and nothing is lost."""
    meeting, form = _meeting(request, number), kind(request.POST)
    if form.is_valid():
        about = dict(form.cleaned_data)
        try:
            with expecting(meeting, _seen(about)):
                operate(meeting_id=meeting.pk, item_id=about.pop("item"), actor=request.actor, **about)
        except Stale:
            messages.warning(request, "The meeting went on while you read, so nothing was decided. Look at it again.")
        except DomainError as error:
            refuse(form, error)
            return workbench.show(request, meeting, form)
        else:
            if said:
                messages.success(request, said)
            return go_to(request, workbench.after(request, meeting, form.cleaned_data["item"]))
        return go_to(request, workbench.address(meeting, form.cleaned_data["item"]))
    return workbench.show(request, meeting, form)


def _seen(about: dict[str, Any]) -> frozenset[int] | None:
    revision = about.pop("revision", None)
    return None if revision is None else frozenset({revision})


@require_POST
def vote(request: Request, number: str) -> HttpResponse:
    operate = partial(board_decisions.vote, now=timezone.now())
    return _on_item(request, number, BallotForm, operate, "Your vote is cast; it stands in the ledger.")


@require_POST
def decide(request: Request, number: str) -> HttpResponse:
    operate = partial(board_decisions.decide, now=timezone.now())
    return _on_item(request, number, RulingForm, operate, "It is decided, and takes effect now.")


@require_POST
def open_item(request: Request, number: str) -> HttpResponse:
    return _on_item(request, number, ItemForm, partial(agendas.take_up, now=timezone.now()))


@require_POST
def move_item(request: Request, number: str) -> HttpResponse:
    return _on_item(request, number, MoveForm, agendas.move)


@require_POST
def note_item(request: Request, number: str) -> HttpResponse:
    return _on_item(request, number, NoteForm, agendas.note)


# --- Forms of their own -----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def withdraw_item(request: Request, number: str) -> HttpResponse:
    meeting = _meeting(request, number)

    def perform(*, item: int, **said: Any) -> BoardMeeting:
        agendas.withdraw(meeting_id=meeting.pk, item_id=item, now=timezone.now(), **said)
        return meeting

    form = bound(request, WithdrawForm, initial={"item": request.GET.get("item", "")})
    return verb_page(
        request, meeting, form, perform, title="Take it off the agenda", submit_label="Take it off", crumbs=CRUMBS
    )


@require_http_methods(["GET", "POST"])
def add_item(request: Request, number: str) -> HttpResponse:
    meeting = _meeting(request, number)
    late = meeting.state == BoardMeeting.State.FIXED
    return verb_page(
        request,
        meeting,
        bound(request, AddItemForm, initial={"change": request.GET.get("change", "")}),
        partial(agendas.add, meeting_id=meeting.pk, now=timezone.now()),
        title=f"Put a change on the agenda of {meeting.display}",
        intro="The agenda is fixed: it will be marked as late, and the members are told." if late else "",
        submit_label="Put it on the agenda",
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def fix(request: Request, number: str) -> HttpResponse:
    meeting = _meeting(request, number)
    return verb_page(
        request,
        meeting,
        bound(request, ConfirmForm),
        partial(meetings.fix, meeting_id=meeting.pk, now=timezone.now()),
        title=f"Fix the agenda of {meeting.display}",
        intro="Its members are told. What comes afterwards needs a reason, and is marked as late.",
        submit_label="Fix the agenda",
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def minute(request: Request, number: str) -> HttpResponse:
    meeting = _meeting(request, number)
    return verb_page(
        request,
        meeting,
        bound(request, MinuteForm, initial={"notes": meeting.notes}),
        partial(meetings.minute, meeting_id=meeting.pk),
        title=f"Minutes of {meeting.display}",
        intro="Outcomes, votes and who took part write themselves; this stands below them.",
        submit_label="Keep",
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def close(request: Request, number: str) -> HttpResponse:
    meeting = _meeting(request, number)
    left = sum(item.is_pending for item in meeting.items.all())
    return verb_page(
        request,
        meeting,
        bound(request, ConfirmForm),
        partial(meetings.close, meeting_id=meeting.pk, now=timezone.now()),
        title=f"Close {meeting.display}",
        intro=f"{left} not decided: put off, and on the next agenda by the board's rule."
        if left
        else "All is decided.",
        submit_label="Close the meeting",
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def cancel(request: Request, number: str) -> HttpResponse:
    meeting = _meeting(request, number)
    return verb_page(
        request,
        meeting,
        bound(request, ReasonForm),
        partial(meetings.cancel, meeting_id=meeting.pk, now=timezone.now()),
        title=f"Cancel {meeting.display}",
        submit_label="Cancel the meeting",
        danger=True,
        crumbs=CRUMBS,
    )
