"""Pages of configuration items."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.actions import CI_ACTIONS
from cmdb.filters.cis import ConfigurationItemFilter
from cmdb.forms.cis import CIForm, MoveForm, VerifyManyForm
from cmdb.forms.fields import ConfirmForm
from cmdb.models import ConfigurationItem
from cmdb.operations import cis, edits, verification
from cmdb.queries import cis as ask
from cmdb.queries import selection
from cmdb.queries import verification as verification_age
from cmdb.queries.accounting import life_of
from cmdb.queries.edits import open_of
from cmdb.queries.graph import graph_of, neighbours_of
from cmdb.queries.groups import clusters_of
from cmdb.queries.overview import overview_of
from cmdb.queries.reconciliation import words_of
from cmdb.schemas import is_reviewed
from cmdb.tables.cis import CI_KINDS, ChoosingCITable, ConfigurationItemTable
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed

CRUMBS = [("CIs", "/cmdb/cis/")]
REVIEWED = "This CI is critical: another person accepts each change before it is made."


@require_GET
def list_(request: Request) -> HttpResponse:
    create: dict[str, Any] = {"label": "New CI", "url": reverse("cmdb:ci-create"), "primary": True}
    may_verify = allowed(rules.may_verify_some, request.actor)
    actions = [*_with_these(request)]
    if allowed(rules.may_edit_ci, request.actor):
        actions.append(create)
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=ConfigurationItemFilter,
        table=ChoosingCITable if may_verify else ConfigurationItemTable,
        template="cmdb/ci/list.html",
        may_verify=may_verify,
        title="Configuration items",
        empty={"title": "No CI fits.", "text": "Take a filter away, or record the CI."},
        actions=actions,
    )


def _with_these(request: Request) -> Iterator[dict[str, Any]]:
    """What may be done with all that the filter finds."""
    query = selection.tidy(request.GET.urlencode())
    given = "?" + urlencode({"query": query})
    if allowed(rules.may_take_baseline, request.actor):
        yield {"label": "Take a baseline of these", "url": reverse("cmdb:baseline-create") + given}
    if query and allowed(rules.may_audit, request.actor):
        yield {"label": "Draw a sample of these", "url": reverse("cmdb:sample-create") + given}
    if query:
        yield {"label": "What became of these", "url": reverse("cmdb:accounting") + given}


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    ci: ConfigurationItem = find(ask.listed().select_related("misfit"), number, request.actor)
    keys = list(ci.external_keys.order_by("source", "key"))
    may_edit = allowed(rules.may_edit_ci, request.actor, ci)
    return record_page(
        request,
        ci,
        "cmdb/ci/detail.html",
        page="cmdb.ci",
        title=ci.name,
        actions=CI_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[(CI_KINDS[ci.status], ci.get_status_display())],
        facts=_facts(ci),
        edits=open_of(ci),
        misfit=getattr(ci, "misfit", None),
        trust=[_trust(ci, may_verify=allowed(rules.may_verify, request.actor, ci), now=timezone.now())],
        sentences=ask.sentences_of(ci),
        may_edit=may_edit,
        overview=overview_of(ci),
        life=life_of(ci),
        clusters=clusters_of(ci),
        words=words_of(ci, keys),
        external_keys=keys,
    )


def _trust(ci: ConfigurationItem, *, may_verify: bool, now: datetime) -> dict[str, Any]:
    """The age of the last comparison with reality, as a verdict with its fix."""
    verify = [{"label": "Verify it", "url": reverse("cmdb:ci-verify", args=[ci.number])}] if may_verify else []
    if ci.verified_at is None:
        return {
            "kind": "unknown",
            "word": "never verified",
            "title": "Nobody has compared this record with reality yet.",
            "fixes": verify,
        }
    days = (now - ci.verified_at).days
    when = "today" if days < 1 else "yesterday" if days == 1 else f"{days} days ago"
    holds = verification_age.terms().get(ci.ci_class_id, verification_age.USUAL_DAYS)
    fresh = now - ci.verified_at <= timedelta(days=holds)
    return {
        "kind": "ok" if fresh else "warn",
        "word": "verified" if fresh else "due again",
        "title": f"Compared with reality {when} by {ci.verified_by or 'the program'}.",
        "text": "" if fresh else f"A comparison holds for {holds} days.",
        "fixes": [] if fresh else verify,
    }


def _facts(ci: ConfigurationItem) -> list[tuple[str, object, str | None]]:
    return [
        ("Class", ci.ci_class, ci.ci_class.get_absolute_url()),
        ("Environment", ci.environment or "–", None),
        ("Version", ci.version or "–", None),
        ("Criticality", ci.get_criticality_display(), None),
        ("Owner", ci.owner or "nobody", None),
        ("Support team", ci.support_team or "none", None),
    ]


@require_GET
def graph(request: Request, number: str) -> HttpResponse:
    """The CI's neighbourhood for the small graph."""
    ci = find(ask.listed(), number, request.actor)
    return JsonResponse(graph_of(ci))


@require_GET
def neighbours(request: Request, number: str) -> HttpResponse:
    """What one click in the map adds."""
    return JsonResponse(neighbours_of(find(ask.listed(), number, request.actor)))


@require_GET
def map_(request: Request, number: str) -> HttpResponse:
    """The CI and its neighbours as a picture that grows, with the list of all that is in it."""
    ci = find(ask.listed(), number, request.actor)
    return TemplateResponse(
        request,
        "cmdb/ci/map.html",
        {"record": ci, "title": f"Map of {ci.name}", "crumbs": [*CRUMBS, (ci.name, ci.get_absolute_url())]},
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=CIForm(request.POST if request.method == "POST" else None),
        perform=cis.create,
        title="New CI",
        submit_label="Record the CI",
        cancel_url=reverse("cmdb:ci-list"),
        crumbs=CRUMBS,
        rule=rules.may_edit_ci,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    ci = find(ask.listed(), number, request.actor)
    return form_page(
        request,
        form=CIForm(request.POST if request.method == "POST" else None, instance=ci),
        perform=lambda **data: edits.submit(ci_id=ci.pk, **data),
        title=f"Edit {ci.name}",
        submit_label="Propose the change" if is_reviewed(ci) else "Save",
        intro=REVIEWED if is_reviewed(ci) else "",
        cancel_url=ci.get_absolute_url(),
        record=ci,
        rule=rules.may_edit_ci,
    )


@require_http_methods(["GET", "POST"])
def move(request: Request, number: str) -> HttpResponse:
    ci = find(ask.listed(), number, request.actor)
    return form_page(
        request,
        form=MoveForm(request.POST if request.method == "POST" else None, record=ci),
        perform=lambda **data: edits.submit(ci_id=ci.pk, **data),
        title=f"Change the status of {ci.name}",
        submit_label="Propose the change" if is_reviewed(ci) else "Change status",
        intro=REVIEWED if is_reviewed(ci) else "",
        cancel_url=ci.get_absolute_url(),
        record=ci,
        rule=rules.may_edit_ci,
    )


@require_http_methods(["GET", "POST"])
def verify(request: Request, number: str) -> HttpResponse:
    ci = find(ask.listed(), number, request.actor)
    return form_page(
        request,
        form=ConfirmForm(request.POST if request.method == "POST" else None),
        perform=lambda **data: cis.verify(ci_id=ci.pk, now=timezone.now(), **data),
        title=f"Verify {ci.name}",
        intro="You say that you compared this record with reality and that it is true.",
        submit_label="It is true",
        cancel_url=ci.get_absolute_url(),
        record=ci,
        rule=rules.may_verify,
    )


@require_http_methods(["GET", "POST"])
def verify_many(request: Request) -> HttpResponse:
    """What was chosen in the list, all at once."""
    picked = [int(pk) for pk in request.GET.getlist("pick") if pk.isdecimal() and len(pk) < 19][: verification.MOST]
    chosen = list(ConfigurationItem.objects.filter(pk__in=picked).order_by("pk"))

    def perform(**data: Any) -> str:
        verification.verify_all(now=timezone.now(), **data)
        return reverse("cmdb:ci-list")

    return form_page(
        request,
        form=VerifyManyForm(request.POST if request.method == "POST" else None, initial={"cis": chosen}),
        perform=perform,
        title="Verify CIs",
        intro="You say that you compared each of these records with reality and that it is true.",
        submit_label="They are true",
        cancel_url=reverse("cmdb:ci-list"),
        crumbs=CRUMBS,
        rule=rules.may_verify_some,
    )
