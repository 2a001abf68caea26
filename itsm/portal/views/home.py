"""My work: what waits for me, oldest first."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from itsm.kernel.middleware import Request
from itsm.portal.queries.work import work_of


@require_GET
def my_work(request: Request) -> HttpResponse:
    context = {"title": "My work", "items": work_of(request.actor, timezone.now())}
    return TemplateResponse(request, "portal/my_work.html", context)
