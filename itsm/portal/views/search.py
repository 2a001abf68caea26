"""The search page; a number leads straight to its record."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from itsm.kernel.middleware import Request
from itsm.portal.queries.search import by_number, find


@require_GET
def search(request: Request) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    record = by_number(words, request.actor)
    if record is not None:
        return redirect(record.get_absolute_url())
    context = {"title": "Search", "words": words, "groups": find(words, request.actor)}
    return TemplateResponse(request, "portal/search.html", context)
