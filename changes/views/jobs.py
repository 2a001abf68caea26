"""Pages of operational jobs: what runs anyway, and what a change must not meet."""

from datetime import timedelta
from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes import rules
from changes.actions import JOB_ACTIONS
from changes.filters import OperationalJobFilter
from changes.forms import JobForm
from changes.operations import jobs
from changes.queries import jobs as ask
from changes.tables import JobTable
from changes.views.verbs import bound, edit_page
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from itsm.kernel.recurrence import in_words
from itsm.kernel.templatetags import _time

CRUMBS = [("Jobs", "/changes/jobs/")]
AHEAD = timedelta(days=40)
SHOWN = 10


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "New job", "url": reverse("changes:job-create"), "primary": True}
    freezes = {"label": "Freezes", "url": reverse("changes:freeze-list")}
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=OperationalJobFilter,
        table=JobTable,
        title="Operational jobs",
        empty={"title": "No job yet.", "text": "Backups, batches and maintenance that changes must not meet."},
        actions=[freezes, *([create] if allowed(rules.may_edit_job, request.actor) else [])],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    job = find(ask.listed(), number, request.actor)
    now = timezone.now()
    return record_page(
        request,
        job,
        "changes/job/detail.html",
        page="changes.job",
        title=job.name,
        actions=JOB_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[] if job.active else [("none", "no longer runs")],
        facts=[
            ("Kind", job.get_kind_display()),
            ("Lasts", _time.minutes(job.duration_minutes)),
            ("Again", in_words(job.recurrence)),
            ("What others notice", job.effect),
            ("Owner", job.owner),
        ],
        cis=sorted(job.cis.all(), key=lambda ci: ci.name),
        runs=ask.runs_of(job, now, now + AHEAD)[:SHOWN],
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=bound(request, JobForm, initial={"owner": request.actor.user_id}),
        perform=jobs.create,
        rule=rules.may_edit_job,
        title="New job",
        submit_label="Record the job",
        cancel_url=reverse("changes:job-list"),
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    job = find(ask.listed(), number, request.actor)
    return edit_page(
        request,
        job,
        bound(request, JobForm, instance=job),
        partial(jobs.update, job_id=job.pk),
        title=f"Edit {job.name}",
    )
