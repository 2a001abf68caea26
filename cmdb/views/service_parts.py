"""Forms of what is agreed for a service: its hours, its targets, what support can access."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from cmdb import rules
from cmdb.forms.service_parts import AccessForm, HoursForm, TargetsForm
from cmdb.models import Service
from cmdb.operations import services
from cmdb.queries.hours import exceptions_of, hours_of
from cmdb.queries.services import listed
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page


@require_http_methods(["GET", "POST"])
def hours(request: Request, slug: str) -> HttpResponse:
    service = find(listed(), slug, request.actor)
    initial = HoursForm.of(service, hours_of(service), exceptions_of(service)) if request.method == "GET" else {}
    return _form(
        request,
        service,
        HoursForm(request.POST if request.method == "POST" else None, initial=initial),
        title=f"Hours of {service.name}",
        intro="When it is there for its customers, such as 08:00–18:00, or 08:00–12:00, 13:00–17:00."
        " A day that is left empty is closed; one that never closes is 00:00–24:00.",
        fields_template="cmdb/service/hours_fields.html",
    )


@require_http_methods(["GET", "POST"])
def targets(request: Request, slug: str) -> HttpResponse:
    service = find(listed(), slug, request.actor)
    return _form(
        request,
        service,
        TargetsForm(request.POST if request.method == "POST" else None, rows=service.targets.order_by("pk")),
        title=f"Targets of {service.name}",
        intro="What is promised of it, and over which time. A row without a measure falls out.",
        fields_template="cmdb/service/rows_fields.html",
    )


@require_http_methods(["GET", "POST"])
def access(request: Request, slug: str) -> HttpResponse:
    service = find(listed(), slug, request.actor)
    said = {"delivery_model": service.delivery_model, "support_access": service.support_access}
    form = AccessForm(
        request.POST if request.method == "POST" else None, rows=service.access.order_by("system", "pk"), initial=said
    )
    return _form(
        request,
        service,
        form,
        title=f"What support can access of {service.name}",
        intro="Each system or tool that the team needs when something breaks. A row without a name falls out.",
        fields_template="cmdb/service/rows_fields.html",
    )


def _form(request: Request, service: Service, form: Any, **about: Any) -> HttpResponse:
    return form_page(
        request,
        form=form,
        perform=lambda **data: services.update(service_id=service.pk, **data),
        submit_label="Save",
        template="cmdb/service/part.html",
        cancel_url=service.get_absolute_url(),
        record=service,
        crumbs=[("Services", "/cmdb/services/"), (service.name, service.get_absolute_url())],
        rule=rules.may_edit_service,
        **about,
    )
