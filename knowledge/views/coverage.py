"""Which requirements of a service have a tested article, as a page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cmdb.models import Service
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find
from itsm.kernel.permissions import allowed
from knowledge import rules
from knowledge.queries.coverage import ORDER, counts_of, coverage_of, requirements_of

# How each state is said: the verdict's kind, its word, and what a tile says of it.
WORDS = {
    "none": ("block", "no article", "nobody has written about them"),
    "draft": ("warn", "draft", "being written"),
    "in_test": ("open", "in test", "wait for a test"),
    "stale": ("warn", "stale", "review overdue"),
    "published": ("ok", "covered", "tested and current"),
}


@require_GET
def show(request: Request) -> HttpResponse:
    """The requirements of one service, the worst covered first; figures lead to their rows."""
    services = Service.objects.order_by("name")
    asked = request.GET.get("service", "")
    service: Service | None = find(services, asked, request.actor) if asked else services.first()
    cis = requirements_of(service) if service else []
    found = coverage_of([ci.pk for ci in cis], today=timezone.localdate())
    state = request.GET.get("state", "")
    rows = [(ci, found[ci.pk], WORDS[found[ci.pk].state]) for ci in cis if state in ("", found[ci.pk].state)]
    return TemplateResponse(
        request,
        "knowledge/coverage/show.html",
        {
            "title": f"Coverage of {service.name}" if service else "Coverage",
            "crumbs": [("Articles", reverse("knowledge:article-list"))],
            "service": service,
            "services": services,
            "state": state if state in WORDS else "",
            "rows": sorted(rows, key=lambda row: ORDER.index(row[1].state)),
            "tiles": _tiles(service, counts_of(found.values())) if service else [],
            "may_draft": allowed(rules.may_draft, request.actor),
        },
    )


def _tiles(service: Service, counts: dict[str, int]) -> list[dict[str, Any]]:
    total = sum(counts.values())
    address = reverse("knowledge:coverage")
    return [
        {
            "label": WORDS[state][1].capitalize(),
            "figure": number,
            "note": f"of {total} requirement{'' if total == 1 else 's'}: {WORDS[state][2]}",
            "url": f"{address}?{urlencode({'service': service.slug, 'state': state})}",
        }
        for state, number in counts.items()
    ]
