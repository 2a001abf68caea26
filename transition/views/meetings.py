"""Pages of meetings: the pack reads like minutes."""

from functools import partial

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, list_page, record_page
from transition.actions.operation import MEETING_ACTIONS
from transition.filters.operation import MeetingFilter
from transition.forms.operation import ActForm, MinutesForm
from transition.operations import meetings
from transition.queries.meetings import listed
from transition.tables.operation import MeetingTable
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
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    meeting = find(listed(), number, request.actor)
    service = meeting.series.service
    return record_page(
        request,
        meeting,
        "transition/meeting/detail.html",
        page="transition.meeting",
        title=f"{meeting.series.get_kind_display()} of {service}",
        actions=MEETING_ACTIONS,
        crumbs=CRUMBS,
        facts=[("Service", service.name, service.get_absolute_url())],
        sections=meeting.pack.get("sections", []),
        improvements=meeting.improvements.order_by("pk"),
    )


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
