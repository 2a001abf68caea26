"""My work: what waits for me, oldest first, each done with one action; where the button says it all, right here."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from changes.operations import tasks
from itsm.kernel import navigation
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.middleware import Request
from itsm.kernel.pages import page_or_fragment
from itsm.portal.queries import work
from itsm.portal.queries.work_sources import SOURCES
from transition.operations import improvements

Perform = Callable[[int, Actor, datetime], Any]
RIGHT_HERE: dict[str, tuple[str, Perform]] = {
    "Acknowledge": ("acknowledged", lambda pk, actor, now: tasks.acknowledge(task_id=pk, actor=actor, now=now)),
    "Start": ("started", lambda pk, actor, now: tasks.start(task_id=pk, actor=actor, now=now)),
    "Measure again": ("measured", lambda pk, actor, now: improvements.check(improvement_id=pk, actor=actor, now=now)),
}
LABELS = {source.kind: source.label for source in SOURCES}


@require_GET
def my_work(request: Request) -> HttpResponse:
    return _shown(request)


@require_POST
def do(request: Request, kind: str, pk: int) -> HttpResponse:
    """Perform the one action of one thing; answer with what is left, the next thing in focus."""
    now = timezone.now()
    try:
        item = work.find(request.actor, kind, pk, now)
    except Http404:
        return _answer(request, refusal="This no longer waits for you: somebody was quicker, or it has changed.")
    if item.step.label not in RIGHT_HERE or not item.step.right_here:
        return redirect(item.step.url)
    word, perform = RIGHT_HERE[item.step.label]
    try:
        perform(pk, request.actor, now)
    except DomainError as error:
        return _answer(request, refusal=error.message, at=item.ref)
    return _answer(request, done=f"“{item.title}” is {word}.")


@require_GET
def counts(request: Request) -> HttpResponse:
    """What the navigation counts, for its place on any page; asked again and again while somebody looks."""
    return TemplateResponse(request, "partials/counts.html", {"counts": navigation.counts(request.actor)})


def _answer(request: Request, *, done: str = "", refusal: str = "", at: str = "") -> HttpResponse:
    if not getattr(request, "htmx", False):
        messages.add_message(request, messages.SUCCESS if done else messages.ERROR, done or refusal)
        return redirect("home")
    request.actor.memory.clear()
    response = _shown(request, status=409 if refusal else 200, done=done, refusal=refusal, at=at)
    response["HX-Trigger"] = "worked"
    return response


def _shown(request: Request, status: int = 200, at: str = "", **context: str) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in LABELS else ""
    items = work.waiting_for(request.actor, timezone.now(), [kind] if kind else [])
    place = request.POST.get("place", "")
    refs = [item.ref for item in items]
    focus = at if at in refs else ""
    if request.method == "POST" and not focus and items:
        focus = refs[min(int(place) if place.isdecimal() and len(place) < 5 else 0, len(refs) - 1)]
    found = work.counts_for(request.actor)
    context_of_page = {
        "title": "My work",
        "items": items,
        "kinds": [(k, label, found[k]) for k, label in LABELS.items() if found[k] or k == kind],
        "kind": kind,
        "total": found.total(),
        "focus": focus,
        **context,
    }
    return page_or_fragment(request, "portal/my_work.html", "work", context_of_page, status=status)
