"""The ledger, to read and to verify, with its signed checkpoints."""

import json
from typing import Any

import django_tables2 as tables
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from itsm.kernel import checkpoints, ledger
from itsm.kernel.ledger_filter import CheckpointFilter, LedgerFilter
from itsm.kernel.middleware import Request
from itsm.kernel.models import LedgerCheckpoint, LedgerEntry
from itsm.kernel.pages import list_page, page_or_fragment
from itsm.kernel.tables import RecordTable

# So many are verified a request; a longer chain shows its progress between them.
PART = 20_000


class LedgerTable(RecordTable):
    class Meta(RecordTable.Meta):
        model = LedgerEntry
        fields = ("sequence", "at", "actor", "decision", "subject", "comment", "policy_version", "hash")

    sequence = tables.Column("Entry", linkify=("ledger-entry", {"sequence": tables.A("sequence")}))
    at = tables.Column(attrs={"td": {"class": "nowrap"}})
    actor = tables.Column(orderable=False)
    decision = tables.Column(orderable=False)
    subject = tables.Column(orderable=False)
    comment = tables.Column(orderable=False)
    policy_version = tables.Column(orderable=False)
    hash = tables.Column(orderable=False)

    def render_actor(self, value: str, record: LedgerEntry) -> str:
        return f"{value} on behalf of {record.on_behalf_of}" if record.on_behalf_of else value

    def render_decision(self, value: str) -> str:
        return value.replace("_", " ")

    def render_hash(self, value: str) -> str:
        return f"{value[:8]}…"


class CheckpointTable(RecordTable):
    class Meta(RecordTable.Meta):
        model = LedgerCheckpoint
        fields = ("at", "holds", "sequence", "hash", "key")

    sequence = tables.Column("Entry", linkify=("ledger-entry", {"sequence": tables.A("sequence")}))
    hash = tables.Column(orderable=False)
    key = tables.Column("Signed with", orderable=False)
    holds = tables.Column("Holds", accessor="pk", orderable=False)

    def render_hash(self, value: str) -> str:
        return f"{value[:8]}…"

    def render_holds(self, record: LedgerCheckpoint) -> str:
        kind, word = {True: ("ok", "holds"), False: ("block", "broken"), None: ("unknown", "no key to check it with")}[
            checkpoints.holds(record)
        ]
        return format_html('<span class="v {}">{}</span>', kind, word)


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=LedgerEntry.objects.order_by("-sequence"),
        filterset=LedgerFilter,
        table=LedgerTable,
        title="Ledger",
        empty={"title": "No entry fits.", "text": "Every authorisation, waiver and gate decision is written here."},
        actions=[
            {"label": "Checkpoints", "url": reverse("ledger-checkpoints")},
            {"label": "Verify the chain", "url": reverse("ledger-verify"), "primary": True},
        ],
    )


@require_GET
def entry(request: Request, sequence: int) -> HttpResponse:
    found = get_object_or_404(LedgerEntry.objects.select_related("user"), pk=sequence)
    context = {
        "title": f"Entry {found.sequence}",
        "entry": found,
        "facts": _facts(found),
        "details": {name.replace("_", " "): _in_words(value) for name, value in found.details.items()},
        "crumbs": [("Ledger", reverse("ledger"))],
    }
    return TemplateResponse(request, "portal/ledger_entry.html", context)


@require_GET
def verify(request: Request) -> HttpResponse:
    """Walk the chain, a part at a time: each part asks for the next, and whoever leaves the page ends it."""
    after = request.GET.get("after", "0")
    total, _ = ledger.head()
    verdict = ledger.verify(after=min(int(after), total) if after.isdecimal() else 0, limit=PART)
    context = {
        "title": "The ledger's chain",
        "verdict": verdict,
        "total": total,
        "goes_on": verdict.intact and verdict.upto < total,
        "crumbs": [("Ledger", reverse("ledger"))],
    }
    return page_or_fragment(request, "portal/ledger_verify.html", "walk", context)


@require_GET
def checkpoints_(request: Request) -> HttpResponse:
    asked = "Sign one: manage.py ledger_checkpoint. With a key, one is signed each night."
    return list_page(
        request,
        queryset=checkpoints.with_present_hash().order_by("-pk"),
        filterset=CheckpointFilter,
        table=CheckpointTable,
        title="Checkpoints of the ledger",
        empty={
            "title": "No checkpoint yet.",
            "text": asked if settings.LEDGER_KEY else "LEDGER_KEY is not set; docs/operations.md says how.",
        },
        crumbs=[("Ledger", reverse("ledger"))],
    )


def _facts(entry: LedgerEntry) -> list[tuple[str, Any]]:
    return [
        ("Decision", entry.decision.replace("_", " ")),
        ("About", entry.subject),
        ("By", entry.actor),
        ("On behalf of", entry.on_behalf_of),
        ("Policy", entry.policy_version),
        ("Comment", entry.comment),
    ]


def _in_words(value: Any) -> str:
    """A line each for the parts of a list or of an object."""
    if isinstance(value, dict):
        return "\n".join(f"{name.replace('_', ' ')}: {_in_words(part)}" for name, part in value.items())
    if isinstance(value, list):
        return "\n".join(_in_words(part) for part in value)
    return value if isinstance(value, str) else json.dumps(value)
