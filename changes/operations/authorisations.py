"""Ask for the authorisations that a policy wants, decide them, and let them fall when what they were for changes."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from changes import rules
from changes.fingerprint import fingerprint_of
from changes.models import Authorisation, ChangeRequest, Decision, Policy
from changes.policy import Requirement, rule_on
from changes.queries import basics
from changes.queries.facts import facts_of
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation

State = Authorisation.State
Verdict = Decision.Verdict


class NoPolicy(DomainError):
    code = "no_policy"


class RefusedByPolicy(DomainError):
    code = "refused_by_policy"


class OwnChange(Forbidden):
    code = "own_change"


class WrongRole(Forbidden):
    code = "wrong_role"


class AlreadyDecided(DomainError):
    code = "already_decided"


def policy_in_force(name: str) -> Policy:
    """The one version that rules now. Raises NoPolicy."""
    policy = Policy.objects.filter(name=name, state=Policy.State.IN_FORCE).first()
    if policy is None:
        raise NoPolicy(f"No version of the policy {name!r} is in force. Put one in force, or choose another model.")
    return policy


@operation
def ask(*, change: ChangeRequest, actor: Actor, now: datetime) -> list[Authorisation]:
    """Ask for what the policy in force wants for this change."""
    policy = policy_in_force(change.model.policy_name)
    ruling = rule_on(policy.rules, facts_of(change))
    if ruling.decision != "ask":
        misses = "; ".join(f"{look.asked}: {look.found}" for look in ruling.failed) or "it devolves to the pipeline"
        raise RefusedByPolicy(f"{policy} asks no person about {change}: {misses}.")
    return _ask(change, policy, ruling.rule, ruling.require, now)


def _ask(
    change: ChangeRequest, policy: Policy, rule: str, wanted: list[Requirement], now: datetime
) -> list[Authorisation]:
    fingerprint = fingerprint_of(change)
    return [
        Authorisation.objects.create(
            change=change,
            point=one.point,
            role=one.role,
            quorum=one.quorum,
            policy=policy,
            rule=rule,
            fingerprint=fingerprint,
            asked_at=now,
        )
        for one in wanted
    ]


@operation
def decide(*, authorisation_id: int, decision: str, actor: Actor, now: datetime, comment: str = "") -> Authorisation:
    """Authorise, reject, or ask for more information; once a person, and only about what was seen."""
    change_id = Authorisation.objects.only("change_id").get(pk=authorisation_id).change_id
    change = ChangeRequest.objects.select_for_update().get(pk=change_id)
    authorisation = Authorisation.objects.lock(authorisation_id)
    authorisation.change = change
    _check_right(authorisation, actor)
    _check_decision(authorisation, decision, comment, actor)
    verdicts = basics.refuse_if_blocking(change, now) if decision == Verdict.AUTHORISED else []
    entry = ledger.append(
        actor=actor,
        subject=change,
        decision=decision,
        comment=comment,
        policy_version=f"{authorisation.policy}, {authorisation.rule}",
        evidence={"fingerprint": authorisation.fingerprint, "basics": [v.as_dict() for v in verdicts]},
        details={"authorisation": authorisation.number, "role": authorisation.role, "point": authorisation.point},
        at=now,
    )
    Decision.objects.create(
        authorisation=authorisation,
        by=actor.user,
        verdict=decision,
        comment=comment,
        at=now,
        ledger_sequence=entry.sequence,
    )
    _conclude(authorisation, decision, now)
    events.record("changes.authorisation.decided", authorisation, actor=actor, decision=decision)
    _move_on(change, authorisation, actor)
    return authorisation


def _check_right(authorisation: Authorisation, actor: Actor) -> None:
    if rules.is_own_change(actor, authorisation.change):
        raise OwnChange(
            f"{authorisation.change} is your own: you requested it or have a task in it. Somebody else must decide."
        )
    if not rules.holds_role(actor, authorisation):
        raise WrongRole(f"This decision belongs to the role {authorisation.get_role_display().lower()}.")


def _check_decision(authorisation: Authorisation, decision: str, comment: str, actor: Actor) -> None:
    if decision not in Verdict.values:
        raise InvalidInput.at("decision", f"Unknown decision. Known: {', '.join(Verdict.values)}.")
    if decision != Verdict.AUTHORISED and not comment.strip():
        raise InvalidInput.at("comment", "Say why, so that the requester can act on it.")
    if authorisation.state not in Authorisation.OPEN:
        raise AlreadyDecided(f"This was {authorisation.get_state_display().lower()} already.")
    final = [Verdict.AUTHORISED, Verdict.REJECTED]
    if decision in final and authorisation.decisions.filter(by=actor.user, verdict__in=final).exists():
        raise AlreadyDecided("You have decided this already; another person must complete the quorum.")


def _conclude(authorisation: Authorisation, decision: str, now: datetime) -> None:
    """The authorisation's state after one more decision; it is complete with its quorum."""
    if decision == Verdict.AUTHORISED:
        given = authorisation.decisions.filter(verdict=Verdict.AUTHORISED).count()
        state = State.AUTHORISED if given >= authorisation.quorum else State.PENDING
    else:
        state = State(decision)
    authorisation.state = state
    authorisation.decided_at = now if state in (State.AUTHORISED, State.REJECTED) else None
    authorisation.save(update_fields=["state", "decided_at"])


def _move_on(change: ChangeRequest, decided: Authorisation, actor: Actor) -> None:
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


@operation
def keep_true(*, change: ChangeRequest, actor: Actor) -> None:
    """After a change of plan: what waits is about the new plan, what was given for the old one falls."""
    fingerprint = fingerprint_of(change)
    for authorisation in change.authorisations.exclude(state=State.FALLEN).exclude(fingerprint=fingerprint):
        begun = authorisation.state == State.AUTHORISED or authorisation.decisions.exists()
        if begun:
            _fall(authorisation, actor, "The plan, the CIs or the window changed after the decision.")
            _ask_again(authorisation, fingerprint)
        else:
            authorisation.fingerprint = fingerprint
            authorisation.save(update_fields=["fingerprint"])
    if change.status in (ChangeRequest.Status.SCHEDULED, ChangeRequest.Status.BUILDING) and _waits(change):
        change.status = ChangeRequest.Status.ASSESSMENT
        change.save(update_fields=["status"])


def _waits(change: ChangeRequest) -> bool:
    return change.authorisations.filter(state__in=Authorisation.OPEN).exists()


def _ask_again(fallen: Authorisation, fingerprint: str) -> None:
    again: dict[str, Any] = {
        name: getattr(fallen, name) for name in ("change", "point", "role", "quorum", "policy", "rule")
    }
    Authorisation.objects.create(**again, fingerprint=fingerprint, asked_at=timezone.now())


@operation
def fall_all(*, change: ChangeRequest, actor: Actor, why: str) -> None:
    for authorisation in change.authorisations.exclude(state=State.FALLEN):
        _fall(authorisation, actor, why)


def _fall(authorisation: Authorisation, actor: Actor, why: str) -> None:
    was = authorisation.state
    authorisation.state = State.FALLEN
    authorisation.save(update_fields=["state"])
    if was == State.AUTHORISED:
        ledger.append(
            actor=actor,
            subject=authorisation.change,
            decision="authorisation_fell",
            comment=why,
            details={"authorisation": authorisation.number},
        )
    events.record("changes.authorisation.fell", authorisation, actor=actor, why=why)


def deciders(authorisation: Authorisation) -> list[User]:
    """Who could decide it now."""
    return list(
        User.objects.filter(is_active=True, assignments__role=authorisation.role, assignments__until__isnull=True)
        .distinct()
        .order_by("pk")
    )
