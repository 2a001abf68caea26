"""Roles as pages show them, and the end of one."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from changes.views.verbs import bound
from cmdb.models import Service
from itsm.kernel.middleware import Request
from itsm.kernel.models import RoleAssignment
from itsm.kernel.pages import form_page
from itsm.kernel.people import assignments
from itsm.portal.views.administration import CRUMBS, for_administrators
from itsm.portal.views.administration.forms import WhyForm

MOST = 100


def roles_of(found: QuerySet[RoleAssignment]) -> list[dict[str, Any]]:
    """What is held first, then what is to come, then what is over. Two queries."""
    now, held = timezone.now(), list(found.select_related("team").order_by("role", "-pk")[:MOST])
    services: dict[int | None, str] = dict(
        Service.objects.filter(pk__in={a.service_id for a in held}).values_list("pk", "name")
    )
    services |= {None: "everywhere"}
    rows = [{"role": role, "scope": services[role.service_id], "state": _state(role, now)} for role in held]
    order = ["held", "to come", "over"]
    return sorted(rows, key=lambda row: order.index(row["state"]))


def _state(role: RoleAssignment, now: Any) -> str:
    if role.until is not None and role.until <= max(now, role.since):
        return "over"
    return "held" if role.since <= now else "to come"


@require_http_methods(["GET", "POST"])
@for_administrators
def end(request: Request, pk: int) -> HttpResponse:
    held = get_object_or_404(RoleAssignment.objects.select_related("user", "team"), pk=pk)
    holder: Any = held.user or held.team

    def perform(**said: Any) -> str:
        partial(assignments.end, assignment_id=pk, now=timezone.now())(**said)
        return str(holder.get_absolute_url())

    return form_page(
        request,
        form=bound(request, WhyForm),
        perform=perform,
        record=held,
        title=f"End a role of {holder}",
        submit_label="End it",
        danger=True,
        intro=f"{held.get_role_display()}: it counts no more from the next request on.",
        cancel_url=holder.get_absolute_url(),
        crumbs=[*CRUMBS, (str(holder), holder.get_absolute_url())],
    )
