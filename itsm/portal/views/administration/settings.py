"""The settings of the organisation."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes.views.verbs import bound, edit_page
from itsm.kernel import organisation
from itsm.kernel.middleware import Request
from itsm.kernel.models import Organisation
from itsm.kernel.models.organisation import WEEKDAYS
from itsm.kernel.pages import record_page
from itsm.portal.views.administration import CRUMBS, for_administrators
from itsm.portal.views.administration.forms import OrganisationForm


@require_GET
@for_administrators
def show(request: Request) -> HttpResponse:
    said = organisation.current()
    return record_page(
        request,
        said,
        "portal/administration/organisation.html",
        page="organisation",
        title=str(said),
        crumbs=CRUMBS,
        edit_url=reverse("organisation-edit"),
        facts=_facts(said),
        days_off=said.own_days_off,
        holidays=organisation.holidays_ahead(said, timezone.localdate()),
    )


def _facts(said: Organisation) -> list[tuple[str, Any]]:
    days = dict(WEEKDAYS)
    return [
        ("Time zone", said.time_zone or f"{timezone.get_default_timezone_name()} (the server's)"),
        ("Working days", ", ".join(days[day] for day in said.working_days)),
        ("Working hours", f"{said.day_begins:%H:%M}–{said.day_ends:%H:%M}"),
        ("Public holidays of", said.country or "none"),
        ("Mail comes from", organisation.sender(said)),
        ("Daily digest at", f"{said.digest_hour:02}:00"),
    ]


@require_http_methods(["GET", "POST"])
@for_administrators
def edit(request: Request) -> HttpResponse:
    said = organisation.current()
    return edit_page(
        request,
        said,
        bound(request, OrganisationForm, instance=said),
        organisation.update,
        title="Settings of the organisation",
        crumbs=[*CRUMBS, (str(said), said.get_absolute_url())],
    )
