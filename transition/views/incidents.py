"""Pages of incidents."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from transition.actions.operation import INCIDENT_ACTIONS
from transition.filters.operation import IncidentFilter
from transition.forms.operation import CauseForm, IncidentForm
from transition.operations import incidents
from transition.queries.incidents import listed
from transition.tables.operation import CAUSE_KINDS, INCIDENT_KINDS, IncidentTable
from transition.views.verbs import posted, verb

CRUMBS = [("Incidents", "/transition/incidents/")]
SUSPECT_KINDS = {"open": "open", "confirmed": "block", "dismissed": "none"}


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
        facts=[
            ("Service", incident.service or "–", incident.service.get_absolute_url() if incident.service else None),
            ("CI", incident.ci or "–", incident.ci.get_absolute_url() if incident.ci else None),
            ("Priority", incident.priority, None),
            (
                "Caused by",
                incident.caused_by or "–",
                incident.caused_by.get_absolute_url() if incident.caused_by else None,
            ),
        ],
        suspects=[
            (SUSPECT_KINDS[s.verdict], s) for s in incident.suspects.select_related("change").order_by("-score", "pk")
        ],
        improvements=incident.improvements.order_by("pk"),
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=IncidentForm(posted(request), initial={"opened_at": timezone.localtime()}),
        perform=incidents.report,
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
    operate = partial(incidents.dismiss_cause, incident_id=incident.pk)
    intro = "You say that no change caused it. All its suspects are dismissed."
    return verb(
        request,
        incident,
        operate,
        title=f"{incident.display} was not a change",
        submit_label="Not a change",
        intro=intro,
    )


@require_http_methods(["GET", "POST"])
def resolve(request: Request, number: str) -> HttpResponse:
    incident = find(listed(), number, request.actor)
    operate = partial(incidents.resolve, incident_id=incident.pk, now=timezone.now())
    return verb(request, incident, operate, title=f"Resolve {incident.display}", submit_label="It works again")
