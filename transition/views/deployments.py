"""Pages of deployments: what was asked, what the gate found, what became of it."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, list_page, record_page
from transition.actions.operation import DEPLOYMENT_ACTIONS
from transition.filters.operation import DeploymentFilter
from transition.forms.operation import OutcomeForm, RollBackForm
from transition.models import Deployment
from transition.operations import deployments
from transition.queries.deployments import entry_of, listed
from transition.tables.operation import DEPLOYMENT_KINDS, DeploymentTable
from transition.views.verbs import posted, verb

CRUMBS = [("Deployments", "/transition/deployments/")]
SIGNS = {
    "block": ("block", "not met"),
    "inconclusive": ("unknown", "proves nothing"),
    "unknown": ("unknown", "unknown"),
    "pending": ("open", "waits"),
    "warn": ("warn", "warns"),
    "ok": ("ok", "in order"),
    "not_applicable": ("none", "does not apply"),
}


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=listed(),
        filterset=DeploymentFilter,
        table=DeploymentTable,
        title="Deployments",
        empty={"title": "No deployment fits.", "text": "A pipeline asks for one at /api/transition/deployments/."},
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    deployment = find(listed(), number, request.actor)
    entry = entry_of(deployment)
    return record_page(
        request,
        deployment,
        "transition/deployment/detail.html",
        page="transition.deployment",
        title=f"{deployment.artifact} {deployment.version}",
        actions=DEPLOYMENT_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[(DEPLOYMENT_KINDS[deployment.state], deployment.get_state_display())],
        facts=_facts(deployment),
        looked=_looked(deployment),
        barred=[reason for reason in deployment.reasons if reason.get("consequence") == "block"],
        entry=entry,
        evidence=deployment.evidence.order_by("pk"),
        requirements=deployment.requirements.order_by("code"),
    )


def _facts(deployment: Deployment) -> list[tuple[str, Any, str | None]]:
    change, run = deployment.change, deployment.run
    return [
        ("Service", deployment.service.name, deployment.service.get_absolute_url()),
        ("Environment", deployment.environment, None),
        ("Change", change.number if change else None, change.get_absolute_url() if change else None),
        ("Run", run.number if run else None, run.get_absolute_url() if run else None),
        ("Asked by", deployment.requested_by, None),
    ]


def _looked(deployment: Deployment) -> list[tuple[str, str, dict[str, str]]]:
    """What bars first, then what waits, then what is in order; in the gate's own order otherwise."""
    order = list(SIGNS)
    reasons = sorted(deployment.reasons, key=lambda reason: order.index(reason["verdict"]))
    return [(*SIGNS[reason["verdict"]], reason) for reason in reasons]


@require_http_methods(["GET", "POST"])
def start(request: Request, number: str) -> HttpResponse:
    deployment = find(listed(), number, request.actor)
    operate = partial(deployments.start, deployment_id=deployment.pk, now=timezone.now())
    return verb(request, deployment, operate, title=f"Start {deployment.display}", submit_label="Start")


@require_http_methods(["GET", "POST"])
def finish(request: Request, number: str) -> HttpResponse:
    deployment = find(listed(), number, request.actor)
    operate = partial(deployments.finish, deployment_id=deployment.pk, now=timezone.now())
    form = OutcomeForm(posted(request))
    return verb(request, deployment, operate, title=f"Finish {deployment.display}", submit_label="Finish", form=form)


@require_http_methods(["GET", "POST"])
def roll_back(request: Request, number: str) -> HttpResponse:
    deployment = find(listed(), number, request.actor)
    operate = partial(deployments.roll_back, deployment_id=deployment.pk, now=timezone.now())
    form = RollBackForm(posted(request))
    return verb(
        request, deployment, operate, title=f"Roll back {deployment.display}", submit_label="It was rolled back",
        danger=True, form=form,
    )  # fmt: skip
