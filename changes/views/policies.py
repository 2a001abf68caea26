"""Pages of authorisation policies: who must agree to what, by version."""

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes import rules
from changes.actions import POLICY_ACTIONS
from changes.filters import PolicyFilter
from changes.forms import BacktestForm, ConfirmForm
from changes.models import Policy
from changes.operations import policies
from changes.policy_form import CHOICES, PolicyForm
from changes.queries import success
from changes.queries.backtest import Backtest
from changes.queries.backtest import backtest as tested
from changes.queries.bench import OF_A_CHANGE
from changes.tables import POLICY_KINDS, PolicyTable
from changes.views.verbs import bound, verb_page
from itsm.kernel.errors import InvalidInput
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, page_or_fragment, record_page, refuse
from itsm.kernel.permissions import allowed, refusal_of
from itsm.kernel.roles import Role
from itsm.kernel.templatetags import _time

EVIDENCE = ("tests.passed", "tests.failed", "scan.critical", "environment", "freezes", "critical_gaps", "devolution")
CRUMBS = [("Policies", "/changes/policies/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "Draft a policy", "url": reverse("changes:policy-create"), "primary": True}
    return list_page(
        request,
        queryset=Policy.objects.order_by("name", "-version"),
        filterset=PolicyFilter,
        table=PolicyTable,
        title="Authorisation policies",
        empty={"title": "No policy yet.", "text": "A policy says which change needs whose authorisation."},
        actions=[create] if allowed(rules.may_edit_policy, request.actor) else [],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    policy = find(Policy.objects.select_related("drafted_by", "enforced_by").order_by("pk"), number, request.actor)
    may_draft = allowed(rules.may_edit_policy, request.actor, policy)
    return record_page(
        request,
        policy,
        "changes/policy/detail.html",
        page="changes.policy",
        title=str(policy),
        actions=POLICY_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[(POLICY_KINDS[policy.state], policy.get_state_display())],
        facts=_facts(policy),
        revise_url=reverse("changes:policy-revise", args=[policy.number]) if may_draft else "",
        rules=[_said(rule) for rule in policy.rules],
        versions=_versions(policy),
    )


def _facts(policy: Policy) -> list[tuple[str, Any]]:
    return [
        ("Name", policy.name),
        ("Version", policy.version),
        ("Written by", policy.drafted_by),
        ("Put in force by", policy.enforced_by),
        ("In force since", _time.moment(policy.in_force_since) if policy.in_force_since else ""),
        ("Until", _time.moment(policy.retired_at) if policy.retired_at else ""),
    ]


def _said(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule in words."""
    when = [f"{field.replace('_', ' ')}: {_value(value)}" for field, value in (rule.get("when") or {}).items()]
    asks = [_asked(ask) for ask in rule.get("require") or []]
    devolved = [f"{_devolved_to(ask)}: {_condition(ask)}" for ask in rule.get("devolve") or []]
    return {"name": rule.get("name", ""), "when": when, "asks": asks + devolved}


def _devolved_to(ask: dict[str, Any]) -> str:
    return "nobody" if ask.get("fact") == "pre_authorised" else "the pipeline, on"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return " and ".join(f"{name.replace('_', ' ')} {bound}" for name, bound in value.items())
    return " or ".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _asked(ask: dict[str, Any]) -> str:
    role = ask.get("role", "")
    label = str(Role(role).label) if role in Role else role
    quorum, point = ask.get("quorum", 1), " to build and test" if ask.get("point") == "build" else ""
    within = f" within {ask['within_hours']} h" if ask.get("within_hours") else ""
    return f"{'' if quorum == 1 else f'{quorum} × '}{label}{point}{within}"


def _condition(ask: dict[str, Any]) -> str:
    """In its author's words, or from its bounds."""
    bounds = [f"{name.replace('_', ' ')} {_value(ask[name])}" for name in ("at_least", "at_most", "is") if name in ask]
    return str(ask.get("asked") or " ".join([str(ask.get("fact", "")).replace("_", " "), *bounds]))


def _versions(policy: Policy) -> list[dict[str, Any]]:
    return [
        {
            "kind": POLICY_KINDS[version.state],
            "word": version.get_state_display(),
            "url": version.get_absolute_url(),
            "version": version.version,
            "since": version.in_force_since,
            "until": version.retired_at,
        }
        for version in Policy.objects.filter(name=policy.name).order_by("-version")[:50]
    ]


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return _editor(
        request, PolicyForm(_sent(request)), title="Draft a policy", cancel_url=reverse("changes:policy-list")
    )


@require_http_methods(["GET", "POST"])
def revise(request: Request, number: str) -> HttpResponse:
    """The next version begins with the rules of this one, which stays as it is."""
    policy = find(Policy.objects.order_by("pk"), number, request.actor)
    form = PolicyForm(_sent(request), rules=policy.rules, initial={"name": policy.name, "title": policy.title})
    return _editor(request, form, title=f"The next version of {policy.title}", cancel_url=policy.get_absolute_url())


def _sent(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _editor(request: Request, form: PolicyForm, *, title: str, cancel_url: str) -> HttpResponse:
    about: dict[str, Any] = {
        "title": title, "submit_label": "Keep as a draft", "cancel_url": cancel_url, "crumbs": CRUMBS,
        "choices": CHOICES,
        "template": "changes/policy/form.html", "fields_template": "changes/policy/fields.html",
        "known_facts": [*OF_A_CHANGE, *success.FACTS, *EVIDENCE],
        "intro": "Nothing changes until another change manager has put it in force.",
    }  # fmt: skip
    if "more" in request.POST:
        if not allowed(rules.may_edit_policy, request.actor):
            raise PermissionDenied(refusal_of(rules.may_edit_policy))
        template = about.pop("template")
        form.is_bound = False
        form.initial = {name: request.POST.get(name, "") for name in form.fields}
        return page_or_fragment(request, template, "form", {"form": form, **about})
    return form_page(request, form=form, perform=policies.draft, rule=rules.may_edit_policy, **about)


@require_http_methods(["GET", "POST"])
def enforce(request: Request, number: str) -> HttpResponse:
    policy = find(Policy.objects.order_by("pk"), number, request.actor)
    return verb_page(
        request,
        policy,
        bound(request, ConfirmForm),
        partial(policies.enforce, policy_id=policy.pk, now=timezone.now()),
        title=f"Enforce {policy}",
        intro=f"Written by {policy.drafted_by or 'the program'}. It takes effect now and can never be changed again; "
        "the version in force before it retires.",
        submit_label="Put it in force",
    )


KINDS = {
    "less": ("ok", "Asks less"), "devolved": ("ok", "Left to the pipeline"), "more": ("warn", "Asks more"),
    "other": ("open", "Asks others"), "refused": ("block", "Refuses"),
}  # fmt: skip


@require_GET
def backtest(request: Request, number: str) -> HttpResponse:
    """What this version would have asked in the past; it reads only, so that its address can be passed on."""
    policy = find(Policy.objects.order_by("pk"), number, request.actor)
    if not allowed(rules.may_edit_policy, request.actor, policy):
        raise PermissionDenied(refusal_of(rules.may_edit_policy))
    form = BacktestForm(request.GET or None)
    found = None
    if not form.is_bound or form.is_valid():
        said = form.cleaned_data if form.is_bound else {"since": None, "until": None}
        try:
            found = tested(policy, actor=request.actor, now=timezone.now(), **said)
        except InvalidInput as error:
            refuse(form, error)
    context = {
        "title": f"{policy} on the past", "form": form, "found": found, "tiles": _tiles(found) if found else [],
        "rows": [(*KINDS[each.kind], each) for each in found.differences] if found else [],
        "crumbs": [*CRUMBS, (policy.number, policy.get_absolute_url())],
    }  # fmt: skip
    return TemplateResponse(request, "changes/policy/backtest.html", context, status=200 if found else 422)


def _tiles(found: Backtest) -> list[dict[str, Any]]:
    days, minutes = divmod(found.minutes_saved, 24 * 60)
    return [
        {"label": "Changes", "figure": f"{found.examined:,}", "note": f"{found.different:,} would be asked otherwise"},
        {"label": "Waiting saved", "figure": f"{days} d {minutes // 60} h", "note": "for answers not asked for"},
        {"label": "Failures let through", "figure": f"{found.let_through:,}", "note": "went wrong, less is asked"},
        {"label": "Failures looked at more", "figure": f"{found.stopped:,}", "note": "went wrong, more is asked"},
    ]
