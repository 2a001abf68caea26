"""Pages of absences and of a stream's rota."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page
from transition.filters.cover import AbsenceFilter
from transition.forms.cover import AbsenceForm, ShiftForm
from transition.models import Absence, Shift
from transition.operations import cover
from transition.queries import streams as ask
from transition.rules import delivery as rules
from transition.tables.cover import AbsenceTable
from transition.views.verbs import posted, verb


@require_GET
def list_(request: Request) -> HttpResponse:
    """Who is away; what is over is left out unless asked for by its days."""
    ahead = Absence.objects.select_related("user").order_by("days", "pk")
    if "over" not in request.GET:
        ahead = ahead.filter(days__endswith__gt=timezone.localdate())
    new = {"label": "Say an absence", "url": reverse("transition:absence-create"), "primary": True}
    return list_page(
        request,
        queryset=ahead,
        filterset=AbsenceFilter,
        table=AbsenceTable,
        title="Absences",
        empty={
            "title": "Nobody is away.",
            "text": "Who is away covers no role; streams show the days on which nobody is left.",
            "action_label": "Say an absence",
            "action_url": reverse("transition:absence-create"),
        },
        actions=[new],
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=AbsenceForm(posted(request), me=request.actor.user),
        perform=cover.absent,
        title="Say an absence",
        intro="Whoever is away covers none of their roles on these days. To let somebody stand in, lend the role.",
        submit_label="Say it",
        cancel_url=reverse("transition:absence-list"),
    )


@require_http_methods(["GET", "POST"])
def return_early(request: Request, number: str) -> HttpResponse:
    absence = find(Absence.objects.select_related("user"), number, request.actor)

    def perform(*, actor: Any, **_: Any) -> str:
        cover.return_early(absence_id=absence.pk, actor=actor)
        return reverse("transition:absence-list")

    title = f"{absence.user} is there after all"
    return verb(
        request, absence, perform, title=title, submit_label="Take it back", danger=True, rule=rules.may_say_absent
    )


@require_http_methods(["GET", "POST"])
def assign_shift(request: Request, number: str) -> HttpResponse:
    stream = find(ask.listed(), number, request.actor)
    return verb(
        request,
        stream,
        lambda **data: cover.assign_shift(stream=stream, **data),
        form=ShiftForm(posted(request), stream=stream),
        title=f"Add to the rota of {stream.display}",
        intro="Where a role has a rota, only those who have a shift cover it.",
        submit_label="Add the shift",
    )


@require_http_methods(["GET", "POST"])
def drop_shift(request: Request, number: str) -> HttpResponse:
    shift = find(Shift.objects.select_related("stream__plan__service", "user"), number, request.actor)

    def perform(*, actor: Any, **_: Any) -> str:
        cover.drop_shift(shift_id=shift.pk, actor=actor)
        return shift.get_absolute_url()

    return verb(
        request,
        shift,
        perform,
        title=f"Drop {shift.display}",
        submit_label="Drop the shift",
        danger=True,
        rule=rules.may_drop_shift,
    )
