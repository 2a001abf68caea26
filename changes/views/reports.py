"""Reports about changes: over a span of days, of everything or of one service or team."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from changes.queries.caught import SAID, Caught, caught_in, unforeseen_in
from changes.queries.outcomes import COUNTED, LISTED, Tally, report_of
from changes.report_forms import asked, scope_of
from cmdb.models import Service
from itsm.kernel import export
from itsm.kernel.measures import Scope
from itsm.kernel.middleware import Request
from itsm.kernel.models import Team
from itsm.kernel.pages import export_url

MOST = 500
HEADS = {"": "", "model": "Model", "team": "Team that supports the service", "service": "Service"}
COLUMNS = {
    "successful": "Successful", "with_issues": "With issues", "clean_back_outs": "Backed out cleanly",
    "backed_out": "Backed out", "failed": "Failed", "emergency": "Emergency", "unauthorised": "Unauthorised",
}  # fmt: skip
WORTH = {
    "tells": ("ok", "tells something"),
    "says_nothing": ("warn", "warns for nothing"),
    "never_doubts": ("warn", "never warned"),
    "blind": ("block", "missed more than it saw"),
    "too_few": ("none", "too few to tell"),
}


@require_GET
def basics(request: Request) -> HttpResponse:
    """What the basics caught."""
    form, said = asked(request.GET)
    scope = scope_of(said, request.actor)
    found = caught_in(scope)
    if _is_file(request, form):
        return export.answer(_caught_rows(found), f"basics {said['since']} {said['until']}")  # type: ignore[return-value]
    context = {
        "title": "What the basics caught",
        "words": SAID,
        "rows": [_row(check) for check in found],
        "unforeseen": unforeseen_in(scope),
    }
    return _report(request, "changes/report/basics.html", form, said, context)


@require_GET
def outcomes(request: Request) -> HttpResponse:
    """How changes went."""
    form, said = asked(request.GET)
    scope = scope_of(said, request.actor)
    report = report_of(scope)
    parts = (
        ("All together", "", [report.whole]), ("By model", "model", report.by_model),
        ("By team", "team", report.by_team), ("By service", "service", report.by_service),
    )  # fmt: skip
    if _is_file(request, form):
        return export.answer(_outcome_rows(parts), f"changes {said['since']} {said['until']}")  # type: ignore[return-value]
    here = _these(scope, said)
    groups = [
        {
            "title": title,
            "of": HEADS[of],
            "rows": [_tally(tally, here, of) for tally in rows],
        }
        for title, of, rows in parts
        if rows
    ]
    lines = [{"line": line, "url": _list(here, line.of) if line.changes else ""} for line in report.lines]
    context = {"title": "How changes went", "report": report, "groups": groups, "lines": lines, "columns": COLUMNS}
    return _report(request, "changes/report/outcomes.html", form, said, context)


def _is_file(request: Request, form: Any) -> bool:
    return request.GET.get("format") == "csv" and bool(form.is_valid())


def _these(scope: Scope, said: dict[str, Any]) -> dict[str, str]:
    """What the list of changes is asked for, to show what the report is about."""
    service, team = said.get("service"), said.get("team")
    about = {"ended_from": scope.since.isoformat(), "ended_to": scope.until.isoformat()}
    return about | ({"service": service.slug} if service else {}) | ({"team": team.name} if team else {})


def _list(here: dict[str, str], of: str) -> str:
    return f"{reverse('changes:request-list')}?{urlencode(here | LISTED[of])}"


def _tally(tally: Tally, here: dict[str, str], of: str) -> dict[str, Any]:
    """Each number with the list of what it counts."""
    mine = here | ({of: tally.ref} if of else {})
    counts = {name: tally.counts[name] for name in COLUMNS}
    cells = [{"of": name, "count": many, "url": _list(mine, name) if many else ""} for name, many in counts.items()]
    return {"tally": tally, "url": _list(mine, "all"), "cells": cells}


def _outcome_rows(parts: Any) -> Iterator[list[Any]]:
    yield ["By", "Name", "Success rate", "Emergency share", *COUNTED]
    for title, of, rows in parts:
        for tally in rows:
            counts = [tally.counts[name] for name in COUNTED]
            yield [of or title, tally.name, tally.success_rate, tally.emergency_share, *counts]


def _caught_rows(found: list[Caught]) -> Iterator[list[Any]]:
    rates = ("wrong_when_ok", "wrong_when_doubted", "foreseen", "missed")
    yield ["Check", "Group", "Worth", *SAID, *(f"{word}, then wrong" for word in SAID), *rates]
    for check in found:
        words = [counted[word] for counted in (check.said, check.wrong) for word in SAID]
        yield [check.title, check.group, WORTH[check.worth][1], *words, *(getattr(check, rate) for rate in rates)]


def _row(check: Caught) -> dict[str, Any]:
    return {
        "check": check,
        "said": [{"word": word, "changes": check.said[word], "wrong": check.wrong[word]} for word in SAID],
        "worth": WORTH[check.worth],
    }


def _report(request: Request, template: str, form: Any, said: dict[str, Any], context: dict[str, Any]) -> HttpResponse:
    typed = {name: request.GET.get(name) or said[name].isoformat() for name in ("since", "until")}
    choices = {
        "form": form,
        "asked": said,
        "typed": typed,
        "export_url": export_url(request) if form.is_valid() else "",
        "crumbs": [("Reports", None)],
        "services": Service.objects.select_related("ci").order_by("ci__name")[:MOST],
        "teams": Team.objects.order_by("name")[:MOST],
    }
    return TemplateResponse(request, template, choices | context, status=200 if form.is_valid() else 400)
