"""Pages of incidents."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from transition.actions.operation import INCIDENT_ACTIONS
from transition.filters.operation import IncidentFilter
from transition.forms.operation import CauseForm, DismissForm, IncidentForm
from transition.models import Incident, Suspect
from transition.operations import incidents
from transition.queries.incidents import listed, visible_changes
from transition.rules.operation import may_decide_cause, may_report
from transition.tables.operation import CAUSE_KINDS, IMPROVEMENT_KINDS, INCIDENT_KINDS, IncidentTable
from transition.views.verbs import posted, verb

CRUMBS = [("Incidents", "/transition/incidents/")]
SUSPECT_SIGNS = {"open": ("open", "suspect"), "confirmed": ("block", "did it"), "dismissed": ("none", "dismissed")}


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=listed().visible_to(request.actor),
        filterset=IncidentFilter,
        table=IncidentTable,
        title="Incidents",
        empty={"title": "No incident fits.", "text": "What breaks is written down here, with the changes suspected."},
        actions=[{"label": "Report an incident", "url": reverse("transition:incident-create"), "primary": True}],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    incident = find(listed(), number, request.actor)
    return record_page(
        request,
        incident,
        "transition/incident/detail.html",
        page="transition.incident",
        title=incident.title,
        actions=INCIDENT_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[
            (INCIDENT_KINDS[incident.state], incident.get_state_display()),
            (CAUSE_KINDS[incident.cause], incident.get_cause_display()),
            *([("warn", "early life")] if incident.heightened else []),
        ],
        facts=_facts(incident),
        suspects=_suspects(incident, request),
        undecided=incident.cause == Incident.Cause.UNDECIDED and allowed(may_decide_cause, request.actor, incident),
        improvements=[(IMPROVEMENT_KINDS[i.state], i) for i in incident.improvements.order_by("pk")],
    )


def _facts(incident: Incident) -> list[tuple[str, Any, str | None]]:
    service, ci, change = incident.service, incident.ci, incident.caused_by
    return [
        ("Service", service, service.get_absolute_url() if service else None),
        ("CI", ci, ci.get_absolute_url() if ci else None),
        ("Priority", incident.priority, None),
        ("Caused by", change, change.get_absolute_url() if change else None),
        ("Says", incident.cause_decided_by, None),
        ("Reported by", incident.reported_by or incident.source, None),
    ]


def _suspects(incident: Incident, request: Request) -> list[tuple[str, str, Suspect, bool]]:
    """Kind, word, suspect, and whether the reader may know what the change is called."""
    found = list(incident.suspects.select_related("change").order_by("-score", "pk"))
    seen = visible_changes(found, request.actor)
    return [(*SUSPECT_SIGNS[s.verdict], s, s.change_id in seen) for s in found]


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=IncidentForm(posted(request), initial={"opened_at": timezone.localtime()}),
        perform=incidents.report,
        rule=may_report,
        title="Report an incident",
        submit_label="Report",
        cancel_url=reverse("transition:incident-list"),
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def confirm_cause(request: Request, number: str) -> HttpResponse:
    incident = find(listed(), number, request.actor)
    best = incident.suspects.select_related("change").order_by("-score", "pk").first()
    named = request.GET.get("change") or (best.change.number if best else "")
    form = CauseForm(posted(request), initial={"change": named})
    operate = partial(incidents.confirm_cause, incident_id=incident.pk)
    return verb(
        request, incident, operate, title=f"What caused {incident.display}?", submit_label="It did it", form=form
    )


@require_http_methods(["GET", "POST"])
def dismiss_cause(request: Request, number: str) -> HttpResponse:
    incident = find(listed(), number, request.actor)
    named = request.GET.get("change", "")
    operate = partial(incidents.dismiss_cause, incident_id=incident.pk)
    return verb(
        request,
        incident,
        operate,
        title=f"{named} did not cause {incident.number}" if named else f"{incident.number} was not a change",
        submit_label=f"It was not {named}" if named else "Not a change",
        form=DismissForm(posted(request), initial={"change": named}),
        intro="" if named else "You say that no change caused it. All its suspects are dismissed.",
    )


@require_http_methods(["GET", "POST"])
def resolve(request: Request, number: str) -> HttpResponse:
    incident = find(listed(), number, request.actor)
    operate = partial(incidents.resolve, incident_id=incident.pk, now=timezone.now())
    return verb(request, incident, operate, title=f"Resolve {incident.display}", submit_label="It works again")
