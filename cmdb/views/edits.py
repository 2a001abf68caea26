"""Pages of changes to critical CIs that wait for a second person."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb.actions import EDIT_ACTIONS
from cmdb.edit_fields import Change, standing
from cmdb.filters.edits import CIEditFilter
from cmdb.forms.edits import AcceptEditForm, SendBackForm
from cmdb.forms.fields import ConfirmForm
from cmdb.models import CIEdit
from cmdb.operations import edits
from cmdb.queries.edits import listed
from cmdb.tables.edits import EDIT_KINDS, CIEditTable
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page

CRUMBS = [("Changes to critical CIs", "/cmdb/ci-edits/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=listed(),
        filterset=CIEditFilter,
        table=CIEditTable,
        title="Changes to critical CIs",
        empty={
            "title": "No change waits.",
            "text": "A class may say from which criticality on a second person accepts each change to its CIs.",
        },
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    edit: CIEdit = find(listed(), number, request.actor)
    rows = standing(edit.ci, edit.changes)
    return record_page(
        request,
        edit,
        "cmdb/ci_edit/detail.html",
        page="cmdb.ci-edit",
        title=f"Change {edit.ci}",
        actions=EDIT_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[(EDIT_KINDS[edit.state], edit.get_state_display())],
        facts=_facts(edit),
        rows=rows,
        stale=edit.is_open and any(row.clashes for row in rows),
    )


def _facts(edit: CIEdit) -> list[tuple[str, object, str | None]]:
    return [
        ("CI", f"{edit.ci.number} {edit.ci}", edit.ci.get_absolute_url()),
        ("Criticality", edit.ci.get_criticality_display(), None),
        ("Owner", edit.ci.owner or "nobody", None),
        ("Proposed by", edit.proposed_by, None),
        ("Reason", edit.reason or "–", None),
        ("Decided by", edit.decided_by, None),
        ("Comment", edit.comment, None),
    ]


@require_http_methods(["GET", "POST"])
def accept(request: Request, number: str) -> HttpResponse:
    edit: CIEdit = find(listed(), number, request.actor)
    rows = standing(edit.ci, edit.changes)
    form = AcceptEditForm(request.POST if request.method == "POST" else None, rows=rows)
    return _verb(request, edit, form, edits.accept, f"Accept the change to {edit.ci}", "Accept the change", rows)


@require_http_methods(["GET", "POST"])
def send_back(request: Request, number: str) -> HttpResponse:
    edit: CIEdit = find(listed(), number, request.actor)
    form = SendBackForm(request.POST if request.method == "POST" else None)
    rows = standing(edit.ci, edit.changes)
    return _verb(request, edit, form, edits.send_back, f"Send back the change to {edit.ci}", "Send it back", rows)


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, number: str) -> HttpResponse:
    edit: CIEdit = find(listed(), number, request.actor)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    rows = standing(edit.ci, edit.changes)
    return _verb(request, edit, form, edits.withdraw, f"Withdraw the change to {edit.ci}", "Withdraw it", rows)


def _verb(
    request: Request, edit: CIEdit, form: Any, operation: Any, title: str, submit_label: str, rows: list[Change]
) -> HttpResponse:
    """Whoever decides sees what about."""
    return form_page(
        request,
        form=form,
        perform=lambda **data: operation(edit_id=edit.pk, now=timezone.now(), **data),
        title=title,
        submit_label=submit_label,
        cancel_url=edit.get_absolute_url(),
        template="cmdb/ci_edit/decide.html",
        record=edit,
        crumbs=[*CRUMBS, (edit.number, edit.get_absolute_url())],
        rows=rows,
    )
