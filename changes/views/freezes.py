"""Pages of freezes: times in which changes are barred."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes import rules
from changes.actions import FREEZE_ACTIONS
from changes.filters import FreezeFilter
from changes.forms import FreezeForm
from changes.models import Freeze
from changes.operations import freezes
from changes.queries import freezes as ask
from changes.tables import FreezeTable
from changes.views.verbs import bound, edit_page
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from itsm.kernel.templatetags import _time

CRUMBS = [("Freezes", "/changes/freezes/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "New freeze", "url": reverse("changes:freeze-create"), "primary": True}
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=FreezeFilter,
        table=FreezeTable,
        title="Freezes",
        empty={
            "title": "No freeze.",
            "text": "A freeze bars changes for a time, everywhere or on some services, CIs, classes or environments.",
        },
        actions=[create] if allowed(rules.may_edit_freeze, request.actor) else [],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    freeze = find(ask.listed(), number, request.actor)
    now = timezone.now()
    return record_page(
        request,
        freeze,
        "changes/freeze/detail.html",
        page="changes.freeze",
        title=freeze.name,
        actions=FREEZE_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[
            ("none", "over") if freeze.window.upper <= now
            else ("warn", "in force") if freeze.window.lower <= now
            else ("open", "ahead")
        ],
        facts=[
            ("Window", _time.span(freeze.window)),
            ("Emergency changes", "may pass" if freeze.emergency_lane else "barred too"),
            ("Exceptions by", freeze.get_override_role_display()),
        ],
        scope=_scope(freeze),
    )  # fmt: skip


def _scope(freeze: Freeze) -> list[tuple[str, list[Any]]]:
    """What it holds for, each with its page where it has one."""
    return [
        ("Services", sorted(freeze.services.all(), key=str)),
        ("CIs", sorted(freeze.cis.all(), key=str)),
        ("Classes, and those below them", sorted(freeze.classes.all(), key=str)),
        ("Environments", freeze.environments),
    ]


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=bound(request, FreezeForm),
        perform=freezes.create,
        rule=rules.may_edit_freeze,
        title="New freeze",
        submit_label="Set the freeze",
        cancel_url=reverse("changes:freeze-list"),
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    freeze = find(ask.listed(), number, request.actor)
    return edit_page(
        request,
        freeze,
        bound(request, FreezeForm, initial=FreezeForm.of(freeze)),
        partial(freezes.update, freeze_id=freeze.pk),
        title=f"Edit {freeze.name}",
    )
