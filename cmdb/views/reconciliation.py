"""Pages of conflicts between sources, and of the rules that decide them."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.actions import CONFLICT_ACTIONS
from cmdb.filters.reconciliation import ConflictFilter, SourcePrecedenceFilter
from cmdb.forms.fields import ConfirmForm
from cmdb.forms.reconciliation import DecideForm, PrecedenceForm
from cmdb.models import Conflict, SourcePrecedence
from cmdb.operations import conflicts, precedences
from cmdb.queries import reconciliation as ask
from cmdb.queries.labels import Labels
from cmdb.reconciling.words import recorded, shown
from cmdb.tables.reconciliation import CONFLICT_KINDS, ConflictTable, SourcePrecedenceTable
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed

CRUMBS = [("Conflicts", "/cmdb/conflicts/")]
RULE_CRUMBS = [*CRUMBS, ("Rules of precedence", "/cmdb/precedences/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=ask.conflicts(),
        filterset=ConflictFilter,
        table=ConflictTable,
        title="Conflicts between sources",
        empty={
            "title": "The sources agree.",
            "text": "Where two imports, or an import and a person, say different things of a CI and no rule says whose "
            "word counts, it stands here until somebody decides.",
        },
        actions=[{"label": "Rules of precedence", "url": reverse("cmdb:precedence-list")}],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    conflict: Conflict = find(ask.conflicts(), number, request.actor)
    now = recorded(conflict.ci).get(conflict.field)
    words = [
        {"source": source, "value": shown(said, conflict.field), "counts": said == now}
        for source, said in conflict.words.items()
    ]
    return record_page(
        request,
        conflict,
        "cmdb/conflict/detail.html",
        page="cmdb.conflict",
        title=f"{Labels()(conflict.field)} of {conflict.ci.name}",
        actions=CONFLICT_ACTIONS if conflict.state == Conflict.State.OPEN else (),
        crumbs=CRUMBS,
        verdicts=[(CONFLICT_KINDS[conflict.state], conflict.get_state_display())],
        facts=[
            ("CI", f"{conflict.ci.number} {conflict.ci.name}", conflict.ci.get_absolute_url()),
            ("Class", conflict.ci.ci_class, conflict.ci.ci_class.get_absolute_url()),
            ("The record says", shown(now, conflict.field), None),
            ("Decided by", conflict.decided_by, None),
        ],
        words=words,
        chosen=shown(conflict.chosen, conflict.field),
    )


@require_http_methods(["GET", "POST"])
def decide(request: Request, number: str) -> HttpResponse:
    conflict: Conflict = find(ask.conflicts(), number, request.actor)
    posted = request.POST if request.method == "POST" else None
    return form_page(
        request,
        form=DecideForm(posted, conflict=conflict),
        perform=partial(conflicts.decide, conflict_id=conflict.pk, now=timezone.now()),
        title=f"{conflict.field_label} of {conflict.ci.name}: whose word counts?",
        intro="What you decide becomes a rule. A source that you choose counts from now on; a value of your own holds "
        "as long as the sources say what they say now.",
        submit_label="Decide",
        cancel_url=conflict.get_absolute_url(),
        record=conflict,
        crumbs=[*CRUMBS, (conflict.number, conflict.get_absolute_url())],
        rule=rules.may_reconcile,
    )


@require_GET
def rule_list(request: Request) -> HttpResponse:
    create = {"label": "New rule", "url": reverse("cmdb:precedence-create"), "primary": True}
    return list_page(
        request,
        queryset=ask.precedences(),
        filterset=SourcePrecedenceFilter,
        table=SourcePrecedenceTable,
        title="Rules of precedence",
        crumbs=CRUMBS,
        empty={
            "title": "No rule yet.",
            "text": "Without a rule the last word counts, and where sources disagree it is seen as a conflict.",
        },
        actions=[create] if allowed(rules.may_reconcile, request.actor) else [],
    )


@require_http_methods(["GET", "POST"])
def rule_create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=PrecedenceForm(request.POST if request.method == "POST" else None),
        perform=lambda **said: _listed(precedences.create(**said)),
        title="New rule of precedence",
        intro="Of several sources that know a CI, the first in the order that says something counts.",
        submit_label="Keep the rule",
        cancel_url=reverse("cmdb:precedence-list"),
        crumbs=RULE_CRUMBS,
        rule=rules.may_reconcile,
    )


@require_http_methods(["GET", "POST"])
def rule_edit(request: Request, pk: str) -> HttpResponse:
    found: SourcePrecedence = find(ask.precedences(), pk, request.actor)
    return form_page(
        request,
        form=PrecedenceForm(request.POST if request.method == "POST" else None, rule=found),
        perform=lambda **said: _listed(precedences.update(precedence_id=found.pk, **said)),
        title=f"{found.field_label} of {found.scope}",
        submit_label="Save",
        cancel_url=reverse("cmdb:precedence-list"),
        template="cmdb/conflict/rule.html",
        record=found,
        remove_url=reverse("cmdb:precedence-remove", args=[found.pk]),
        crumbs=RULE_CRUMBS,
        rule=rules.may_reconcile,
    )


@require_http_methods(["GET", "POST"])
def rule_remove(request: Request, pk: str) -> HttpResponse:
    found: SourcePrecedence = find(ask.precedences(), pk, request.actor)

    def perform(**said: Any) -> str:
        precedences.remove(precedence_id=found.pk, **said)
        return reverse("cmdb:precedence-list")

    return form_page(
        request,
        form=ConfirmForm(request.POST if request.method == "POST" else None),
        perform=perform,
        title=f"Take the rule away: {found.field_label.lower()} of {found.scope}",
        intro="What it decided stays. What sources say differently from now on is a conflict again.",
        submit_label="Take it away",
        danger=True,
        cancel_url=found.get_absolute_url(),
        record=found,
        crumbs=RULE_CRUMBS,
        rule=rules.may_reconcile,
    )


def _listed(rule: SourcePrecedence) -> str:
    return reverse("cmdb:precedence-list")
