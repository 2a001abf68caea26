"""Pages of delivery streams."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, list_page, record_page
from itsm.kernel.permissions import allowed
from transition.actions.delivery import STREAM_ACTIONS
from transition.filters.delivery import StreamFilter
from transition.forms.delivery import ReasonForm, RhythmForm, RunForm, StreamForm
from transition.models import DeliveryStream
from transition.operations import runs, streams
from transition.queries import board, cover, needs
from transition.queries import streams as ask
from transition.queries.service_facts import since_days
from transition.rules import delivery as rules
from transition.tables.delivery import STREAM_KINDS, StreamTable
from transition.views.devolutions import shown_on
from transition.views.stream_weeks import kept_of
from transition.views.verbs import posted, verb

CRUMBS = [("Streams", "/transition/streams/")]
SHOWN = 12


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=ask.with_record(ask.listed(), since_days(timezone.now())),
        filterset=StreamFilter,
        table=StreamTable,
        title="Delivery streams",
        empty={
            "title": "No stream yet.",
            "text": "A stream is started in the transition plan of its service.",
            "action_label": "Open the plans",
            "action_url": reverse("transition:plan-list"),
        },
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    now = timezone.now()
    stream = find(ask.with_record(ask.listed(), since_days(now)), number, request.actor)
    today = timezone.localdate(now)
    first, after = board.default_days(today)
    gaps = cover.gaps([stream], today, today + cover.AHEAD)
    may_record = allowed(rules.may_record_run, request.actor, stream) and stream.state != DeliveryStream.State.ENDED
    return record_page(
        request,
        stream,
        "transition/stream/detail.html",
        page="transition.stream",
        title=stream.display,
        verdicts=[(STREAM_KINDS[stream.state], stream.get_state_display())],
        actions=STREAM_ACTIONS,
        crumbs=CRUMBS,
        facts=_facts(stream),
        board=board.board_of([stream], first=first, after=after, now=now, today=today, gaps=gaps),
        kept=kept_of(stream, now),
        people=cover.people_of(stream, gaps, now),
        shifts=stream.shifts.filter(days__endswith__gt=today).select_related("user").order_by("days", "pk")[:SHOWN],
        periods=ask.periods().filter(stream=stream).exclude(state="not_expected")[:SHOWN],
        runs=ask.runs().filter(stream=stream)[:SHOWN],
        run_form=RunForm(stream=stream) if may_record else None,
        period_list=f"{reverse('transition:period-list')}?stream={stream.pk}",
        devolution=shown_on(stream, request),
        needs=needs.listed().filter(stream=stream, state="open")[:SHOWN],
        need_count=stream.needs.filter(state="open").count(),
        need_list=f"{reverse('transition:need-list')}?stream={stream.pk}&state=open",
        fed_by=stream.fed_by.all(),
        run_list=f"{reverse('transition:run-list')}?stream={stream.pk}",
    )


def _facts(stream: DeliveryStream) -> list[tuple[str, object, str | None]]:
    service, feeds = stream.plan.service, stream.feeds
    lag = "" if stream.lag_target_days is None else f" within {stream.lag_target_days} working days"
    return [
        ("Service", service, reverse("transition:dashboard", args=[service.slug])),
        ("Promise", _promise(stream), None),
        ("Owner", stream.owner or "nobody", None),
        ("Hands over to", feeds and feeds.display + lag, feeds.get_absolute_url() if feeds else None),
        ("Change model", stream.change_model, None),
        ("Since", f"{stream.active_from.day} {stream.active_from:%b %Y}", None),
    ]


def _promise(stream: DeliveryStream) -> str:
    parts = [stream.rhythm]
    if stream.period_days and stream.working_days_only:
        parts.append(f"on working days{f' in {stream.country}' if stream.country else ''}")
    return ", ".join([*parts, stream.time_zone]) if stream.period_days else stream.rhythm


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    stream = find(ask.listed(), number, request.actor)
    return verb(
        request,
        stream,
        lambda **data: streams.update(stream_id=stream.pk, **data),
        form=StreamForm(posted(request), plan=stream.plan, instance=stream, initial=_initial(stream)),
        title=f"Edit stream {stream.display}",
        intro="The rhythm is a promise: it has a step of its own.",
        submit_label="Save",
    )


def _initial(stream: DeliveryStream) -> dict[str, Any]:
    parts = {part: getattr(stream, part) for part in ("accountable", "roles", "consulted", "informed")}
    return parts | {"checklist": "\n".join(str(line) for line in stream.checklist)}


@require_http_methods(["GET", "POST"])
def record_run(request: Request, number: str) -> HttpResponse:
    stream = find(ask.listed(), number, request.actor)

    def perform(**data: Any) -> str:
        run = runs.record_run(stream_id=stream.pk, now=timezone.now(), **data)
        messages.success(
            request, f"{run.number} is recorded{f' in the period {run.period.days}' if run.period else ''}."
        )
        return stream.get_absolute_url()

    return verb(
        request,
        stream,
        perform,
        form=RunForm(posted(request), stream=stream),
        title=f"Record a run of {stream.display}",
        submit_label="Record the run",
    )


@require_http_methods(["GET", "POST"])
def pause(request: Request, number: str) -> HttpResponse:
    intro = "While it pauses nothing is promised, and no period is missed."
    form = ReasonForm(posted(request))
    return _steer(request, number, streams.pause, "Pause", form=form, intro=intro)


@require_http_methods(["GET", "POST"])
def change_rhythm(request: Request, number: str) -> HttpResponse:
    stream = find(ask.listed(), number, request.actor)
    return verb(
        request,
        stream,
        lambda **data: streams.change_rhythm(stream_id=stream.pk, now=timezone.now(), **data),
        form=RhythmForm(posted(request), instance=stream),
        title=f"Change the rhythm of {stream.display}",
        intro=f"So far: {stream.rhythm}. The new rhythm holds from the next period on; the open one stays.",
        submit_label="Promise it",
    )


@require_http_methods(["GET", "POST"])
def resume(request: Request, number: str) -> HttpResponse:
    return _steer(request, number, streams.resume, "Resume", intro="The rhythm is promised again from today on.")


@require_http_methods(["GET", "POST"])
def end(request: Request, number: str) -> HttpResponse:
    intro = "An ended stream does not come back; its record stays."
    form = ReasonForm(posted(request))
    return _steer(request, number, streams.end, "End", form=form, intro=intro, danger=True)


def _steer(
    request: Request, number: str, perform: Callable[..., DeliveryStream], word: str, **context: Any
) -> HttpResponse:
    stream = find(ask.listed(), number, request.actor)
    return verb(
        request,
        stream,
        lambda **data: perform(stream_id=stream.pk, now=timezone.now(), **data),
        title=f"{word} stream {stream.display}",
        submit_label=word,
        **context,
    )
