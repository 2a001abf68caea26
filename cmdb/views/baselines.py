"""Pages of baselines."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.filters.baselines import BaselineFilter
from cmdb.forms.baselines import BaselineForm
from cmdb.models import Baseline, ConfigurationItem, Service
from cmdb.models.reconciliation import ATTRIBUTE
from cmdb.operations import baselines
from cmdb.queries import baselines as ask
from cmdb.queries import selection
from cmdb.queries.states import FIELDS
from cmdb.tables.baselines import BaselineTable
from itsm.kernel import export
from itsm.kernel.counting import count_of
from itsm.kernel.errors import InvalidInput
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed

CRUMBS = [("Baselines", "/cmdb/baselines/")]
DIFFERENCES, ITEMS, SHOWN = 100, 50, 10


@require_GET
def list_(request: Request) -> HttpResponse:
    new = {"label": "Take a baseline", "url": reverse("cmdb:baseline-create"), "primary": True}
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=BaselineFilter,
        table=BaselineTable,
        title="Baselines",
        empty={"title": "No baseline yet.", "text": "One keeps CIs as they are, to compare them later."},
        actions=[new] if allowed(rules.may_take_baseline, request.actor) else [],
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """From the page of a service, from a filtered list of CIs, or from nothing."""
    service = _named(request.GET.get("service", ""), request)
    query, intro = request.GET.get("query"), ""
    if query is not None:
        query, intro = _asked(query)
    initial = {"service": service, "query": query or "", "name": f"{service.name}, today" if service else ""}
    data = request.POST.dict() if request.method == "POST" else None
    if data is not None and query == "":
        data["all"] = "on"
    return form_page(
        request,
        form=BaselineForm(data, initial=initial),
        perform=lambda **said: baselines.take(now=timezone.now(), **said),
        title="Take a baseline",
        intro=intro or "It keeps the CIs as they are now, with their attributes and relations. Nobody can alter it.",
        submit_label="Take it",
        cancel_url=service.get_absolute_url() if service else reverse("cmdb:baseline-list"),
        crumbs=CRUMBS,
        rule=lambda actor, record: rules.may_take_baseline(actor, service),
    )


def _named(slug: str, request: Request) -> Service | None:
    return find(Service.objects.all(), slug, request.actor) if slug else None


def _asked(query: str) -> tuple[str, str]:
    """The filter, and what it finds in words."""
    try:
        tidy = selection.tidy(query)
        counted = count_of(selection.of_query(tidy))
    except InvalidInput as error:
        raise Http404 from error
    about = "about " if counted.is_estimate else ""
    return tidy, f"Of {about}{counted.number:,} CIs: those that the filter finds, as they are now. Nobody can alter it."


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    baseline: Baseline = find(ask.listed(), number, request.actor)
    found = ask.diff_of(baseline, None)
    return record_page(
        request,
        baseline,
        "cmdb/baseline/detail.html",
        page="cmdb.baseline",
        title=baseline.name,
        crumbs=CRUMBS,
        facts=_facts(baseline),
        diff=found,
        first=found.rows[:SHOWN],
        items=Paginator(baseline.items.order_by("ci_id"), ITEMS).get_page(request.GET.get("page")),
        others=ask.comparable(baseline),
    )


def _facts(baseline: Baseline) -> list[tuple[str, object, str | None]]:
    service = baseline.service
    found: list[tuple[str, object, str | None]] = [
        ("Taken", f"{timezone.localtime(baseline.taken_at):%-d %b %Y %H:%M}", None),
        ("By", baseline.taken_by or "the program", None),
        ("CIs", f"{baseline.ci_count:,}", None),
        ("Relations", f"{baseline.relation_count:,}", None),
    ]
    if service is not None:
        found.insert(0, ("Of", service, service.get_absolute_url()))
    if baseline.scope == Baseline.Scope.QUERY:
        address = f"{reverse('cmdb:ci-list')}?{baseline.query}"
        found.insert(0, ("Of", selection.in_words(baseline.query), address))
    if baseline.of_number:
        found.insert(0, ("Before", baseline.of_number, ask.page_of_record(baseline) or None))
    return found


@require_GET
def item(request: Request, number: str, ci: int) -> HttpResponse:
    """One CI as it was."""
    baseline: Baseline = find(ask.listed(), number, request.actor)
    kept = get_object_or_404(baseline.items, ci_id=ci)
    own = {name: value for name, value in kept.state.items() if name != "attributes"}
    state = own | {ATTRIBUTE + name: value for name, value in kept.state["attributes"].items()}
    return TemplateResponse(
        request,
        "cmdb/baseline/item.html",
        {
            "title": kept.state["name"],
            "record": baseline,
            "item": kept,
            "number": f"CI-{ci}",
            "state": _in_order(state),
            "relations": list(baseline.relations.filter(Q(source=ci) | Q(target=ci)).order_by("type", "pk")[:500]),
            "there": ConfigurationItem.objects.filter(pk=ci).exists(),
            "crumbs": [*CRUMBS, (baseline.number, baseline.get_absolute_url())],
        },
    )


def _in_order(state: dict[str, Any]) -> list[tuple[str, Any]]:
    """What each CI has first, then its attributes by name."""
    own = [name for name in FIELDS if name in state]
    return [(name, state[name]) for name in [*own, *sorted(state.keys() - set(own))]]


@require_GET
def diff(request: Request, number: str) -> HttpResponse:
    baseline: Baseline = find(ask.listed(), number, request.actor)
    said = request.GET.get("with", "now")
    other = None if said == "now" else find(ask.listed(), said, request.actor)
    found = ask.diff_of(baseline, other)
    if request.GET.get("format") == "csv":
        return export.answer(_lines(found), f"{baseline.number}-diff")  # type: ignore[return-value]
    page = Paginator(found.rows, DIFFERENCES).get_page(request.GET.get("page"))
    return record_page(
        request,
        baseline,
        "cmdb/baseline/diff.html",
        page="cmdb.baseline-diff",
        title=f"What is different since {baseline.name}",
        crumbs=[*CRUMBS, (baseline.number, baseline.get_absolute_url())],
        diff=found,
        other=other,
        others=ask.comparable(baseline),
        page_of_rows=page,
    )


def _lines(found: ask.Diff) -> Any:
    yield ["what", "ci", "name", "field", "was", "is", "other"]
    rows = found.rows
    for start in range(0, min(len(rows), export.MOST), 5000):
        for each in rows[start : start + 5000]:
            yield [each.kind, each.number, each.name, each.field, each.was, each.now, each.other_name]
