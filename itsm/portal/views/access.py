"""Who can do what on a service, for administrators."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from cmdb.models import Service
from itsm.kernel.middleware import Request
from itsm.kernel.picking import PickField
from itsm.portal.queries.access import holds_on
from itsm.portal.views.administration import CRUMBS


class ServiceForm(forms.Form):
    service = PickField("service", required=False)


@require_GET
def show(request: Request) -> HttpResponse:
    if not request.actor.is_admin:
        raise PermissionDenied("Only an administrator sees who can do what.")
    form = ServiceForm(request.GET or None)
    service: Service | None = form.cleaned_data["service"] if form.is_valid() else None
    holds = holds_on(service) if not form.errors else []
    context = {"title": "Who can do what", "form": form, "service": service, "holds": holds, "crumbs": CRUMBS}
    return TemplateResponse(request, "portal/access.html", context, status=422 if form.errors else 200)
