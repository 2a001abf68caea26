"""Pages of services."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.actions import SERVICE_ACTIONS
from cmdb.filters.services import ServiceFilter
from cmdb.forms.services import NewServiceForm, ServiceForm
from cmdb.models import Service
from cmdb.operations import services
from cmdb.queries.levels import levels_of
from cmdb.queries.overview import overview_of
from cmdb.queries.service_map import map_of
from cmdb.queries.services import listed
from cmdb.tables.services import SERVICE_KINDS, ServiceTable
from cmdb.views.service_level import hours_told, tiles_of
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed

CRUMBS = [("Services", "/cmdb/services/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    define = {"label": "Define a service", "url": reverse("cmdb:service-create"), "primary": True}
    return list_page(
        request,
        queryset=listed(),
        filterset=ServiceFilter,
        table=ServiceTable,
        title="Services",
        empty={"title": "No service fits.", "text": "The portfolio holds what is planned, live and retired."},
        actions=[define] if allowed(rules.may_edit_service, request.actor) else [],
    )


@require_GET
def detail(request: Request, slug: str) -> HttpResponse:
    service, now = find(listed(), slug, request.actor), timezone.now()
    hours, overview = hours_told(service, now), overview_of(service.ci)
    levels = levels_of(service, actor=request.actor, now=now)
    return record_page(
        request,
        service,
        "cmdb/service/detail.html",
        page="cmdb.service",
        title=service.name,
        actions=SERVICE_ACTIONS,
        crumbs=CRUMBS,
        facts=_facts(service),
        verdicts=[(SERVICE_KINDS[service.status], service.get_status_display()), *_open_now(service, hours)],
        overview=overview,
        map=map_of(service, overview),
        tiles=tiles_of(levels),
        baselines=service.baselines.order_by("-pk")[:5],
        may_take_baseline=allowed(rules.may_take_baseline, request.actor, service),
        hours=hours,
        levels=levels,
        access=service.access.order_by("system", "pk"),
        may_edit=allowed(rules.may_edit_service, request.actor, service),
    )


def _open_now(service: Service, hours: dict[str, Any]) -> list[tuple[str, str]]:
    """Of what is live; nothing else is there for anybody."""
    return [hours["verdict"]] if service.status == Service.Status.LIVE else []


def _facts(service: Service) -> list[tuple[str, object, str | None]]:
    return [
        ("Owner", service.owner or "nobody", None),
        ("Sponsor", service.sponsor or "nobody", None),
        ("Support", service.support_team or "none", None),
        ("Delivery", service.get_delivery_model_display(), None),
        ("CI", service.ci.number, service.ci.get_absolute_url()),
    ]


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=NewServiceForm(request.POST if request.method == "POST" else None),
        perform=services.define,
        title="Define a service",
        submit_label="Enter it into the portfolio",
        cancel_url=reverse("cmdb:service-list"),
        crumbs=CRUMBS,
        rule=rules.may_edit_service,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, slug: str) -> HttpResponse:
    service = find(listed(), slug, request.actor)
    return form_page(
        request,
        form=ServiceForm(request.POST if request.method == "POST" else None, instance=service),
        perform=lambda **data: services.update(service_id=service.pk, **data),
        title=f"Edit {service.name}",
        submit_label="Save",
        cancel_url=service.get_absolute_url(),
        record=service,
        rule=rules.may_edit_service,
    )
