"""Earned devolution: granted by a person on a record that holds, revoked at the next request at which it does not."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from changes.models import ChangeModel
from changes.policy import Fact
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import DeliveryStream, Devolution
from transition.queries.devolutions import Held, held_against, standing_for
from transition.queries.gate_facts import Question
from transition.queries.records import record_of
from transition.rules import operation as rules

PROGRAM = Actor.system("pipeline gate")
FIX = "A change manager grants it once the record holds; until then people decide."


class RecordDoesNotHold(DomainError):
    code = "record_does_not_hold"


class AlreadyGranted(DomainError):
    code = "already_granted"


@operation
def grant(
    *,
    stream_id: int,
    actor: Actor,
    now: datetime,
    days: int = 30,
    min_deployments: int = 5,
    max_failed_percent: Decimal = Decimal(15),
) -> Devolution:
    """Let the pipeline of this stream decide alone, on these terms, if its record holds them now."""
    stream = DeliveryStream.objects.select_related("plan__service__ci", "change_model").lock(stream_id)
    require(rules.may_devolve, actor, stream)
    if stream.kind != DeliveryStream.Kind.CODE or stream.change_model is None:
        raise InvalidInput.at("stream", f"{stream.display} is no code stream with a change model.")
    criticality = stream.plan.service.ci.criticality
    if known := standing_for(stream.pk, stream.change_model.pk, criticality):
        raise AlreadyGranted(f"{known.number} stands already. Revoke it first.")
    _check_terms(days, min_deployments, max_failed_percent)
    asked = Devolution(
        stream=stream, change_model=stream.change_model, criticality=criticality, days=days,
        min_deployments=min_deployments, max_failed_percent=max_failed_percent, granted_by=actor.user,
        granted_at=now, grant_entry=0,
    )  # fmt: skip
    held = held_against(asked, record_of(stream.plan.service_id, now, asked.days))
    if not held.holds:
        raise RecordDoesNotHold(f"The record does not hold the terms: {held.why}. Let people decide until it does.")
    asked.granted_on = asdict(held.record)
    asked.save(force_insert=True)
    asked.grant_entry = _in_ledger(asked, "devolution_granted", held, actor, now)
    asked.save(update_fields=["grant_entry"])
    events.record("transition.devolution.granted", asked, actor=actor)
    return asked


def _check_terms(days: int, least: int, most: Decimal) -> None:
    if not 1 <= days <= 365:
        raise InvalidInput.at("days", "Between 1 and 365 days.")
    if not 1 <= least <= 10_000:
        raise InvalidInput.at("min_deployments", "Between 1 and 10,000: a record of nothing earns nothing.")
    if not 0 <= most <= 100:
        raise InvalidInput.at("max_failed_percent", "Between 0 and 100.")


@operation
def revoke(*, devolution_id: int, reason: str, actor: Actor, now: datetime) -> Devolution:
    """A person takes it back."""
    devolution = Devolution.objects.select_related("stream__plan").lock(devolution_id)
    require(rules.may_devolve, actor, devolution.stream)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it is taken back.")
    held = held_against(devolution, record_of(devolution.stream.plan.service_id, now, devolution.days))
    return _revoke(devolution, reason.strip(), held, actor, now)


def ask(*, question: Question, model: ChangeModel) -> Fact:
    """Part of a request to deploy: whether the pipeline may decide alone. What no longer holds is revoked here."""
    stream, criticality = question.standing.stream, question.service.ci.criticality
    assert stream is not None
    where = f"{stream.display}, {model}, criticality {criticality}"
    devolution = question.standing.devolution
    if devolution is None:
        return Fact(False, f"not granted for {where}", FIX)
    held = held_against(devolution, question.record(devolution.days))
    if held.holds:
        return Fact(True, f"{devolution.number} holds for {where}: {held.record.sentence}")
    locked = Devolution.objects.select_related("stream__plan").lock(devolution.pk)
    if locked.state == Devolution.State.GRANTED:
        _revoke(locked, f"{question.deployment.number} asked, and {held.why}", held, PROGRAM, question.now)
    return Fact(False, f"{devolution.number} was revoked for {where}: {held.why}", FIX)


def _revoke(devolution: Devolution, because: str, held: Held, actor: Actor, now: datetime) -> Devolution:
    Devolution.LIFECYCLE.move(devolution, to=Devolution.State.REVOKED)
    devolution.revoked_at, devolution.revoked_by = now, actor.user
    devolution.revoked_because = because[:300]
    devolution.revoke_entry = _in_ledger(devolution, "devolution_revoked", held, actor, now)
    devolution.save(update_fields=["state", "revoked_at", "revoked_by", "revoked_because", "revoke_entry"])
    events.record("transition.devolution.revoked", devolution, actor=actor, why=devolution.revoked_because)
    return devolution


def _in_ledger(devolution: Devolution, decision: str, held: Held, actor: Actor, now: datetime) -> int:
    details: dict[str, Any] = {
        "stream": devolution.stream.number, "model": devolution.change_model.code,
        "criticality": devolution.criticality, "terms": devolution.terms, "record": asdict(held.record),
    }  # fmt: skip
    comment = devolution.revoked_because or held.record.sentence
    entry = ledger.append(
        actor=actor, subject=devolution, decision=decision, comment=comment, evidence=details, details=details, at=now
    )
    return int(entry.sequence)
