"""Pages of transition plans."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb.models import Service
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from transition.actions.delivery import PLAN_ACTIONS
from transition.filters.delivery import PlanFilter
from transition.forms.delivery import NewPlanForm, NewRequirementForm, NewStreamForm, PackageForm, PlanForm
from transition.operations import packages, plans, requirements, streams
from transition.queries import plans as ask
from transition.queries import requirements as ask_requirements
from transition.queries import streams as ask_streams
from transition.queries.plan_timeline import timeline_of
from transition.queries.service_facts import since_days
from transition.rules import delivery as rules
from transition.tables.delivery import PlanTable
from transition.views.verbs import posted, verb

CRUMBS = [("Plans", "/transition/plans/")]
SHOWN = 100


@require_GET
def list_(request: Request) -> HttpResponse:
    new = {"label": "Plan a transition", "url": reverse("transition:plan-create"), "primary": True}
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=PlanFilter,
        table=PlanTable,
        title="Transition plans",
        empty={"title": "No transition plan yet.", "text": "A plan says how a service is brought into live use."},
        actions=[new] if allowed(rules.may_plan, request.actor) else [],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    plan = find(ask.listed(), number, request.actor)
    wanted = ask_requirements.with_standing(ask_requirements.listed().filter(plan=plan))
    now = timezone.now()
    planned = list(ask.packages().filter(plan=plan))
    lanes = list(ask_streams.with_record(ask_streams.listed().filter(plan=plan), since_days(now)))
    return record_page(
        request,
        plan,
        "transition/plan/detail.html",
        page="transition.plan",
        title=f"Transition of {plan.service.name}",
        actions=PLAN_ACTIONS,
        crumbs=CRUMBS,
        facts=[
            ("Service", plan.service, plan.service.get_absolute_url()),
            ("Way", plan.get_style_display(), None),
            ("Owner", plan.service.owner or "nobody", None),
            ("Policy", plan.policy_name, None),
            ("Dashboard", "open", reverse("transition:dashboard", args=[plan.service.slug])),
        ],
        packages=planned,
        lanes=lanes,
        timeline=timeline_of(planned, lanes, now) if planned or lanes else None,
        requirements=wanted[:SHOWN],
        requirement_list=f"{reverse('transition:requirement-list')}?service={plan.service.slug}",
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    service = Service.objects.filter(slug=request.GET.get("service", ""), plan__isnull=True).first()
    return form_page(
        request,
        form=NewPlanForm(posted(request), initial={"service": service}),
        perform=plans.create,
        rule=rules.may_plan,
        title="Plan a transition",
        submit_label="Make the plan",
        cancel_url=reverse("transition:plan-list"),
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    plan = find(ask.listed(), number, request.actor)
    return verb(
        request,
        plan,
        lambda **data: plans.update(plan_id=plan.pk, **data),
        form=PlanForm(posted(request), instance=plan),
        title=f"Edit the plan of {plan.service.name}",
        submit_label="Save",
    )


@require_http_methods(["GET", "POST"])
def add_requirement(request: Request, number: str) -> HttpResponse:
    plan = find(ask.listed(), number, request.actor)
    return verb(
        request,
        plan,
        lambda **data: requirements.add(plan=plan, **data),
        form=NewRequirementForm(posted(request)),
        title=f"Add a requirement of {plan.service.name}",
        submit_label="Write it down",
    )


@require_http_methods(["GET", "POST"])
def add_package(request: Request, number: str) -> HttpResponse:
    plan = find(ask.listed(), number, request.actor)
    following = plan.package_count + 1
    return verb(
        request,
        plan,
        lambda **data: packages.plan(plan=plan, **data),
        form=PackageForm(posted(request), initial={"ordinal": following, "name": f"Delivery {following}"}),
        title=f"Plan a package of {plan.service.name}",
        submit_label="Plan the package",
    )


@require_http_methods(["GET", "POST"])
def add_stream(request: Request, number: str) -> HttpResponse:
    plan = find(ask.listed(), number, request.actor)
    initial = {"ordinal": plan.stream_count + 1, "active_from": timezone.localdate(), "owner": plan.service.owner_id}
    return verb(
        request,
        plan,
        lambda **data: streams.create(plan=plan, **data),
        form=NewStreamForm(posted(request), plan=plan, initial=initial),
        title=f"Start a stream of {plan.service.name}",
        submit_label="Start the stream",
    )
