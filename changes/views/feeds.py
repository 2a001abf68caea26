"""Calendars for other programs: the secret addresses of the reader, and what is read under one."""

import hashlib
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from changes import ical
from changes.forms import FeedForm
from changes.models import CalendarFeed
from changes.models.feed import address_of
from changes.operations import feeds
from changes.queries import feeds as ask
from itsm.kernel.api.throttling import asked_this_minute
from itsm.kernel.errors import DomainError
from itsm.kernel.middleware import Request
from itsm.kernel.pages import form_page, page_or_fragment, refuse

CRUMBS = [("Calendar", "/changes/calendar/")]
A_MINUTE = 30
KEEP = 15 * 60  # seconds


@login_not_required
@require_GET
def read(request: HttpRequest, key: str) -> HttpResponse:
    """What the feed's owner may see now; the key in the address stands for them, and for reading this alone."""
    feed = ask.find(key)
    if feed is None:
        raise Http404
    if asked_this_minute(f"feed:{feed.pk}") > A_MINUTE:
        return HttpResponse("Too many readings; once an hour is enough.", status=429, headers={"Retry-After": "60"})
    now = timezone.now()
    body = ical.written(str(feed), ask.items_of(feed, now))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={KEEP}", "Referrer-Policy": "no-referrer"}
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


@never_cache
@require_GET
def list_(request: Request) -> HttpResponse:
    rows = ask.listed().filter(user=request.actor.user)[:100]
    context = {"title": "Calendars for other programs", "rows": rows, "crumbs": CRUMBS}
    return page_or_fragment(request, "changes/calendar/feeds.html", "list", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    form = FeedForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "form": form, "title": "New calendar address", "submit_label": "Make it",
        "cancel_url": reverse("changes:feed-list"),
        "crumbs": [*CRUMBS, ("For other programs", reverse("changes:feed-list"))],
        "intro": "With neither a service nor a team it is your own: your changes, tasks and meetings.",
    }  # fmt: skip
    if request.method != "POST":
        return page_or_fragment(request, "partials/form.html", "form", context)
    if form.is_valid() and (key := _made(request, form)):
        context["address"] = address_of(key)
        return page_or_fragment(request, "changes/calendar/feed_made.html", "form", context)
    return page_or_fragment(request, "partials/form.html", "form", context, status=422)


def _made(request: Request, form: forms.Form) -> str | None:
    try:
        return feeds.make(actor=request.actor, **form.cleaned_data)[1]
    except DomainError as error:
        refuse(form, error)
        return None


@require_http_methods(["GET", "POST"])
def revoke(request: Request, pk: int) -> HttpResponse:
    feed = get_object_or_404(CalendarFeed.objects.visible_to(request.actor), pk=pk)

    def perform(**_: Any) -> str:
        feeds.revoke(feed_id=feed.pk, actor=request.actor, now=timezone.now())
        return reverse("changes:feed-list")

    return form_page(
        request,
        form=forms.Form(request.POST if request.method == "POST" else None),
        perform=perform,
        title=f"Revoke the address of “{feed}”",
        submit_label="Revoke it",
        cancel_url=reverse("changes:feed-list"),
        danger=True,
        intro="Calendars that read it find nothing from now on. This cannot be undone; make another one instead.",
        crumbs=[*CRUMBS, ("For other programs", reverse("changes:feed-list"))],
    )
