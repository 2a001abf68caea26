"""The test bench of a policy: what would this change need, and why? It reads only, so its address can be passed on."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from changes.models import ChangeRequest, Policy
from changes.policy import Looked
from changes.policy_form import value_of
from changes.queries.bench import Tried, facts_known, try_out
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find
from itsm.kernel.picking import PickField
from itsm.kernel.roles import Role

KINDS = {
    "ok": ("ok", "Yes"), "block": ("block", "No"), "warn": ("warn", "Warns"), "unknown": ("unknown", "Not known"),
    "inconclusive": ("unknown", "Proves nothing"), "not_applicable": ("none", "No"),
}  # fmt: skip
DECISIONS = {
    "authorise": ("ok", "Nobody has to be asked"),
    "ask": ("open", "People authorise it"),
    "refuse": ("block", "It is refused"),
}


class BenchForm(forms.Form):
    """A change, or facts; what is typed counts before what is known of the change."""

    change = PickField("change", required=False, label="Of this change")

    def __init__(self, data: Any, *, policy: Policy, actor: Any):
        super().__init__(data)
        self.fields["change"].widget.attrs["class"] = "form-control"
        self.actor = actor
        self.named = facts_known(policy)
        for name in self.named:
            self.fields[f"fact-{name}"] = forms.CharField(
                required=False, max_length=200, label=name.replace("_", " "), strip=True,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )  # fmt: skip

    def clean_change(self) -> ChangeRequest | None:
        change: ChangeRequest | None = self.cleaned_data["change"]
        if change is not None and not ChangeRequest.objects.filter(pk=change.pk).visible_to(self.actor).exists():
            raise forms.ValidationError("There is no such change. Give it as a title, or RFC-12.")
        return change

    @property
    def facts(self) -> dict[str, Any]:
        said = {name: self.cleaned_data.get(f"fact-{name}", "") for name in self.named}
        return {name: value_of(typed, many=False) for name, typed in said.items() if typed}

    @property
    def fact_fields(self) -> list[Any]:
        return [self[f"fact-{name}"] for name in self.named]


@require_GET
def show(request: Request, number: str) -> HttpResponse:
    policy = find(Policy.objects.order_by("pk"), number, request.actor)
    form = BenchForm(request.GET or None, policy=policy, actor=request.actor)
    tried = None
    if form.is_valid():
        tried = try_out(policy, change=form.cleaned_data["change"], facts=form.facts)
    context = {
        "title": f"What would a change need by {policy}?", "form": form, "tried": tried, "policy": policy,
        "crumbs": [("Policies", "/changes/policies/"), (policy.number, policy.get_absolute_url())],
        "answer": _answer(tried) if tried else None, "looked": _looked(tried) if tried else [],
    }  # fmt: skip
    status = 422 if form.is_bound and not tried else 200
    return TemplateResponse(request, "changes/policy/test_bench.html", context, status=status)


def _answer(tried: Tried) -> dict[str, Any]:
    kind, word = DECISIONS[tried.ruling.decision]
    return {
        "kind": kind,
        "word": word,
        "rule": tried.ruling.rule,
        "asks": [asked(one.role, one.quorum, one.point) for one in tried.ruling.require],
        "bars": [look for look in tried.ruling.failed if look.rule != "no rule"],
    }


def asked(role: str, quorum: int, point: str) -> str:
    label = str(Role(role).label) if role in Role.values else role
    many = f"{quorum} × " if quorum > 1 else ""
    return f"{many}{label}{' to build and test' if point == 'build' else ' to deploy'}"


def _looked(tried: Tried) -> list[dict[str, Any]]:
    found = []
    for rule in tried.rules:
        word = "Decides" if rule.decides else "Would fit" if rule.fits else "Does not fit"
        kind = "ok" if rule.decides else "none"
        found.append(
            {
                "number": rule.number, "name": rule.name, "kind": kind, "word": word, "reached": rule.reached,
                "conditions": [_row(look) for look in rule.conditions],
            }
        )  # fmt: skip
    return found


def _row(look: Looked) -> dict[str, str]:
    kind, word = KINDS[look.verdict]
    follows = {"block": "bars it", "ask": "people are asked", "warn": "warns"}.get(look.consequence, "")
    return {"kind": kind, "word": word, "asked": look.asked, "found": look.found, "follows": follows, "fix": look.fix}
