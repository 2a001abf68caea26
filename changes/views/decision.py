"""The decision page: everything that the decision about a change needs, most telling first, and the buttons."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from changes import rules
from changes.actions import REQUEST_ACTIONS
from changes.filters import ChangeRequestFilter
from changes.forms import DecideForm
from changes.models import ChangeRequest
from changes.queries import authorisations
from changes.queries import requests as ask
from changes.queries.basics import Examination, examine
from changes.questions import told
from changes.tables import REQUEST_KINDS, WaitingTable
from changes.views import request_parts as parts
from changes.views.basics_rows import basics_of
from changes.views.card import card_of
from changes.views.found import discovery_of, steps_of
from changes.views.queue import queue_of
from changes.views.reviewed import ended_as, owed_of, review_of
from changes.views.verbs import in_queue
from changes.views.window import window_of
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, list_page, record_page
from itsm.kernel.permissions import allowed
from itsm.kernel.templatetags import _time

CRUMBS = [("Requests", "/changes/requests/")]
Status = ChangeRequest.Status


@require_GET
def waiting(request: Request) -> HttpResponse:
    """The changes that wait for the reader's decision; each opens in the queue."""
    # By their ids, which are found at once; joined to what they wait for, all changes would be read.
    mine = authorisations.changes_waiting_for(request.actor)
    return list_page(
        request,
        queryset=ask.listed().filter(pk__in=mine),
        filterset=ChangeRequestFilter,
        table=WaitingTable,
        title="Waiting for my decision",
        crumbs=[*CRUMBS, ("waiting for me", None)],
        empty={"title": "Nothing waits for you.", "text": "Changes that need your decision appear here."},
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    return show(request, find(ask.in_full(), number, request.actor))


def show(request: Request, change: ChangeRequest, form: DecideForm | None = None) -> HttpResponse:
    """The page; with a decision that was refused on its card."""
    found = examine(change, timezone.now(), to_show=True)
    may_plan = change.status in ChangeRequest.PLANNABLE and allowed(rules.may_plan, request.actor, change)
    plan = parts.plan_of(change, found.tasks, request.actor, may_plan)
    lives = change.status in (Status.DRAFT, *ChangeRequest.IN_CALENDAR)
    response = record_page(
        request,
        change,
        "changes/request/detail.html",
        page="changes.request",
        title=change.title,
        actions=REQUEST_ACTIONS,
        crumbs=CRUMBS,
        queue=queue_of(request, change),
        verdicts=[*_verdicts(change, found, lives), *_overdue(change)],
        facts=_facts(change),
        basics=basics_of(change, found, request.actor, in_queue(request)) if lives else None,
        window=window_of(change, found),
        window_fix=parts.page_of(change, "schedule") if may_plan else "",
        impact=parts.impact_of(change, found, may_plan),
        risk=parts.risk_of(change),
        plan=plan,
        mine=[task for task in plan["tasks"] if task["step"]],
        authorisations=parts.authorisations_of(change, found.asked, request.actor, timezone.now()),
        waivers=parts.waivers_of(change, found),
        views=parts.views_of(found),
        review=review_of(change),
        owed=owed_of(change, request.actor, timezone.now()),
        discovery=discovery_of(change, request.actor),
        states=steps_of(change),
        copied=parts.copied_of(change, request.actor),
        answers=told(change.model.questions, change.answers),
        card=card_of(change, found, request, form),
    )
    if form is not None:
        response.status_code = 422
    return response


def _verdicts(change: ChangeRequest, found: Examination, lives: bool) -> list[tuple[str, str]]:
    verdicts = [(REQUEST_KINDS[change.status], str(change.get_status_display()))]
    if change.outcome:
        verdicts.append(ended_as(change))
    if not lives:
        return verdicts
    blocking = sum(verdict.blocks for verdict in found.verdicts)
    doubtful = sum(verdict.verdict in ("unknown", "warn") for verdict in found.verdicts)
    if blocking:
        return [
            ("block", f"{blocking} basic{'s' if blocking > 1 else ''} block{'s' if blocking == 1 else ''}"),
            *verdicts,
        ]
    if doubtful:
        return [("warn", f"{doubtful} to look at"), *verdicts]
    return [("ok", "basics in order"), *verdicts]


def _overdue(change: ChangeRequest) -> list[tuple[str, str]]:
    due = change.later_due_at if change.later_said_at is None else None
    return [("block", "words overdue")] if due and due <= timezone.now() else []


def _facts(change: ChangeRequest) -> list[tuple[Any, ...]]:
    risk = format_html('{} <a class="small" href="#risk">why</a>', change.risk.label)
    proposal = change.proposal
    last_safe = change.last_safe_moment
    last_safe_said: Any = _time.clock(last_safe) if last_safe else ""
    if last_safe and change.status == Status.IMPLEMENTING:
        last_safe_said = _time.countdown(last_safe, change.started_at)
    return [
        ("Type", ", ".join(filter(None, (change.get_type_display(), change.category, str(change.model))))),
        ("Risk", risk),
        ("Window", _time.span(change.window) if change.window else "not set"),
        ("Last safe moment to back out", last_safe_said),
        ("From", proposal.display if proposal else "", proposal.get_absolute_url() if proposal else None),
        ("Requested by", change.requested_by),
        ("Review due", _review_due(change)),
        ("Confidential", "yes" if change.confidential else ""),
    ]


def _review_due(change: ChangeRequest) -> str:
    if change.status != Status.REVIEW or not change.review_due_at or getattr(change, "review", None):
        return ""
    return f"{_time.moment(change.review_due_at)}: {change.get_review_why_display().lower()}"  # type: ignore[attr-defined]
