"""Pages of an audit's discrepancies: all of them, and what becomes of those that were chosen."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.filters.audits import DiscrepancyFilter
from cmdb.forms.audits import IgnoreForm, RaiseForm
from cmdb.forms.fields import ConfirmForm
from cmdb.models import Audit, Discrepancy
from cmdb.operations import discrepancies
from cmdb.queries import audits as ask
from cmdb.tables.audits import DiscrepancyTable
from cmdb.views.audits import CRUMBS
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page
from itsm.kernel.permissions import allowed

SHOWN = 12


@require_GET
def list_(request: Request, number: str) -> HttpResponse:
    audit: Audit = find(ask.listed(), number, request.actor)
    may = audit.state == Audit.State.OPEN and allowed(rules.may_audit, request.actor, audit)

    def table(rows: Any) -> DiscrepancyTable:
        return DiscrepancyTable(rows, exclude=() if may else ("pick",))

    return list_page(
        request,
        queryset=ask.discrepancies_of(audit),
        filterset=DiscrepancyFilter,
        table=table,  # type: ignore[arg-type]
        template="cmdb/audit/discrepancies.html",
        title=f"Discrepancies of {audit.number}",
        crumbs=[*CRUMBS, (audit.number, audit.get_absolute_url())],
        empty={"title": "Nothing is different.", "text": "All that was found is as it is recorded."},
        record=audit,
        may_resolve=may,
    )


# What can become of the chosen: its title, what it means, its form, its operation.
Way = tuple[str, str, type[forms.Form], Callable[..., list[Discrepancy]]]
WAYS: dict[str, Way] = {
    "update": (
        "Update the record",
        "The record says what was found; a missing CI becomes lost. Where a second person has to accept it, it waits.",
        ConfirmForm,
        discrepancies.update_record,
    ),
    "rfc": (
        "Raise an RFC",
        "One draft that touches these CIs, to put reality right.",
        RaiseForm,
        lambda **said: discrepancies.raise_change(kind="rfc", **said),
    ),
    "unauthorised": (
        "Unauthorised change",
        "One change that nobody had asked for; it goes straight to review, with these as its evidence.",
        RaiseForm,
        lambda **said: discrepancies.raise_change(kind="unauthorised", **said),
    ),
    "ignore": ("Ignore", "It may stay as it is for a time, for a reason.", IgnoreForm, discrepancies.ignore),
}


@require_http_methods(["GET", "POST"])
def resolve(request: Request, number: str, way: str) -> HttpResponse:
    if way not in WAYS:
        raise Http404
    audit: Audit = find(ask.listed(), number, request.actor)
    ids = _picked(request)
    chosen = list(ask.discrepancies_of(audit).filter(pk__in=ids))
    title, intro, form, performs = WAYS[way]
    back = reverse("cmdb:audit-discrepancies", args=[audit.number])

    def perform(**said: Any) -> str:
        performs(ids=ids, now=timezone.now(), **said)
        return f"{back}?state=open"

    return form_page(
        request,
        form=form(request.POST if request.method == "POST" else None),
        perform=perform,
        title=title,
        intro=intro,
        submit_label=title,
        cancel_url=back,
        template="cmdb/audit/resolve.html",
        crumbs=[*CRUMBS, (audit.number, audit.get_absolute_url())],
        record=audit,
        rule=rules.may_audit,
        chosen=DiscrepancyTable(chosen[:SHOWN], exclude=("pick", "state", "outcome"), orderable=False),
        number_chosen=len(chosen),
        more=max(0, len(chosen) - SHOWN),
    )


def _picked(request: Request) -> list[int]:
    said = request.GET.getlist("pick")
    if len(said) > discrepancies.MOST:
        raise BadRequest("Too many at once.")
    return [int(pk) for pk in said if pk.isascii() and pk.isdecimal() and len(pk) < 19]
