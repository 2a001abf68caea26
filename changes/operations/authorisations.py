"""Decide what a policy asks (see `asking`): by role, once a person, and only about what was seen."""

from datetime import datetime

from changes import rules
from changes.basics import Verdict as BasicsVerdict
from changes.models import Authorisation, ChangeModel, ChangeRequest, Decision
from changes.operations.clocks import CLOCK, set_clock
from changes.queries import basics
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.step_up import require_recent

State = Authorisation.State
Verdict = Decision.Verdict
DECISIONS = [verdict.value for verdict in Verdict if verdict != Verdict.ANSWERED]


class OwnChange(Forbidden):
    code = "own_change"


class WrongRole(Forbidden):
    code = "wrong_role"


class AlreadyDecided(DomainError):
    code = "already_decided"


class NotWaiting(DomainError):
    code = "not_waiting"


@operation
def decide(*, authorisation_id: int, decision: str, actor: Actor, now: datetime, comment: str = "") -> Authorisation:
    """Authorise, reject, or ask for more information; once a person, and only about what was seen."""
    change_id = Authorisation.objects.only("change_id").get(pk=authorisation_id).change_id
    change = ChangeRequest.objects.select_for_update().get(pk=change_id)
    authorisation = Authorisation.objects.lock(authorisation_id)
    authorisation.change = change
    giver = _giver(authorisation, actor)
    _check_decision(authorisation, decision, comment, actor)
    if decision == Verdict.AUTHORISED and change.model.type == ChangeModel.Type.EMERGENCY:
        require_recent(actor, "Authorising an emergency change")
    verdicts = basics.verdicts_of(change, now)
    if decision == Verdict.AUTHORISED:
        basics.refuse(change, verdicts)
    entry = ledger.append(
        actor=actor,
        subject=change,
        decision=decision,
        comment=comment,
        on_behalf_of=str(giver or ""),
        policy_version=f"{authorisation.policy}, {authorisation.rule}",
        evidence={"fingerprint": authorisation.fingerprint, "basics": [v.as_dict() for v in verdicts]},
        details=_details(authorisation, verdicts),
        at=now,
    )
    Decision.objects.create(
        authorisation=authorisation,
        by=actor.user,
        on_behalf_of=giver,
        verdict=decision,
        comment=comment,
        at=now,
        ledger_sequence=entry.sequence,
    )
    conclude(authorisation, decision, now)
    events.record("changes.authorisation.decided", authorisation, actor=actor, decision=decision)
    move_on(change, authorisation, actor)
    return authorisation


def _details(authorisation: Authorisation, verdicts: list[BasicsVerdict]) -> dict[str, object]:
    """What the ledger says in words about what was decided on."""
    return {
        "authorisation": authorisation.number,
        "role": authorisation.role,
        "point": authorisation.point,
        "fingerprint": authorisation.fingerprint,
        "basics": {v.code: f"{v.verdict}, waived by {v.waived_by}" if v.waived_by else v.verdict for v in verdicts},
    }


def _giver(authorisation: Authorisation, actor: Actor) -> User | None:
    """In whose name the actor decides (None: their own); refuses who may not, or whose voice was heard already."""
    change = authorisation.change
    if rules.is_own_change(actor, change):
        raise OwnChange(f"{change} is your own: you requested it or have a task in it. Somebody else must decide.")
    if not rules.holds_role(actor, authorisation):
        raise WrongRole(f"This decision belongs to the role {authorisation.get_role_display().lower()}.")
    voices = rules.unbiased_voices(actor, authorisation)
    if not voices:
        raise OwnChange(f"{change} is the change of the one you stand in for. Somebody else must decide.")
    if None in voices:
        return None
    heard = authorisation.heard
    unheard = [voice for voice in voices if voice is not None and voice not in heard]
    if not unheard and authorisation.state in Authorisation.OPEN:
        raise AlreadyDecided("The one you stand in for has decided this already.")
    return User.objects.filter(pk__in=unheard).order_by("pk").first()


def _check_decision(authorisation: Authorisation, decision: str, comment: str, actor: Actor) -> None:
    if decision not in DECISIONS:
        raise InvalidInput.at("decision", f"Unknown decision. Known: {', '.join(DECISIONS)}.")
    if decision != Verdict.AUTHORISED and not comment.strip():
        raise InvalidInput.at("comment", "Say why, so that the requester can act on it.")
    change = authorisation.change
    if change.status not in ChangeRequest.DECIDABLE and authorisation.state in Authorisation.OPEN:
        raise NotWaiting(f"{change} is {change.get_status_display().lower()}; nothing is decided about it now.")
    if authorisation.state not in Authorisation.OPEN:
        raise AlreadyDecided(f"This was {authorisation.get_state_display().lower()} already.")
    if decision != Verdict.MORE_INFORMATION and actor.user_id in authorisation.heard:
        raise AlreadyDecided("You have decided this already; another person must complete the quorum.")


def conclude(authorisation: Authorisation, decision: str, now: datetime) -> None:
    """The authorisation's state after one more decision; it is complete with its quorum."""
    if decision == Verdict.AUTHORISED:
        given = authorisation.decisions.filter(verdict=Verdict.AUTHORISED).count()
        state = State.AUTHORISED if given >= authorisation.quorum else State.PENDING
    else:
        state = State(decision)
    authorisation.state = state
    set_clock(authorisation, now)
    authorisation.decided_at = now if state in (State.AUTHORISED, State.REJECTED) else None
    authorisation.save(update_fields=["state", "decided_at", *CLOCK])


def move_on(change: ChangeRequest, decided: Authorisation, actor: Actor) -> None:
    """Where the change stands after a decision: rejected, to be built, scheduled, or still waiting."""
    status = _next_status(change, decided)
    if status is None or change.status == status:
        return
    ChangeRequest.LIFECYCLE.move(change, to=status)
    change.save(update_fields=["status"])
    events.record(f"changes.change_request.{status}", change, actor=actor)


def _next_status(change: ChangeRequest, decided: Authorisation) -> str | None:
    if decided.state == State.REJECTED:
        return str(ChangeRequest.Status.REJECTED)
    waiting = set(
        change.authorisations.exclude(state__in=[State.AUTHORISED, State.FALLEN]).values_list("point", flat=True)
    )
    if not waiting:
        return str(ChangeRequest.Status.SCHEDULED)
    if decided.state == State.AUTHORISED and decided.point == "build" and "build" not in waiting:
        return str(ChangeRequest.Status.BUILDING)
    return None
