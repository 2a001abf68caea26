"""Pages of configuration items."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.actions import CI_ACTIONS
from cmdb.filters import CIClassFilter, ConfigurationItemFilter
from cmdb.forms import CIForm, MoveForm, RelateForm, VerifyForm
from cmdb.models import CIClass, ConfigurationItem
from cmdb.operations import cis, relations
from cmdb.queries import cis as ask
from cmdb.queries.graph import graph_of
from cmdb.queries.impact import impact_of
from cmdb.tables import CIClassTable, ConfigurationItemTable
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed

CRUMBS = [("CIs", "/cmdb/cis/")]
FRESH = timedelta(days=90)


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "New CI", "url": reverse("cmdb:ci-create"), "primary": True}
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=ConfigurationItemFilter,
        table=ConfigurationItemTable,
        title="Configuration items",
        empty={"title": "No CI fits.", "text": "Take a filter away, or record the CI."},
        actions=[create] if allowed(rules.may_edit_ci, request.actor) else [],
    )


@require_GET
def class_list(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=CIClass.objects.select_related("parent").order_by("name"),
        filterset=CIClassFilter,
        table=CIClassTable,
        title="CI classes",
        empty={"title": "No class fits.", "text": "Classes say which attributes a CI has."},
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    ci = find(ask.listed(), number, request.actor)
    return record_page(
        request,
        ci,
        "cmdb/ci/detail.html",
        page="cmdb.ci",
        title=ci.name,
        actions=CI_ACTIONS,
        crumbs=CRUMBS,
        facts=_facts(ci),
        fresh=ci.verified_at is not None and ci.verified_at > timezone.now() - FRESH,
        relations=ask.relations_of(ci)[:100],
        downstream=impact_of([ci], direction="downstream"),
        upstream=impact_of([ci], direction="upstream"),
    )


def _facts(ci: ConfigurationItem) -> list[tuple[str, object, str | None]]:
    return [
        ("Class", ci.ci_class, None),
        ("Environment", ci.environment or "–", None),
        ("Version", ci.version or "–", None),
        ("Criticality", ci.get_criticality_display(), None),
        ("Owner", ci.owner or "nobody", None),
        ("Support team", ci.support_team or "none", None),
    ]


@require_GET
def graph(request: Request, number: str) -> HttpResponse:
    """The CI's neighbourhood for the small graph."""
    ci = find(ask.listed(), number, request.actor)
    return JsonResponse(graph_of(ci))


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=CIForm(request.POST if request.method == "POST" else None),
        perform=cis.create,
        title="New CI",
        submit_label="Record the CI",
        cancel_url=reverse("cmdb:ci-list"),
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    ci = find(ask.listed(), number, request.actor)
    return form_page(
        request,
        form=CIForm(request.POST if request.method == "POST" else None, instance=ci),
        perform=lambda **data: cis.update(ci_id=ci.pk, **data),
        title=f"Edit {ci.name}",
        submit_label="Save",
        cancel_url=ci.get_absolute_url(),
        record=ci,
    )


@require_http_methods(["GET", "POST"])
def move(request: Request, number: str) -> HttpResponse:
    ci = find(ask.listed(), number, request.actor)
    return form_page(
        request,
        form=MoveForm(request.POST if request.method == "POST" else None, record=ci),
        perform=lambda **data: cis.move(ci_id=ci.pk, **data),
        title=f"Change the status of {ci.name}",
        submit_label="Change status",
        cancel_url=ci.get_absolute_url(),
        record=ci,
    )


@require_http_methods(["GET", "POST"])
def verify(request: Request, number: str) -> HttpResponse:
    ci = find(ask.listed(), number, request.actor)
    return form_page(
        request,
        form=VerifyForm(request.POST if request.method == "POST" else None),
        perform=lambda **data: cis.verify(ci_id=ci.pk, now=timezone.now(), **data),
        title=f"Verify {ci.name}",
        intro="You say that you compared this record with reality and that it is true.",
        submit_label="It is true",
        cancel_url=ci.get_absolute_url(),
        record=ci,
    )


@require_http_methods(["GET", "POST"])
def relate(request: HttpRequest, number: str) -> HttpResponse:
    ci = find(ask.listed(), number, request.actor)  # type: ignore[attr-defined]

    def perform(**data: object) -> ConfigurationItem:
        relations.relate(source=ci, **data)  # type: ignore[arg-type]
        return ci

    return form_page(
        request,
        form=RelateForm(request.POST if request.method == "POST" else None),
        perform=perform,
        title=f"Relate {ci.name}",
        submit_label="Relate",
        cancel_url=ci.get_absolute_url(),
        record=ci,
    )
