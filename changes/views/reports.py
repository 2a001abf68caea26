"""Reports about changes: over a span of days, of everything or of one service or team."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from changes.queries.caught import SAID, Caught, caught_in
from changes.queries.outcomes import report_of
from changes.report_forms import asked, scope_of
from cmdb.models import Service
from itsm.kernel.middleware import Request
from itsm.kernel.models import Team

MOST = 500
WORTH = {
    "tells": ("ok", "tells something"),
    "says_nothing": ("warn", "says nothing"),
    "blind": ("block", "missed more than it saw"),
    "too_few": ("none", "too few to tell"),
}


@require_GET
def basics(request: Request) -> HttpResponse:
    """What the basics caught."""
    form, said = asked(request.GET)
    found = caught_in(scope_of(said, request.actor))
    context = {
        "title": "What the basics caught",
        "words": SAID,
        "rows": [_row(check) for check in found],
        "missed": sum(check.missed for check in found),
    }
    return _report(request, "changes/report/basics.html", form, said, context)


@require_GET
def outcomes(request: Request) -> HttpResponse:
    """How changes went."""
    form, said = asked(request.GET)
    report = report_of(scope_of(said, request.actor))
    groups = [
        {"title": title, "of": of, "rows": rows}
        for title, of, rows in (
            ("All together", "", [report.whole]), ("By model", "Model", report.by_model),
            ("By team", "Team that supports the service", report.by_team), ("By service", "Service", report.by_service),
        )
        if rows
    ]  # fmt: skip
    context = {"title": "How changes went", "report": report, "groups": groups}
    return _report(request, "changes/report/outcomes.html", form, said, context)


def _row(check: Caught) -> dict[str, Any]:
    return {
        "check": check,
        "said": [{"word": word, "changes": check.said[word], "wrong": check.wrong[word]} for word in SAID],
        "worth": WORTH[check.worth],
    }


def _report(request: Request, template: str, form: Any, said: dict[str, Any], context: dict[str, Any]) -> HttpResponse:
    choices = {
        "form": form,
        "asked": said,
        "crumbs": [("Reports", None)],
        "services": Service.objects.select_related("ci").order_by("ci__name")[:MOST],
        "teams": Team.objects.order_by("name")[:MOST],
    }
    return TemplateResponse(request, template, choices | context, status=200 if form.is_valid() else 400)
