"""A change model becomes standard: proposed, shown safe, approved by another, reviewed yearly, revoked on failures."""

from datetime import datetime
from typing import Any

from changes import rules
from changes.models import ChangeModel, ChangeRequest, PreAuthorisation
from changes.queries.safe_runs import Runs, failures_since, runs_of
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import allowed, require
from itsm.kernel.roles import Role

State = PreAuthorisation.State
AT_ONCE = 100  # reviews looked at in one transaction


class ProposedAlready(DomainError):
    code = "proposed_already"


class OwnProposal(Forbidden):
    code = "own_proposal"


class NotShownSafe(DomainError):
    code = "not_shown_safe"


@operation
def propose(
    *,
    model_id: int,
    reason: str,
    actor: Actor,
    now: datetime,
    safe_runs_needed: int = 5,
    failures_revoke: int = 3,
) -> PreAuthorisation:
    """Ask that changes of this model need nobody's word any more."""
    model = ChangeModel.objects.lock(model_id)
    require(rules.may_propose_standard, actor, model)
    if model.type not in (ChangeModel.Type.NORMAL, ChangeModel.Type.STANDARD):
        raise InvalidInput.at("model", "Only a normal change can become standard.")
    if model.pre_authorised:
        raise ProposedAlready(f"{model} is pre-authorised already.")
    if known := model.pre_authorisations.filter(state__in=PreAuthorisation.STANDING).first():
        raise ProposedAlready(f"{known.number} waits already. Decide or withdraw it first.")
    _check_terms(reason, safe_runs_needed, failures_revoke)
    asked = PreAuthorisation(
        model=model, reason=reason.strip(), safe_runs_needed=safe_runs_needed, failures_revoke=failures_revoke,
        type_before=model.type, proposed_by=actor.user, proposed_at=now, propose_entry=0,
    )  # fmt: skip
    asked.save(force_insert=True)
    asked.propose_entry = _in_ledger(asked, "pre_authorisation_proposed", reason, actor, now)
    asked.save(update_fields=["propose_entry"])
    events.record("changes.pre_authorisation.proposed", asked, actor=actor)
    return asked


def _check_terms(reason: str, needed: int, failures: int) -> None:
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why nobody has to look at each of these changes.")
    if not 1 <= needed <= 100:
        raise InvalidInput.at("safe_runs_needed", "Between 1 and 100: what never ran shows nothing.")
    if not 1 <= failures <= PreAuthorisation.OF_LATEST:
        raise InvalidInput.at("failures_revoke", f"Between 1 and {PreAuthorisation.OF_LATEST}.")


@operation
def withdraw(*, pre_authorisation_id: int, reason: str, actor: Actor, now: datetime) -> PreAuthorisation:
    """Its proposer, or a change manager, takes the proposal back."""
    asked, _ = _locked(pre_authorisation_id)
    require(rules.may_withdraw_standard, actor, asked)
    return _decided(asked, State.WITHDRAWN, reason, actor, now)


@operation
def decline(*, pre_authorisation_id: int, comment: str, actor: Actor, now: datetime) -> PreAuthorisation:
    asked, _ = _locked(pre_authorisation_id)
    _by_another(asked, actor)
    if not comment.strip():
        raise InvalidInput.at("comment", "Say why, so that the proposer can act on it.")
    return _decided(asked, State.DECLINED, comment, actor, now)


@operation
def approve(*, pre_authorisation_id: int, actor: Actor, now: datetime, comment: str = "") -> PreAuthorisation:
    """Another change manager approves it, on changes that all went well: from now on the model is standard."""
    asked, model = _locked(pre_authorisation_id)
    _by_another(asked, actor)
    PreAuthorisation.LIFECYCLE.expect(asked, to=State.APPROVED)
    runs = runs_of(model, asked.safe_runs_needed)
    if not runs.shown:
        raise NotShownSafe(
            f"{_told(runs)} The latest {runs.needed} changes of {model} must all have gone well.", checks=_checks(runs)
        )
    asked.shown = [change.number for change in runs.latest]
    asked.review_due_at = now + PreAuthorisation.REVIEWED_EVERY
    model.type, model.pre_authorised = ChangeModel.Type.STANDARD, True
    model.save(update_fields=["type", "pre_authorised"])
    return _decided(asked, State.APPROVED, comment, actor, now)


def _told(runs: Runs) -> str:
    return f"Only {runs.safe} of {runs.needed} are shown to have run safely."


def _checks(runs: Runs) -> list[dict[str, Any]]:
    """The change that broke the row, if one did; if none did, there are too few."""
    broke = runs.latest[runs.safe] if runs.safe < len(runs.latest) else None
    if broke is None:
        return [{"code": "too_few", "label": "Too few", "message": f"{runs.missing} more must run safely.", "url": ""}]
    ended = f"It ended {broke.get_outcome_display().lower()}."
    return [{"code": "went_wrong", "label": broke.number, "message": ended, "url": broke.get_absolute_url(),
             "fix": "See it"}]  # fmt: skip


def _decided(asked: PreAuthorisation, to: State, comment: str, actor: Actor, now: datetime) -> PreAuthorisation:
    PreAuthorisation.LIFECYCLE.move(asked, to=to)
    asked.decided_by, asked.decided_at, asked.decide_comment = actor.user, now, comment.strip()
    asked.decide_entry = _in_ledger(asked, f"pre_authorisation_{to}", comment, actor, now)
    asked.save(
        update_fields=[
            "state", "decided_by", "decided_at", "decide_comment", "decide_entry", "shown", "review_due_at",
        ]
    )  # fmt: skip
    events.record(f"changes.pre_authorisation.{to}", asked, actor=actor)
    return asked


@operation
def review(*, pre_authorisation_id: int, comment: str, actor: Actor, now: datetime) -> PreAuthorisation:
    """The yearly look: it may stay for another year. Whoever thinks otherwise revokes it."""
    asked, _ = _locked(pre_authorisation_id)
    require(rules.may_decide_standard, actor, asked)
    PreAuthorisation.LIFECYCLE.expect(asked, to=State.REVOKED)
    if not comment.strip():
        raise InvalidInput.at("comment", "Say what you looked at.")
    asked.reviewed_by, asked.reviewed_at, asked.review_comment = actor.user, now, comment.strip()
    asked.review_due_at, asked.review_reminded_at = now + PreAuthorisation.REVIEWED_EVERY, None
    asked.review_entry = _in_ledger(asked, "pre_authorisation_reviewed", comment, actor, now)
    asked.save(
        update_fields=[
            "reviewed_by", "reviewed_at", "review_comment", "review_due_at", "review_reminded_at", "review_entry",
        ]
    )  # fmt: skip
    events.record("changes.pre_authorisation.reviewed", asked, actor=actor)
    return asked


@operation
def revoke(*, pre_authorisation_id: int, reason: str, actor: Actor, now: datetime) -> PreAuthorisation:
    """Take it back by hand: from now on its changes are asked about again."""
    asked, model = _locked(pre_authorisation_id)
    require(rules.may_decide_standard, actor, asked)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it is taken back.")
    return _revoke(asked, model, reason.strip(), actor, now)


def take_note(*, change: ChangeRequest, now: datetime) -> PreAuthorisation | None:
    """Part of the end of a change: with too many failures since the approval, its model loses it in that moment."""
    if not change.model.pre_authorised or change.outcome == ChangeRequest.Outcome.SUCCESSFUL:
        return None
    standing = PreAuthorisation.objects.filter(model=change.model_id, state=State.APPROVED).first()
    if standing is None or standing.decided_at is None:
        return None
    failures = failures_since(change.model, standing.decided_at)
    if len(failures) < standing.failures_revoke:
        return None
    asked, model = _locked(standing.pk)
    if asked.state != State.APPROVED:
        return None
    numbers = ", ".join(one.number for one in failures)
    because = f"{len(failures)} of its latest {PreAuthorisation.OF_LATEST} changes failed or were backed out: {numbers}"
    return _revoke(asked, model, because, Actor.system("change models"), now)


@operation
def look_after(*, actor: Actor, now: datetime) -> list[PreAuthorisation]:
    """Tell once that a yearly review is due; where it stays undone for 30 days more, revoke it."""
    due = PreAuthorisation.objects.filter(state=State.APPROVED, review_due_at__lte=now)
    waiting = due.filter(review_reminded_at__isnull=True).select_for_update(of=("self",), skip_locked=True)
    told = list(waiting.order_by("review_due_at", "pk")[:AT_ONCE])
    PreAuthorisation.objects.filter(pk__in=[one.pk for one in told]).update(review_reminded_at=now)
    events.record_each("changes.pre_authorisation.review_due", told, actor=actor)
    lapsed = due.filter(review_due_at__lte=now - PreAuthorisation.GRACE).order_by("pk").values_list("pk", flat=True)
    for pk in lapsed[:AT_ONCE]:
        asked, model = _locked(pk)
        _revoke(asked, model, f"Its yearly review was due on {asked.review_due_at:%d.%m.%Y} and not done.", actor, now)
    return told


def _locked(pk: int) -> tuple[PreAuthorisation, ChangeModel]:
    """The model first: every operation locks in this order."""
    model_id = PreAuthorisation.objects.values_list("model", flat=True).get(pk=pk)
    model: ChangeModel = ChangeModel.objects.select_for_update().get(pk=model_id)
    asked: PreAuthorisation = PreAuthorisation.objects.lock(pk)
    asked.model = model
    return asked, model


def _by_another(asked: PreAuthorisation, actor: Actor) -> None:
    require(rules.may_decide_standard, actor, asked)
    if not allowed(rules.may_approve_standard, actor, asked):
        raise OwnProposal(f"{asked.proposed_by} proposed {asked.number}. Another change manager decides about it.")


def _revoke(asked: PreAuthorisation, model: ChangeModel, because: str, actor: Actor, now: datetime) -> PreAuthorisation:
    PreAuthorisation.LIFECYCLE.move(asked, to=State.REVOKED)
    model.pre_authorised, model.type = False, asked.type_before
    model.save(update_fields=["pre_authorised", "type"])
    asked.revoked_by, asked.revoked_at, asked.revoked_because = actor.user, now, because[:300]
    asked.revoke_entry = _in_ledger(asked, "pre_authorisation_revoked", because, actor, now)
    asked.save(update_fields=["state", "revoked_by", "revoked_at", "revoked_because", "revoke_entry"])
    events.record("changes.pre_authorisation.revoked", asked, actor=actor, why=asked.revoked_because)
    return asked


def _in_ledger(asked: PreAuthorisation, decision: str, comment: str, actor: Actor, now: datetime) -> int:
    details = {
        "model": asked.model.code, "safe_runs_needed": asked.safe_runs_needed,
        "failures_revoke": asked.failures_revoke, "shown": asked.shown,
    }  # fmt: skip
    behalf = actor.on_behalf_of(Role.CHANGE_MANAGER, apart_from=(asked.proposed_by_id,))
    entry = ledger.append(
        actor=actor, subject=asked, decision=decision, comment=comment.strip()[:2000], on_behalf_of=behalf,
        evidence=details, details=details, at=now,
    )  # fmt: skip
    return int(entry.sequence)
