"""My work: what waits for me, oldest first."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from itsm.kernel.middleware import Request


@require_GET
def my_work(request: Request) -> HttpResponse:
    return TemplateResponse(request, "portal/my_work.html", {"title": "My work"})
