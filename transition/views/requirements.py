"""Pages of requirements."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, list_page, record_page
from transition.actions.delivery import REQUIREMENT_ACTIONS
from transition.filters.delivery import RequirementFilter
from transition.forms.delivery import ReasonForm, RequirementForm
from transition.models import Requirement
from transition.operations import requirements
from transition.queries import flow, streams
from transition.queries import plans as ask_plans
from transition.queries import requirements as ask
from transition.tables.delivery import REQUIREMENT_KINDS, RequirementTable
from transition.views.verbs import posted, verb

CRUMBS = [("Requirements", "/transition/requirements/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=ask.with_standing(ask.listed()),
        filterset=RequirementFilter,
        table=RequirementTable,
        title="Requirements",
        empty={
            "title": "No requirement yet.",
            "text": "Requirements are written down in the transition plan of a service.",
            "action_label": "Open the plans",
            "action_url": reverse("transition:plan-list"),
        },
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    requirement = find(ask.listed(), number, request.actor)
    lanes = list(streams.listed().filter(plan=requirement.plan))
    rows = flow.flow_of(ask.listed().filter(pk=requirement.pk), lanes, actor=request.actor, now=timezone.now())
    service = requirement.plan.service
    return record_page(
        request,
        requirement,
        "transition/requirement/detail.html",
        page="transition.requirement",
        title=requirement.display,
        verdicts=[(REQUIREMENT_KINDS[requirement.status], requirement.get_status_display())],
        actions=REQUIREMENT_ACTIONS,
        crumbs=CRUMBS,
        facts=_facts(requirement),
        stages=flow.STAGE_NAMES.values(),
        cells=rows[0].cells.values() if rows else (),
        items=ask_plans.items().filter(requirement=requirement),
        deployments=requirement.deployments.order_by("-pk")[:10],
        dashboard_url=reverse("transition:dashboard", args=[service.slug]),
    )


def _facts(requirement: Requirement) -> list[tuple[str, object, str | None]]:
    service, proposal, document = requirement.plan.service, requirement.proposal, requirement.source_document
    return [
        ("Service", service, service.get_absolute_url()),
        ("Kind", requirement.get_kind_display(), None),
        ("Priority", requirement.priority, None),
        ("CI", requirement.ci.number, requirement.ci.get_absolute_url()),
        ("Proposal", proposal and proposal.display, proposal.get_absolute_url() if proposal else None),
        ("Source", document, document.get_absolute_url() if document else None),
    ]


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    requirement = find(ask.listed(), number, request.actor)
    return verb(
        request,
        requirement,
        lambda **data: requirements.update(requirement_id=requirement.pk, **data),
        form=RequirementForm(posted(request), initial={"text": requirement.text, "priority": requirement.priority}),
        title=f"Edit {requirement.code}",
        submit_label="Save",
    )


@require_http_methods(["GET", "POST"])
def mark_built(request: Request, number: str) -> HttpResponse:
    requirement = find(ask.listed(), number, request.actor)
    return verb(
        request,
        requirement,
        lambda **data: requirements.mark_built(requirement_id=requirement.pk, now=timezone.now(), **data),
        title=f"Mark {requirement.code} as built",
        intro=f"You say that “{requirement.text}” is built and can be tested.",
        submit_label="It is built",
    )


@require_http_methods(["GET", "POST"])
def mark_deployed(request: Request, number: str) -> HttpResponse:
    requirement = find(ask.listed(), number, request.actor)
    return verb(
        request,
        requirement,
        lambda **data: requirements.mark_deployed(requirement_ids=[requirement.pk], now=timezone.now(), **data)[0],
        title=f"Mark {requirement.code} as live",
        intro="From now on it must be documented and accepted within the agreed time.",
        submit_label="It is live",
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, number: str) -> HttpResponse:
    requirement = find(ask.listed(), number, request.actor)
    return verb(
        request,
        requirement,
        lambda **data: requirements.withdraw(requirement_id=requirement.pk, **data),
        form=ReasonForm(posted(request)),
        title=f"Withdraw {requirement.code}",
        submit_label="Withdraw",
        danger=True,
    )
