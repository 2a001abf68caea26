"""Pages of periods and runs."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, list_page, record_page
from itsm.kernel.templatetags._time import moment
from transition.filters.delivery import PeriodFilter, RunFilter
from transition.models import StreamPeriod, StreamRun
from transition.queries import plans
from transition.queries import streams as ask
from transition.tables.delivery import PERIOD_KINDS, RUN_KINDS, PeriodTable, RunTable

CRUMBS = [("Streams", "/transition/streams/")]
EMPTY = {
    "text": "The clockwork opens a period when its time comes, as the streams' rhythms say.",
    "action_label": "Open the streams",
}


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=ask.periods(),
        filterset=PeriodFilter,
        table=PeriodTable,
        title="Periods",
        crumbs=CRUMBS,
        empty={"title": "No period yet.", "action_url": reverse("transition:stream-list"), **EMPTY},
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    period: StreamPeriod = find(ask.periods(), number, request.actor)
    stream, most = period.stream, period.expected_max
    return record_page(
        request,
        period,
        "transition/period/detail.html",
        page="transition.period",
        title=period.display,
        verdicts=[(PERIOD_KINDS[period.state], period.get_state_display())],
        crumbs=[*CRUMBS, (stream.display, stream.get_absolute_url())],
        facts=[
            ("Service", stream.plan.service, reverse("transition:dashboard", args=[stream.plan.service.slug])),
            ("Stream", stream.display, stream.get_absolute_url()),
            ("Period", f"{period.days} ({stream.time_zone})", None),
            ("Expected", f"{period.expected_min} to {most} runs" if most else f"at least {period.expected_min}", None),
            ("Judged", moment(period.closed_at) if period.closed_at else None, None),
        ],
        runs=ask.runs().filter(period=period),
    )


@require_GET
def run_list(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=ask.runs(),
        filterset=RunFilter,
        table=RunTable,
        title="Runs",
        crumbs=CRUMBS,
        empty={
            "title": "No run yet.",
            "text": "A run is recorded on the page of its stream, or by a pipeline.",
            "action_label": "Open the streams",
            "action_url": reverse("transition:stream-list"),
        },
    )


@require_GET
def run_detail(request: Request, number: str) -> HttpResponse:
    run: StreamRun = find(ask.runs(), number, request.actor)
    stream, period = run.stream, run.period
    return record_page(
        request,
        run,
        "transition/run/detail.html",
        page="transition.run",
        title=run.display,
        verdicts=[(RUN_KINDS[run.outcome], run.get_outcome_display())],
        crumbs=[*CRUMBS, (stream.display, stream.get_absolute_url())],
        facts=[
            ("Service", stream.plan.service, reverse("transition:dashboard", args=[stream.plan.service.slug])),
            ("Stream", stream.display, stream.get_absolute_url()),
            ("At", moment(run.at), None),
            ("By", run.by or "the program", None),
            ("Period", period and period.display, period.get_absolute_url() if period else None),
            ("Origin", run.origin, None),
        ],
        items=plans.items().filter(done_in=run),
    )
