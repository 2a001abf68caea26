"""Pages of deployments: what was asked, what the gate found, what became of it."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes.models import ChangeModel
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, list_page, record_page
from knowledge.queries.coverage import Coverage
from transition.actions.operation import DEPLOYMENT_ACTIONS
from transition.filters.operation import DeploymentFilter
from transition.forms.operation import OutcomeForm, RollBackForm
from transition.models import Deployment
from transition.operations import deployments
from transition.queries.deployments import aftermath_of, brought_by, entry_of, listed
from transition.tables.operation import DEPLOYMENT_KINDS, DeploymentTable
from transition.views.gate_rows import rows_of, said_by_people
from transition.views.verbs import posted, verb

CRUMBS = [("Deployments", "/transition/deployments/")]
MOST_COMMITS = 20
ARTICLES = {
    "none": ("block", "needs an article"),
    "draft": ("open", "article drafted"),
    "in_test": ("open", "article in test"),
    "stale": ("warn", "article overdue for review"),
    "published": ("ok", "described"),
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
        states=Deployment.LIFECYCLE.drawn(deployment, _never(deployment)),
        looked=rows_of(deployment),
        people=said_by_people(deployment, deployment.change),
        unasked=deployment.change is not None and deployment.change.type == ChangeModel.Type.UNAUTHORISED,
        aftermath=aftermath_of(deployment, request.actor),
        barred=[reason for reason in deployment.reasons if reason.get("consequence") == "block"],
        entry=entry,
        evidence=deployment.evidence.order_by("pk"),
        brought=[(requirement, *_article(found)) for requirement, found in brought_by(deployment, timezone.now())],
        commits=deployment.commits[:MOST_COMMITS],
        more_commits=deployment.commits[MOST_COMMITS:],
        run_is_address=deployment.pipeline_run.startswith(("https://", "http://")),
    )


def _facts(deployment: Deployment) -> list[tuple[str, Any, str | None]]:
    change, run = deployment.change, deployment.run
    return [
        ("Service", deployment.service.name, deployment.service.get_absolute_url()),
        ("Environment", deployment.environment, None),
        ("Change", change.number if change else None, change.get_absolute_url() if change else None),
        ("Run", run.number if run else None, run.get_absolute_url() if run else None),
        ("Mode", deployment.get_mode_display() if deployment.mode != Deployment.Mode.ASK else None, None),
        ("Asked by" if deployment.mode == Deployment.Mode.ASK else "Told by", deployment.requested_by, None),
    ]


def _never(deployment: Deployment) -> tuple[str, ...]:
    """The steps that it did not take: who only tells was not authorised, and what was seen was never asked for."""
    if deployment.decision in (Deployment.Decision.AUTHORISED, Deployment.Decision.PENDING):
        return ()
    began = deployment.started_at is not None or deployment.mode != Deployment.Mode.ASK
    return (Deployment.State.AUTHORISED,) if began else ()


def _article(found: Coverage | None) -> tuple[str, str, str]:
    """Verdict, word and address of the article that describes it; empty where none is needed."""
    if found is None:
        return "", "", ""
    url = reverse("knowledge:article-detail", args=[found.number]) if found.number else ""
    return (*ARTICLES[found.state], url)


@require_http_methods(["GET", "POST"])
def start(request: Request, number: str) -> HttpResponse:
    deployment = find(listed(), number, request.actor)
    operate = partial(deployments.start, deployment_id=deployment.pk, now=timezone.now())
    return verb(
        request, deployment, operate, title=f"Start {deployment.artifact} {deployment.version}", submit_label="Start"
    )


@require_http_methods(["GET", "POST"])
def finish(request: Request, number: str) -> HttpResponse:
    deployment = find(listed(), number, request.actor)
    operate = partial(deployments.finish, deployment_id=deployment.pk, now=timezone.now())
    form = OutcomeForm(posted(request))
    return verb(
        request,
        deployment,
        operate,
        title=f"Finish {deployment.artifact} {deployment.version}",
        submit_label="Finish",
        form=form,
    )


@require_http_methods(["GET", "POST"])
def roll_back(request: Request, number: str) -> HttpResponse:
    deployment = find(listed(), number, request.actor)
    operate = partial(deployments.roll_back, deployment_id=deployment.pk, now=timezone.now())
    form = RollBackForm(posted(request))
    title = f"Roll back {deployment.artifact} {deployment.version}"
    return verb(request, deployment, operate, title=title, submit_label="It was rolled back", danger=True, form=form)
