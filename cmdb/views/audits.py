"""Pages of audits: hand in what was found, look at what is not as recorded, say what becomes of it."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.actions import AUDIT_ACTIONS, still_open
from cmdb.auditing.formats import FORMATS
from cmdb.filters.audits import AuditFilter
from cmdb.forms.audits import AuditForm
from cmdb.forms.fields import ConfirmForm
from cmdb.models import Audit
from cmdb.operations import audits
from cmdb.queries import audits as ask
from cmdb.queries import selection
from cmdb.tables.audits import AUDIT_KINDS, AuditTable, DiscrepancyTable
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed

CRUMBS = [("Audits", "/cmdb/audits/")]
SHOWN = 8
Url = str | None


@require_GET
def list_(request: Request) -> HttpResponse:
    new = {"label": "New audit", "url": reverse("cmdb:audit-create"), "primary": True}
    may = allowed(rules.may_audit, request.actor)
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=AuditFilter,
        table=AuditTable,
        title="Audits",
        empty={
            "title": "Nothing was audited yet.",
            "text": "Hand in what a tool found, and see where reality is not as it is recorded.",
            **({"action_label": "New audit", "action_url": reverse("cmdb:audit-create")} if may else {}),
        },
        actions=[new] if may else [],
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    def hand_in(*, file: Any, **said: Any) -> Audit:
        return audits.hand_in(file_name=file.name, data=file.chunks(), now=timezone.now(), **said)

    return form_page(
        request,
        form=AuditForm(request.POST, request.FILES) if request.method == "POST" else AuditForm(),
        perform=hand_in,
        title="New audit",
        intro="A tool looked at reality. A worker compares what it found with the record; the record stays as it is.",
        submit_label="Compare it",
        cancel_url=reverse("cmdb:audit-list"),
        crumbs=CRUMBS,
        rule=rules.may_audit,
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    audit: Audit = find(ask.listed(), number, request.actor)
    first = list(ask.discrepancies_of(audit).order_by("state", "pk")[:SHOWN])
    return record_page(
        request,
        audit,
        "cmdb/audit/detail.html",
        page="cmdb.audit",
        title=audit.name,
        actions=AUDIT_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[(AUDIT_KINDS[audit.state], audit.get_state_display())],
        facts=_facts(audit),
        under_way=audit.state in Audit.FOR_WORKERS,
        tiles=_tiles(audit),
        standing=ask.standing_of(audit) if audit.counts else [],
        table=DiscrepancyTable(first, exclude=("pick",), orderable=False) if first else None,
        all_url=reverse("cmdb:audit-discrepancies", args=[audit.number]),
    )


def _facts(audit: Audit) -> list[tuple[str, object, Url]]:
    counts, cis = audit.counts, reverse("cmdb:ci-list")
    expected = selection.in_words(audit.query) if audit.query else f"what {audit.source} knows"
    found = f" ({counts['expected']:,})" if counts else ""
    return [
        ("Source", audit.source, None),
        ("Seen", f"{timezone.localtime(audit.observed_at):%-d %b %Y %H:%M}", None),
        ("Expected", expected + found, f"{cis}?{audit.query}" if audit.query else None),
        ("Read as", FORMATS[audit.format].label if audit.format in FORMATS else audit.format, None),
        ("Handed in by", audit.requested_by or "the program", None),
        ("What agrees", "counts as verified" if audit.verify_matches else "is not verified by it", None),
    ]


def _tiles(audit: Audit) -> list[dict[str, Any]]:
    counts = audit.counts
    if not counts:
        return []
    matched = counts["matched"]
    share = f"{counts['agree'] / matched:.1%} of the {matched:,} known" if matched else "none of them is known"
    url = reverse("cmdb:audit-discrepancies", args=[audit.number])
    return [
        {"label": "CIs found", "figure": f"{counts['examined']:,}"},
        {"label": "As recorded", "figure": f"{counts['agree']:,}", "note": share},
        {"label": "To be resolved", "figure": f"{audit.left:,}", "url": f"{url}?state=open"},  # type: ignore[attr-defined]
        {"label": "Explained by a change", "figure": f"{counts['authorised']:,}", "url": f"{url}?state=authorised"},
    ]


@require_GET
def progress(request: Request, number: str) -> HttpResponse:
    """The live part of the page; when the worker is through, the whole page is read anew."""
    audit: Audit = find(ask.listed(), number, request.actor)
    response = TemplateResponse(request, "cmdb/progress.html", {"record": audit, "address": request.path})
    if audit.state not in Audit.FOR_WORKERS:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "POST"])
def cancel(request: Request, number: str) -> HttpResponse:
    audit: Audit = find(ask.listed(), number, request.actor)
    began = audit.state == Audit.State.OPEN
    return form_page(
        request,
        form=ConfirmForm(request.POST if request.method == "POST" else None),
        perform=lambda **said: audits.cancel(audit_id=audit.pk, now=timezone.now(), **said),
        title="Cancel the audit",
        intro="What was resolved stays so; the rest is left as it is." if began else "Nothing was compared yet.",
        submit_label="Cancel the audit",
        danger=True,
        cancel_url=audit.get_absolute_url(),
        record=audit,
        crumbs=[*CRUMBS, (audit.number, audit.get_absolute_url())],
    )


@require_http_methods(["GET", "POST"])
def close(request: Request, number: str) -> HttpResponse:
    audit: Audit = find(ask.listed(), number, request.actor)
    return form_page(
        request,
        form=ConfirmForm(request.POST if request.method == "POST" else None),
        perform=lambda **said: audits.close(audit_id=audit.pk, **said),
        title="Close the audit",
        intro=still_open(audit) or "Every discrepancy is resolved, or explained by a change.",
        submit_label="Close it",
        cancel_url=audit.get_absolute_url(),
        record=audit,
        crumbs=[*CRUMBS, (audit.number, audit.get_absolute_url())],
    )
