"""Pages of imports that the program fetches by itself."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.actions import IMPORT_SCHEDULE_ACTIONS
from cmdb.filters.imports import ImportScheduleFilter
from cmdb.forms.fields import ConfirmForm
from cmdb.forms.import_schedules import ImportScheduleForm
from cmdb.forms.imports import TOLD
from cmdb.importing.readers import READERS
from cmdb.models import ImportSchedule
from cmdb.operations import import_schedules
from cmdb.queries import imports as ask
from cmdb.tables.imports import IMPORT_KINDS, ImportScheduleTable, rhythm_of, state_of, summary_of
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed

CRUMBS = [("Imports", "/cmdb/imports/"), ("Schedules", "/cmdb/import-schedules/")]
SHOWN = 10


@require_GET
def list_(request: Request) -> HttpResponse:
    url, may = reverse("cmdb:import-schedule-create"), allowed(rules.may_import, request.actor)
    return list_page(
        request,
        queryset=ask.schedules(),
        filterset=ImportScheduleFilter,
        table=ImportScheduleTable,
        title="Scheduled imports",
        crumbs=CRUMBS[:1],
        empty={
            "title": "Nothing is imported by itself yet.",
            "text": "Name an address, such as that of your NetBox, and how often it is to be read.",
            **({"action_label": "New schedule", "action_url": url} if may else {}),
        },
        actions=[{"label": "New schedule", "url": url, "primary": True}] if may else [],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    schedule: ImportSchedule = find(ask.schedules(), number, request.actor)
    runs = list(ask.listed().filter(schedule=schedule)[:SHOWN])
    return record_page(
        request,
        schedule,
        "cmdb/import_schedule/detail.html",
        page="cmdb.import-schedule",
        title=schedule.name,
        actions=IMPORT_SCHEDULE_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[state_of(schedule)],
        facts=_facts(schedule),
        runs=[{"run": run, "kind": IMPORT_KINDS[run.state], "found": summary_of(run)} for run in runs],
        told=[(TOLD[name][0] if name in TOLD else name, _said(value)) for name, value in schedule.options.items()],
        reads=READERS[schedule.format].label if schedule.format in READERS else schedule.format,
    )


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{word}: {meant}" for word, meant in value.items())
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _facts(schedule: ImportSchedule) -> list[tuple[str, object]]:
    return [
        ("How often", rhythm_of(schedule)),
        ("Next", schedule.next_at and timezone.localtime(schedule.next_at).strftime("%a %-d %b %Y %H:%M")),
        ("Source", schedule.source),
        ("Answers for it", schedule.owner),
        ("What it finds", "waits for somebody" if schedule.dry_run else "is imported at once"),
    ]


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=ImportScheduleForm(_sent(request), initial={"owner": request.actor.user_id}),
        perform=lambda **said: import_schedules.create(now=timezone.now(), **said),
        title="New schedule",
        intro="A worker fetches it, and it is imported as if you had handed the file in.",
        submit_label="Keep the schedule",
        cancel_url=reverse("cmdb:import-schedule-list"),
        crumbs=CRUMBS,
        rule=rules.may_import,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    schedule: ImportSchedule = find(ask.schedules(), number, request.actor)

    def perform(**said: Any) -> ImportSchedule:
        return import_schedules.update(schedule_id=schedule.pk, now=timezone.now(), **said)

    return form_page(
        request,
        form=ImportScheduleForm(_sent(request), schedule=schedule),
        perform=perform,
        title=f"Edit {schedule}",
        submit_label="Save",
        cancel_url=schedule.get_absolute_url(),
        record=schedule,
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def run(request: Request, number: str) -> HttpResponse:
    schedule: ImportSchedule = find(ask.schedules(), number, request.actor)
    return form_page(
        request,
        form=ConfirmForm(_sent(request)),
        perform=lambda **said: import_schedules.run(schedule_id=schedule.pk, **said),
        title=f"Run {schedule} now",
        intro=(
            "It is fetched and read; what it would change then waits for you."
            if schedule.dry_run
            else "It is fetched, and what it says is imported at once. You can roll it back."
        ),
        submit_label="Run it now",
        cancel_url=schedule.get_absolute_url(),
        record=schedule,
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def remove(request: Request, number: str) -> HttpResponse:
    schedule: ImportSchedule = find(ask.schedules(), number, request.actor)

    def perform(**said: Any) -> str:
        import_schedules.remove(schedule_id=schedule.pk, **said)
        return reverse("cmdb:import-schedule-list")

    return form_page(
        request,
        form=ConfirmForm(_sent(request)),
        perform=perform,
        title=f"Remove {schedule}",
        intro="Nothing is fetched from there by itself any more, and its token is forgotten. Its imports stay.",
        submit_label="Remove it",
        danger=True,
        cancel_url=schedule.get_absolute_url(),
        record=schedule,
        crumbs=CRUMBS,
    )


def _sent(request: Request) -> Any:
    return request.POST if request.method == "POST" else None
