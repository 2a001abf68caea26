"""Pages of meetings: the pack reads like minutes, and is minuted where it is read."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from transition.actions.operation import MEETING_ACTIONS
from transition.filters.operation import MeetingFilter
from transition.forms.operation import ActForm, MinutesForm, SeriesForm
from transition.models import Meeting
from transition.operations import meetings
from transition.queries.meetings import listed
from transition.rules.operation import may_minute
from transition.tables.operation import IMPROVEMENT_KINDS, MeetingTable
from transition.views.verbs import posted, verb

CRUMBS = [("Meetings", "/transition/meetings/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=listed(),
        filterset=MeetingFilter,
        table=MeetingTable,
        title="Sunrise and sunset meetings",
        empty={"title": "No meeting fits.", "text": "A worker writes each meeting's pack shortly before it begins."},
        actions=[{"label": "Agree on a daily meeting", "url": reverse("transition:meeting-create"), "primary": True}],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    meeting = find(listed(), number, request.actor)
    service = meeting.series.service
    form = MinutesForm(initial={"minutes": meeting.minutes}) if allowed(may_minute, request.actor, meeting) else None
    return record_page(
        request,
        meeting,
        "transition/meeting/detail.html",
        page="transition.meeting",
        title=f"{meeting.series.get_kind_display()} of {service}, {timezone.localtime(meeting.starts_at):%a %-d %b %Y}",
        actions=() if form else MEETING_ACTIONS,
        crumbs=CRUMBS,
        facts=_facts(meeting),
        sections=meeting.pack.get("sections", []),
        since=datetime.fromisoformat(meeting.pack["since"]) if "since" in meeting.pack else None,
        minutes_form=form,
        improvements=[(IMPROVEMENT_KINDS[i.state], i) for i in meeting.improvements.order_by("pk")],
    )


def _facts(meeting: Meeting) -> list[tuple[str, Any, str | None]]:
    service = meeting.series.service
    return [
        ("Service", service.name, service.get_absolute_url()),
        ("Begins", f"{timezone.localtime(meeting.starts_at):%H:%M}", None),
        ("Owner", service.owner, None),
    ]


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=SeriesForm(posted(request)),
        perform=_agree,
        title="Agree on a daily meeting",
        submit_label="Agree",
        cancel_url=reverse("transition:meeting-list"),
        crumbs=CRUMBS,
    )


def _agree(**agreed: Any) -> str:
    series = meetings.agree(**agreed)
    return f"{reverse('transition:meeting-list')}?service={series.service.slug}"


@require_http_methods(["GET", "POST"])
def minute(request: Request, number: str) -> HttpResponse:
    meeting = find(listed(), number, request.actor)
    form = MinutesForm(posted(request), initial={"minutes": meeting.minutes})
    operate = partial(meetings.minute, meeting_id=meeting.pk)
    return verb(request, meeting, operate, title=f"Minutes of {meeting.display}", submit_label="Keep", form=form)


@require_http_methods(["GET", "POST"])
def act(request: Request, number: str) -> HttpResponse:
    meeting = find(listed(), number, request.actor)
    form = ActForm(posted(request), initial={"title": request.GET.get("title", "")[:200]})
    operate = partial(meetings.act, meeting_id=meeting.pk)
    return verb(request, meeting, operate, title="Make it an improvement", submit_label="Log it", form=form)
