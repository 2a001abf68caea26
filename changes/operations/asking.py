"""What a policy asks for a change, and whether what was given still stands."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.text import Truncator

from changes.fingerprint import fingerprint_of
from changes.models import Authorisation, ChangeRequest, Decision, Policy, PreAuthorisation
from changes.policy import Requirement, Ruling, facts_asked, rule_on
from changes.queries.facts import facts_of
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.operation import operation
from itsm.kernel.roles import Role

State = Authorisation.State
Status = ChangeRequest.Status
Place = tuple[str, str]


class NoPolicy(DomainError):
    code = "no_policy"


class RefusedByPolicy(DomainError):
    code = "refused_by_policy"


def policy_in_force(name: str) -> Policy:
    """The one version that rules now. Raises NoPolicy."""
    policy = Policy.objects.filter(name=name, state=Policy.State.IN_FORCE).first()
    if policy is None:
        raise NoPolicy(f"No version of the policy {name!r} is in force. Put one in force, or choose another model.")
    return policy


@operation
def ask(*, change: ChangeRequest, actor: Actor, now: datetime) -> list[Authorisation]:
    """Ask for what the policy in force wants for this change; a standard change may need nobody, and is scheduled."""
    policy, ruling = _ruled(change)
    fingerprint = fingerprint_of(change)
    if ruling.decision == "authorise":
        return [_pre_authorise(change, policy, ruling, fingerprint, actor, now)]
    return [_ask(change, policy, ruling.rule, one, fingerprint, now) for one in ruling.require]


@operation
def keep_true(*, change: ChangeRequest, actor: Actor, why: str) -> None:
    """After a change of plan (`why` tells which): the policy is asked anew, what was given falls, the rest follows."""
    standing = list(change.authorisations.exclude(state=State.FALLEN).prefetch_related("decisions"))
    fingerprint = fingerprint_of(change)
    if all(authorisation.fingerprint == fingerprint for authorisation in standing):
        return
    policy, ruling = _ruled(change)
    missing: dict[Place, Requirement] = {(one.point, one.role): one for one in ruling.require}
    for authorisation in standing:
        place = (authorisation.point, authorisation.role)
        if place in missing and not _begun(authorisation):
            _bring_up_to_date(authorisation, policy, ruling.rule, missing.pop(place), fingerprint)
        else:
            fall(authorisation, actor, why)
    for one in missing.values():
        _ask(change, policy, ruling.rule, one, fingerprint, timezone.now())
    if change.status in (Status.SCHEDULED, Status.BUILDING):
        ChangeRequest.LIFECYCLE.move(change, to=Status.ASSESSMENT)
        change.save(update_fields=["status"])
        events.record("changes.change_request.reassessed", change, actor=actor)
    if ruling.decision == "authorise":
        _pre_authorise(change, policy, ruling, fingerprint, actor, timezone.now())


@operation
def fall_all(*, change: ChangeRequest, actor: Actor, why: str) -> None:
    for authorisation in change.authorisations.exclude(state=State.FALLEN):
        fall(authorisation, actor, why)


def fall(authorisation: Authorisation, actor: Actor, why: str) -> None:
    was = authorisation.state
    authorisation.state, authorisation.fell_because = State.FALLEN, Truncator(why).chars(500)
    authorisation.save(update_fields=["state", "fell_because"])
    if was == State.AUTHORISED:
        ledger.append(
            actor=actor,
            subject=authorisation.change,
            decision="authorisation_fell",
            comment=why,
            details={"authorisation": authorisation.number, "role": authorisation.role},
        )
    events.record("changes.authorisation.fell", authorisation, actor=actor, why=why, was=str(was))


def _ruled(change: ChangeRequest) -> tuple[Policy, Ruling]:
    """The policy that rules now and its ruling: it asks people, or nobody about a standard change.

    Raises NoPolicy, RefusedByPolicy.
    """
    policy = policy_in_force(change.model.policy_name)
    ruling = rule_on(policy.rules, facts_of(change, facts_asked(policy.rules)))
    nobody = ruling.decision == "authorise" and change.model.pre_authorised
    if ruling.decision != "ask" and not nobody:
        misses = "; ".join(f"{look.asked}: {look.found}" for look in ruling.failed) or "it devolves to the pipeline"
        raise RefusedByPolicy(f"{policy} asks no person about {change}: {misses}.")
    return policy, ruling


def _pre_authorise(
    change: ChangeRequest, policy: Policy, ruling: Ruling, fingerprint: str, actor: Actor, now: datetime
) -> Authorisation:
    """The word that was given for all changes of the model, written down for this one; it is scheduled."""
    given = change.model.pre_authorisations.filter(state=PreAuthorisation.State.APPROVED).first()
    by = f"{change.model} is pre-authorised{f' by {given.number}' if given else ''}."
    asked: Authorisation = Authorisation.objects.create(
        change=change, role=Role.CHANGE_MANAGER, state=State.AUTHORISED, policy=policy, rule=ruling.rule,
        fingerprint=fingerprint, asked_at=now, decided_at=now,
    )  # fmt: skip
    entry = ledger.append(
        actor=actor, subject=change, decision="pre_authorised", comment=by, policy_version=f"{policy}, {ruling.rule}",
        evidence={"fingerprint": fingerprint},
        details={"looked": [look.as_dict() for look in ruling.looked], "model": change.model.code}, at=now,
    )  # fmt: skip
    Decision.objects.create(
        authorisation=asked, by=None, verdict=Decision.Verdict.AUTHORISED, comment=by, at=now,
        ledger_sequence=entry.sequence,
    )  # fmt: skip
    ChangeRequest.LIFECYCLE.move(change, to=Status.SCHEDULED)
    change.save(update_fields=["status"])
    events.record("changes.change_request.scheduled", change, actor=actor)
    return asked


def _ask(
    change: ChangeRequest, policy: Policy, rule: str, one: Requirement, fingerprint: str, now: datetime
) -> Authorisation:
    asked: Authorisation = Authorisation.objects.create(
        change=change,
        point=one.point,
        role=one.role,
        quorum=one.quorum,
        policy=policy,
        rule=rule,
        fingerprint=fingerprint,
        asked_at=now,
        due_at=_due(one, now),
    )
    return asked


def _due(one: Requirement, asked_at: datetime) -> datetime | None:
    return asked_at + timedelta(hours=one.within_hours) if one.within_hours else None


def _begun(authorisation: Authorisation) -> bool:
    """Whether somebody has decided already (be it one of several, or with a question)."""
    return authorisation.state == State.AUTHORISED or bool(authorisation.decisions.all())


def _bring_up_to_date(
    authorisation: Authorisation, policy: Policy, rule: str, one: Requirement, fingerprint: str
) -> None:
    """Nobody has decided yet: the same authorisation asks about the new plan; who read the old one is stale."""
    authorisation.policy, authorisation.rule, authorisation.quorum = policy, rule, one.quorum
    authorisation.fingerprint = fingerprint
    authorisation.due_at = _due(one, authorisation.asked_at)
    authorisation.save(update_fields=["policy", "rule", "quorum", "fingerprint", "due_at"])
