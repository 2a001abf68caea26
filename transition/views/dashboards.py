"""The service dashboards: rhythm, flow and trouble of a service on one page."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cmdb.filters.services import ServiceFilter
from cmdb.models import Service
from cmdb.queries.services import listed
from itsm.kernel import export
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, list_page, page_or_fragment
from itsm.kernel.permissions import allowed
from transition.models import TransitionPlan
from transition.queries import deployments as of_service
from transition.queries import flow, meetings, requirements, streams
from transition.queries.dashboard import Dashboard, dashboard_of, planned_services
from transition.queries.incidents import what_broke
from transition.queries.portfolio import with_lines
from transition.rules import delivery as rules
from transition.tables.delivery import DashboardTable
from transition.tables.operation import DEPLOYMENT_KINDS
from transition.views import dora
from transition.views.stream_weeks import owed_of

CRUMBS = [("Services", "/transition/services/")]
WEEK = timedelta(days=7)
SHOWN = 8
MANY = 60  # requirements: more are not looked through, but asked for


@require_GET
def list_(request: Request) -> HttpResponse:
    """The portfolio: one line for each service, with the last weeks drawn small."""
    now = timezone.now()
    return list_page(
        request,
        queryset=planned_services(now),
        filterset=ServiceFilter,
        table=lambda services: DashboardTable(with_lines(services, now)),
        template="transition/dashboard/list.html",
        title="Services in transition",
        empty={
            "title": "No service has a transition plan yet.",
            "text": "A plan holds its requirements, packages and streams; the dashboard follows from them.",
            "action_label": "Plan a transition",
            "action_url": reverse("transition:plan-create"),
        },
    )


@require_GET
def detail(request: Request, slug: str) -> HttpResponse:
    """The whole page, or for htmx its living part; `?from=` moves the board, `?late=yes` keeps what is late."""
    first = _day(request.GET.get("from", ""))
    only_late = request.GET.get("late") == "yes"
    context = _context(request, slug, first, only_late)
    found = context["dashboard"]
    context |= {
        "late_url": _address(request, late=None if only_late else "yes", all=None),
        "all_url": _address(request, all="yes"),
        "csv_url": reverse("transition:dashboard-flow", args=[slug]) + ("?late=yes" if only_late else ""),
        "earlier_url": _address(request, **{"from": str(found.board.first - WEEK)}),
        "later_url": _address(request, **{"from": str(found.board.first + WEEK)}),
        "today_url": _address(request, **{"from": None}) if first else "",
    }
    return page_or_fragment(request, "transition/dashboard/show.html", "board", context)


@require_GET
def wall(request: Request, slug: str) -> HttpResponse:
    """The dashboard for a screen on a wall: no navigation, large, only what is late of the flow; follows by itself."""
    context = _context(request, slug, None, only_late=True)
    return page_or_fragment(request, "transition/dashboard/wall.html", "board", context | {"now": timezone.now()})


@require_GET
def deliveries(request: Request, slug: str) -> HttpResponse:
    """What went live lately and how delivery does, for a dashboard that is there before this is counted."""
    service, now = find(listed(), slug, request.actor), timezone.now()
    live = of_service.listed().filter(service=service)[:SHOWN]
    held = meetings.listed().filter(series__service=service)
    context = {
        "service": service,
        "days": dora.DAYS,
        "figures": dora.lately(request, service),
        "deployments": [(DEPLOYMENT_KINDS[one.state], one) for one in live],
        "owed": owed_of(service, now),
        "last": held.filter(starts_at__lte=now).first(),
        "next": held.filter(starts_at__gt=now).last(),
    }
    return TemplateResponse(request, "transition/dashboard/deliveries.html", context)


def _context(request: Request, slug: str, first: date | None, only_late: bool) -> dict[str, Any]:
    service = find(listed(), slug, request.actor)
    now = timezone.now()
    found = dashboard_of(service, actor=request.actor, now=now, first=first)
    rows = flow.urgent_first([row for row in found.flow if row.late_days]) if only_late else found.flow
    cut = len(rows) > MANY and request.GET.get("all") != "yes"
    return {
        "title": service.name,
        "crumbs": CRUMBS,
        "service": service,
        "dashboard": found,
        "verdicts": _verdicts(found),
        "tiles": found.tiles,
        "stages": [(name, flow.totals(found.flow)[stage]) for stage, name in flow.STAGE_NAMES.items()],
        "rows": flow.urgent_first(rows)[:MANY] if cut else rows,
        "left_out": len(rows) - MANY if cut else 0,
        "only_late": only_late,
        "may_plan": allowed(rules.may_plan, request.actor, TransitionPlan(service=service)),
        "broke": what_broke(service, now - WEEK, actor=request.actor),
    }


@require_GET
def flow_csv(request: Request, slug: str) -> StreamingHttpResponse:
    """The flow matrix as a table for spreadsheets, with the same filter."""
    service = find(listed(), slug, request.actor)
    lanes = list(streams.listed().filter(plan__service=service))
    wanted = requirements.listed().filter(plan__service=service)
    rows = flow.flow_of(wanted, lanes, actor=request.actor, now=timezone.now())
    wanted_rows = [_line(row) for row in rows if row.late_days or request.GET.get("late") != "yes"]
    names = ["Requirement", "Text", "Kind", *flow.STAGE_NAMES.values(), "Days late"]
    return export.answer([names, *wanted_rows], f"{service.slug} flow")


def _line(row: flow.Row) -> list[Any]:
    requirement = row.requirement
    cells = [cell.text for cell in row.cells.values()]
    texts = [requirement.code, requirement.text, requirement.get_kind_display()]
    return [*texts, *cells, row.late_days or ""]


def _verdicts(found: Dashboard) -> list[tuple[str, str]]:
    service: Service = found.service
    kind = {"live": "ok", "pipeline": "open"}.get(service.status, "none")
    said = [(kind, f"{service.get_status_display()}, {service.get_sub_state_display().lower()}")]
    return [*said, ("warn", "Early life")] if found.in_early_life else said


def _address(request: Request, **changes: str | None) -> str:
    """The present address with some parameters changed; None takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _day(text: str) -> date | None:
    """A day within reach; anything else is today's board."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
