"""What is hit when CIs fail, and what they hang on: totals, then the list by page."""

from itertools import chain
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from cmdb.forms.relations import ImpactForm
from cmdb.models import ConfigurationItem
from cmdb.queries import cis as ask
from cmdb.queries.hits import COLUMNS, Answer, Question, answer_to, cis_of, every_row
from cmdb.queries.impact import Direction
from cmdb.queries.overview import totals_of
from itsm.kernel import export
from itsm.kernel.middleware import Request
from itsm.kernel.pages import PAGE_SIZE, export_url, find, page_or_fragment

SERVICES = 20


@require_GET
def impact(request: Request, number: str) -> HttpResponse:
    ci: ConfigurationItem = find(ask.listed(), number, request.actor)
    form = ImpactForm(request.GET)
    understood = form.is_valid()
    question = form.question(ci) if understood else Question((ci.pk,))
    if request.GET.get("format") == "csv":
        return export.answer(chain([COLUMNS], every_row(question)), f"impact {ci.number}")  # type: ignore[return-value]
    found, page = _paged(question, request.GET.get("page"))
    return page_or_fragment(
        request,
        "cmdb/ci/impact.html",
        "answer",
        {
            "title": f"Impact of {ci.name}",
            "record": ci,
            "crumbs": [("CIs", "/cmdb/cis/"), (ci.name, ci.get_absolute_url())],
            "form": form,
            "others": form.others(ci) if understood else [],
            "upstream": question.direction == "upstream",
            "found": found,
            "services": _services(found),
            "rows": _rows(found),
            "page": page,
            "export_url": export_url(request),
        },
        status=200 if understood else 422,
    )


@require_GET
def reach(request: Request, number: str) -> HttpResponse:
    """How many of each kind are in reach of a CI, for a page that was there before they were counted."""
    ci: ConfigurationItem = find(ask.listed(), number, request.actor)
    direction: Direction = "upstream" if request.GET.get("direction") == "upstream" else "downstream"
    return TemplateResponse(request, "cmdb/ci/kinds.html", {"kinds": totals_of(ci, direction)})


def _paged(question: Question, said: str | None) -> tuple[Answer, Any]:
    """The page asked for; one beyond the end is the last."""
    number = int(said) if said and said.isascii() and said.isdecimal() and 0 < len(said) < 8 and int(said) else 1
    found = answer_to(question, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    page = Paginator(range(found.count), PAGE_SIZE).get_page(number)
    if page.number != number:
        found = answer_to(question, limit=PAGE_SIZE, offset=(page.number - 1) * PAGE_SIZE)
    return found, page


def _services(found: Answer) -> list[tuple[ConfigurationItem, int]]:
    shown = found.services[:SERVICES]
    cis = ConfigurationItem.objects.select_related("service").in_bulk([pk for pk, _ in shown])
    return [(cis[pk], distance) for pk, distance in shown]


def _rows(found: Answer) -> list[dict[str, Any]]:
    cis = cis_of(found.hits)
    return [
        {"ci": cis[hit.id], "hit": hit, "start": cis[hit.path[0]], "between": [cis[step] for step in hit.path[1:-1]]}
        for hit in found.hits
    ]
