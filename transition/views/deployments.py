"""Pages of deployments."""

from functools import partial

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, list_page, record_page
from transition.actions.operation import DEPLOYMENT_ACTIONS
from transition.filters.operation import DeploymentFilter
from transition.forms.operation import OutcomeForm
from transition.operations import deployments
from transition.queries.deployments import listed
from transition.tables.operation import DEPLOYMENT_KINDS, DeploymentTable
from transition.views.verbs import posted, verb

CRUMBS = [("Deployments", "/transition/deployments/")]
SIGNS = {"ok": "ok", "refused": "block", "unknown": "unknown", "not_applicable": "none"}


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
    change = deployment.change
    return record_page(
        request,
        deployment,
        "transition/deployment/detail.html",
        page="transition.deployment",
        title=f"{deployment.artifact} {deployment.version}",
        actions=DEPLOYMENT_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[(DEPLOYMENT_KINDS[deployment.state], deployment.get_state_display())],
        facts=[
            ("Service", deployment.service.name, deployment.service.get_absolute_url()),
            ("Environment", deployment.environment, None),
            ("Change", change.number if change else "none", change.get_absolute_url() if change else None),
            ("Asked by", deployment.requested_by, None),
            ("Policy", deployment.policy_version, None),
        ],
        looked=[(SIGNS.get(r["verdict"], "none"), r) for r in deployment.reasons],
        evidence=deployment.evidence.order_by("pk"),
        requirements=deployment.requirements.order_by("code"),
    )


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
    operate = partial(deployments.finish, deployment_id=deployment.pk, outcome="rolled_back", now=timezone.now())
    return verb(
        request, deployment, operate, title=f"Roll back {deployment.display}", submit_label="Rolled back", danger=True
    )
