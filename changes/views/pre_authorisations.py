"""A model's way to being standard: the panel on its page, and the page of each step."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from changes import fields
from changes.actions import PRE_AUTHORISATION_ACTIONS
from changes.forms import CommentForm, ReasonForm
from changes.models import ChangeModel, Policy, PreAuthorisation
from changes.operations import pre_authorisations
from changes.policy import rule_on
from changes.queries.safe_runs import Runs, runs_of
from changes.tables import OUTCOME_KINDS
from changes.views.bench import asked as asked_words
from changes.views.verbs import bound, verb_page
from itsm.kernel.middleware import Request
from itsm.kernel.pages import buttons, find

State = PreAuthorisation.State
KINDS = {State.PROPOSED: "open", State.APPROVED: "ok", State.DECLINED: "block", State.WITHDRAWN: "none",
         State.REVOKED: "block"}  # fmt: skip
USUAL_RUNS = 5


class ProposeForm(forms.Form):
    reason = fields.Text(label="Why has nobody to look at each of these changes?")
    safe_runs_needed = forms.IntegerField(
        min_value=1, max_value=100, initial=5, label="So many of its latest changes must have gone well"
    )
    failures_revoke = forms.IntegerField(
        min_value=1, max_value=PreAuthorisation.OF_LATEST, initial=3,
        label=f"So many failures among its latest {PreAuthorisation.OF_LATEST} take it back",
    )  # fmt: skip


class LookForm(forms.Form):
    comment = fields.Text(label="What did you look at?")


class WhyNotForm(forms.Form):
    comment = fields.Text(label="Why not?")


def listed() -> Any:
    return PreAuthorisation.objects.select_related("model", "proposed_by", "decided_by", "reviewed_by", "revoked_by")


def shown_on(model: ChangeModel, request: Request) -> dict[str, Any] | None:
    """What the model's page says: the present attempt step by step, its record, and what the policy would ask."""
    if model.type not in (ChangeModel.Type.NORMAL, ChangeModel.Type.STANDARD):
        return None
    attempts = list(listed().filter(model=model).order_by("-pk")[:10])
    last = attempts[0] if attempts else None
    runs = runs_of(model, last.safe_runs_needed if last else USUAL_RUNS)
    known = {one.number: one for one in runs.seen_by(request.actor)}
    return {
        "last": last,
        "earlier": attempts[1:],
        "steps": _steps(last, runs, model) if last else [],
        "runs": runs,
        "rows": [
            {"change": known.get(one.number), "kind": OUTCOME_KINDS.get(one.outcome, "none"),
             "word": one.get_outcome_display(), "ended": one.finished_at}
            for one in runs.latest
        ],
        "policy": _policy_says(model),
        "actions": buttons(PRE_AUTHORISATION_ACTIONS, request.actor, last, "changes.pre-authorisation") if last else [],
    }  # fmt: skip


def _steps(last: PreAuthorisation, runs: Runs, model: ChangeModel) -> list[dict[str, Any]]:
    """Proposed, shown, approved, reviewed, revoked: what is done, by whom, and what comes next."""
    safe = f"{min(runs.safe, runs.needed)} of the {runs.needed} latest ran safely"
    steps = [
        _step("ok", "Proposed", last.proposed_by, last.proposed_at, last.reason, last.propose_entry),
        _step("ok" if last.shown or runs.shown else "open", "Shown safe", text=_shown(last) or safe),
    ]
    if last.state == State.PROPOSED:
        return [*steps, _step("none", "Approved", text="Another change manager decides, once it is shown safe.")]
    word = "Approved" if last.state == State.REVOKED else str(last.get_state_display())
    kind = "ok" if last.state == State.REVOKED else KINDS[State(last.state)]
    steps.append(_step(kind, word, last.decided_by, last.decided_at, last.decide_comment, last.decide_entry))
    if last.state in (State.APPROVED, State.REVOKED):
        steps.append(_review(last))
    if last.state == State.REVOKED:
        by = last.revoked_by
        steps.append(_step("block", "Revoked", by, last.revoked_at, last.revoked_because, last.revoke_entry))
    return steps


def _shown(last: PreAuthorisation) -> str:
    return f"On {', '.join(last.shown)}" if last.shown else ""


def _review(last: PreAuthorisation) -> dict[str, Any]:
    if last.state == State.APPROVED and last.review_due_at and last.review_due_at <= timezone.now():
        left = last.review_due_at + PreAuthorisation.GRACE
        return _step("warn", "Review due", at=last.review_due_at, text=f"Not done by {left:%d.%m.%Y}, it is revoked.")
    done = _step(
        "ok" if last.reviewed_at else "none", "Reviewed", last.reviewed_by, last.reviewed_at, last.review_comment,
        last.review_entry,
    )  # fmt: skip
    return done | {"due": last.review_due_at if last.state == State.APPROVED else None}


def _step(
    kind: str, word: str, by: Any = None, at: datetime | None = None, text: str = "", entry: int | None = None
) -> dict[str, Any]:
    return {"kind": kind, "word": word, "by": by, "at": at, "text": text, "entry": entry, "due": None}


def _policy_says(model: ChangeModel) -> dict[str, Any] | None:
    """What the policy in force would ask of a low-risk change, were it pre-authorised."""
    policy = Policy.objects.filter(name=model.policy_name, state=Policy.State.IN_FORCE).first()
    if policy is None:
        return None
    facts = {"type": "standard", "model": model.code, "pre_authorised": True, "risk": "low", "likelihood": 1,
             "impact": 1, "criticality": 2, "cab_required": False, "confidential": False}  # fmt: skip
    ruling = rule_on(policy.rules, facts)
    asks = [asked_words(one.role, one.quorum, one.point) for one in ruling.require]
    return {"policy": policy, "decision": ruling.decision, "rule": ruling.rule, "asks": asks}


@require_http_methods(["GET", "POST"])
def propose(request: Request, code: str) -> HttpResponse:
    model = get_object_or_404(ChangeModel, code=code)
    return verb_page(
        request,
        model,
        bound(request, ProposeForm),
        partial(pre_authorisations.propose, model_id=model.pk, now=timezone.now()),
        title=f"Propose {model.name} as standard",
        intro="Its changes would need nobody's word any more. Another change manager approves it, once its latest "
        "changes have shown that it is safe.",
        submit_label="Propose it",
    )


def _verb(
    operate: Callable[..., Any], form: type[forms.Form], verb: str, intro: str, label: str, danger: bool = False
) -> Callable[..., HttpResponse]:
    """The page of one step."""

    @require_http_methods(["GET", "POST"])
    def page(request: Request, number: str) -> HttpResponse:
        asked = find(listed(), number, request.actor)
        return verb_page(
            request,
            asked,
            bound(request, form),
            partial(operate, pre_authorisation_id=asked.pk, now=timezone.now()),
            title=f"{verb} {asked.display}",
            intro=intro,
            submit_label=label,
            danger=danger,
        )

    return page


VERBS = {
    "approve": _verb(
        pre_authorisations.approve, CommentForm, "Approve",
        "From now on its changes need nobody's word where the policy says so. It is reviewed every year.", "Approve it",
    ),
    "decline": _verb(pre_authorisations.decline, WhyNotForm, "Decline", "", "Decline it", danger=True),
    "withdraw": _verb(pre_authorisations.withdraw, ReasonForm, "Withdraw", "", "Take it back"),
    "review": _verb(
        pre_authorisations.review, LookForm, "Review",
        "It stays for another year. If it should not, revoke it instead.", "It may stay",
    ),
    "revoke": _verb(
        pre_authorisations.revoke, ReasonForm, "Revoke", "From now on its changes are asked about again.", "Revoke it",
        danger=True,
    ),
}  # fmt: skip
