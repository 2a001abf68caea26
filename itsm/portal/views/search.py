"""The search page, where a number leads straight to its record, and the palette."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from itsm.kernel import navigation
from itsm.kernel.middleware import Request
from itsm.portal.queries.search import by_number, find

IN_PALETTE = 4


@require_GET
def search(request: Request) -> HttpResponse:
    words = _said(request)
    record = by_number(words, request.actor)
    if record is not None:
        return redirect(record.get_absolute_url())
    context = {"title": "Search", "words": words, "groups": find(words, request.actor)}
    return TemplateResponse(request, "portal/search.html", context)


@require_GET
def palette(request: Request) -> HttpResponse:
    """What Ctrl-K offers for the words so far: records, then what can be begun and where one can go."""
    words = _said(request)
    context = {"words": words, "groups": find(words, request.actor, IN_PALETTE), "places": _places(words, request)}
    return TemplateResponse(request, "portal/palette.html", context)


def _places(words: str, request: Request) -> list[tuple[str, str]]:
    """Places of which each word begins a word."""
    asked = words.lower().split()
    known = [(label, url, label.lower().split()) for label, url in navigation.places(request.actor)]
    return [(label, url) for label, url, own in known if all(any(o.startswith(a) for o in own) for a in asked)]


def _said(request: Request) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:200]
