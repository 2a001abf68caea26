"""The ledger, to read and to verify."""

import django_tables2 as tables
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from itsm.kernel import ledger
from itsm.kernel.ledger_filter import LedgerFilter
from itsm.kernel.middleware import Request
from itsm.kernel.models import LedgerEntry
from itsm.kernel.pages import list_page
from itsm.kernel.tables import RecordTable


class LedgerTable(RecordTable):
    class Meta(RecordTable.Meta):
        model = LedgerEntry
        fields = ("sequence", "at", "actor", "decision", "subject", "comment", "policy_version", "hash")

    actor = tables.Column(orderable=False)
    decision = tables.Column(orderable=False)
    subject = tables.Column(orderable=False)
    comment = tables.Column(orderable=False)
    policy_version = tables.Column(orderable=False)
    hash = tables.Column(orderable=False)

    def render_decision(self, value: str) -> str:
        return value.replace("_", " ")

    def render_hash(self, value: str) -> str:
        return f"{value[:8]}…"


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=LedgerEntry.objects.order_by("-sequence"),
        filterset=LedgerFilter,
        table=LedgerTable,
        title="Ledger",
        empty={"title": "No entry fits.", "text": "Every authorisation, waiver and gate decision is written here."},
        actions=[{"label": "Verify the chain", "url": "/ledger/verify/", "primary": True}],
    )


@require_GET
def verify(request: Request) -> HttpResponse:
    context = {"title": "The ledger's chain", "verdict": ledger.verify(), "crumbs": [("Ledger", "/ledger/")]}
    return TemplateResponse(request, "portal/ledger_verify.html", context)
