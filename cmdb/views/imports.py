"""Pages of imports: hand a file in, look at what it would do, decide."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.actions import IMPORT_ACTIONS
from cmdb.filters.imports import ImportDifferenceFilter, ImportProblemFilter, ImportRunFilter
from cmdb.forms.fields import ConfirmForm
from cmdb.forms.imports import HandInForm, MappingForm, MergeForm, ToldForm
from cmdb.importing import files
from cmdb.importing.readers import READERS, csv_table
from cmdb.importing.records import UnreadableFile
from cmdb.importing.staging import MOST_PROBLEMS
from cmdb.models import Encoding, ImportRun
from cmdb.operations import imports
from cmdb.queries import imports as ask
from cmdb.tables.imports import IMPORT_KINDS, ImportDifferenceTable, ImportProblemTable, ImportRunTable
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed

CRUMBS = [("Imports", "/cmdb/imports/")]
SHOWN = 8
TILES = {
    "created": "CIs created", "changed": "CIs changed", "unchanged": "CIs as they were", "retired": "CIs retired",
    "related": "Relations made", "unrelated": "Relations removed",
}  # fmt: skip
# Of components, and of the application itself.
OF_A_BILL = {"added": "Added", "removed": "Removed", "upgraded": "Upgraded", "downgraded": "Downgraded"}
FORESEEN = {
    "created": "CIs to create", "changed": "CIs to change", "unchanged": "CIs as they are", "retired": "CIs to retire",
    "related": "Relations to make", "unrelated": "Relations to remove",
}  # fmt: skip


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "New import", "url": reverse("cmdb:import-create"), "primary": True}
    others = [
        {"label": "Schedules", "url": reverse("cmdb:import-schedule-list")},
        {"label": "Profiles", "url": reverse("cmdb:import-profile-list")},
    ]
    may = allowed(rules.may_import, request.actor)
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=ImportRunFilter,
        table=ImportRunTable,
        title="Imports",
        empty={
            "title": "Nothing was imported yet.",
            "text": "Hand in a table of what another tool knows, and see what it would change before it does.",
            **({"action_label": "New import", "action_url": reverse("cmdb:import-create")} if may else {}),
        },
        actions=[*others, create] if may else others,
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    run: ImportRun = find(ask.listed(), number, request.actor)
    return record_page(
        request,
        run,
        "cmdb/import/detail.html",
        page="cmdb.import",
        title=f"{run.file_name} from {run.source}",
        actions=IMPORT_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[(IMPORT_KINDS[run.state], run.get_state_display())],
        facts=_facts(run),
        **({"states": []} if run.state == ImportRun.State.UPLOADED else {}),
        tiles=_tiles(run),
        under_way=run.state in ImportRun.UNDER_WAY,
        differences=ask.named(ask.shown_differences(run)[:SHOWN]),
        problems=ask.kinds_of_problems(run, SHOWN) if run.problem_count else [],
        kept=min(run.problem_count, MOST_PROBLEMS),
        heading="What it changed" if run.state in ImportRun.WRITTEN else "What it would change",
    )


def _facts(run: ImportRun) -> list[tuple[str, object, str | None]]:
    profile, schedule = run.profile, run.schedule
    return [
        ("Source", run.source, None),
        ("Fetched by", schedule, schedule.get_absolute_url() if schedule else None),
        ("Format", READERS[run.format].label if run.format in READERS else run.format, None),
        ("Read by", profile or _own_columns(run), profile.get_absolute_url() if profile else None),
        ("Asked for by" if schedule else "Handed in by", run.requested_by or "the program", None),
        ("Missing CIs", "are retired" if run.retire_missing else "stay", None),
        ("Broken rows", "are left out" if run.leave_out_broken else "hold all back", None),
    ]


def _own_columns(run: ImportRun) -> str:
    """Other formats than tables say themselves what is what."""
    return "columns of its own" if "columns" in run.options else ""


def _tiles(run: ImportRun) -> list[dict[str, Any]]:
    """Each figure leads to its list."""
    labels = TILES if run.state in ImportRun.WRITTEN else FORESEEN
    url = reverse("cmdb:import-differences", args=[run.number])
    if "added" in run.counts:  # a bill of materials has words of its own
        return [
            {"label": label, "figure": f"{found:,}", "url": f"{url}?word={word}" if found else ""}
            for word, label in OF_A_BILL.items()
            if (found := run.counts.get(word, 0)) or word != "downgraded"
        ]
    return [
        {
            "label": label,
            "figure": f"{run.counts[name]:,}",
            "url": f"{url}?kind={name}" if name != "unchanged" and run.counts[name] else "",
        }
        for name, label in labels.items()
        if name in run.counts
    ]


@require_GET
def progress(request: Request, number: str) -> HttpResponse:
    """The live part of the page; when the worker is through, the whole page is read anew."""
    run: ImportRun = find(ask.listed(), number, request.actor)
    response = TemplateResponse(request, "cmdb/progress.html", {"record": run, "address": request.path})
    if run.state not in ImportRun.UNDER_WAY:
        response["HX-Refresh"] = "true"
    return response


@require_GET
def differences(request: Request, number: str) -> HttpResponse:
    run: ImportRun = find(ask.listed(), number, request.actor)

    def table(rows: Any) -> ImportDifferenceTable:
        hidden = () if run.state == ImportRun.State.ROLLED_BACK else ("undone",)
        return ImportDifferenceTable(ask.named(rows), exclude=hidden)

    return list_page(
        request,
        queryset=ask.shown_differences(run),
        filterset=ImportDifferenceFilter,
        table=table,  # type: ignore[arg-type]
        title=f"Differences of {run.number}",
        crumbs=[*CRUMBS, (run.number, run.get_absolute_url())],
        empty={"title": "There is no difference.", "text": "What the file says is what is recorded."},
    )


@require_GET
def errors(request: Request, number: str) -> HttpResponse:
    run: ImportRun = find(ask.listed(), number, request.actor)
    return list_page(
        request,
        queryset=run.problems.order_by("pk"),
        filterset=ImportProblemFilter,
        table=ImportProblemTable,
        title=f"What of {run.number} cannot be taken in",
        crumbs=[*CRUMBS, (run.number, run.get_absolute_url())],
        empty={"title": "Everything can be taken in.", "text": "Each row of the file could be read."},
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    def hand_in(*, file: Any, at_once: bool, **said: Any) -> ImportRun:
        return imports.hand_in(file_name=file.name, data=file.chunks(), dry_run=not at_once, **said)

    form = HandInForm(request.POST, request.FILES) if request.method == "POST" else HandInForm()
    return form_page(
        request,
        form=form,
        perform=hand_in,
        title="New import",
        intro="A worker reads the file and shows what it would change. Nothing is written before you say so.",
        submit_label="Hand it in",
        cancel_url=reverse("cmdb:import-list"),
        crumbs=CRUMBS,
        rule=rules.may_import,
    )


@require_http_methods(["GET", "POST"])
def map_(request: Request, number: str) -> HttpResponse:
    run: ImportRun = find(ask.listed(), number, request.actor)
    reader, data = imports.reader_of(run.format), request.POST if request.method == "POST" else None
    if not reader.has_columns:
        return form_page(
            request,
            form=ToldForm(data, run=run, reader=reader),
            perform=lambda **said: imports.describe(run_id=run.pk, **said),
            title=f"How is {run.file_name} read?",
            intro="The file is read again by what you say here, and shows what it would change then.",
            submit_label="Read the file",
            cancel_url=run.get_absolute_url(),
            record=run,
            crumbs=CRUMBS,
        )
    encoding = request.GET.get("encoding") or run.options.get("encoding") or Encoding.UTF_8
    encoding = encoding if encoding in Encoding.values else Encoding.UTF_8
    start, refusal = _start(run, encoding)
    form = MappingForm(data, run=run, start=start, encoding=str(encoding))
    form.refusal = refusal  # type: ignore[attr-defined]
    return form_page(
        request,
        form=form,
        perform=lambda **said: imports.describe(run_id=run.pk, **said),
        title="What are the columns?",
        intro=f"The first rows of {run.file_name}. Choose what each column is; what you leave out is not read.",
        submit_label="Read the file",
        cancel_url=run.get_absolute_url(),
        template="cmdb/import/map.html",
        fields_template="cmdb/import/columns.html",
        record=run,
        crumbs=CRUMBS,
        start=start,
        encoding=Encoding(encoding).label,
        other_encodings=[each for each in Encoding if each != encoding],
        rule=rules.may_import,
    )


def _start(run: ImportRun, encoding: str) -> tuple[csv_table.Start, dict[str, Any] | None]:
    try:
        return csv_table.start_of(files.open_file(run), encoding), None
    except UnreadableFile as error:
        return csv_table.Start(",", [], []), {"message": error.message, "code": error.code, "checks": []}


@require_http_methods(["GET", "POST"])
def merge(request: Request, number: str) -> HttpResponse:
    run: ImportRun = find(ask.listed(), number, request.actor)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if not run.problem_count:
        del form.fields["leave_out_broken"]
    return form_page(
        request,
        form=form,
        perform=lambda **said: imports.merge(run_id=run.pk, **said),
        title=f"Import {run.file_name}",
        intro="The file is read again and compared with what is recorded by then; all of it is written, or nothing.",
        submit_label="Import it",
        cancel_url=run.get_absolute_url(),
        record=run,
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def cancel(request: Request, number: str) -> HttpResponse:
    run: ImportRun = find(ask.listed(), number, request.actor)
    return form_page(
        request,
        form=ConfirmForm(request.POST if request.method == "POST" else None),
        perform=lambda **said: imports.cancel(run_id=run.pk, **said),
        title=f"Cancel the import of {run.file_name}",
        intro="It is stopped, and nothing of it is written.",
        submit_label="Cancel the import",
        cancel_url=run.get_absolute_url(),
        record=run,
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def roll_back(request: Request, number: str) -> HttpResponse:
    run: ImportRun = find(ask.listed(), number, request.actor)
    return form_page(
        request,
        form=ConfirmForm(request.POST if request.method == "POST" else None),
        perform=lambda **said: imports.roll_back(run_id=run.pk, **said),
        title=f"Roll back {run.number}",
        intro=(
            "CIs that it created are removed, or retired where something refers to them by now. What it changed is "
            "as before again, except for what was changed since then; the list of differences tells of each."
        ),
        submit_label="Roll it back",
        danger=True,
        cancel_url=run.get_absolute_url(),
        record=run,
        crumbs=CRUMBS,
    )
