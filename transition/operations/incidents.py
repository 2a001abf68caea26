"""Incidents: reported, their suspects ranked, their cause decided by a person, resolved."""

from datetime import datetime
from typing import Any

from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem, Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.correlation import rank as ranked
from transition.models import Incident, Suspect
from transition.queries.incidents import candidates_of, in_early_life
from transition.rules import operation as rules

Cause = Incident.Cause


class NotASuspect(DomainError):
    code = "not_a_suspect"


@operation
def report(
    *,
    title: str,
    opened_at: datetime,
    actor: Actor,
    service: Service | None = None,
    ci: ConfigurationItem | None = None,
    priority: int = 3,
    **details: Any,
) -> Incident:
    """Write down what broke; it is heightened while its service is in early life."""
    require(rules.may_report, actor, None)
    if service is None and ci is None:
        raise InvalidInput.at("service", "Name the service or the CI that is concerned.")
    if not 1 <= priority <= 5:
        raise InvalidInput.at("priority", "From 1 (highest) to 5.")
    incident = Incident.objects.create(
        title=title, opened_at=opened_at, service=service, ci=ci, priority=priority, reported_by=actor.user,
        heightened=service is not None and in_early_life(service, opened_at.date()), **details,
    )  # fmt: skip
    events.record("transition.incident.reported", incident, actor=actor)
    return incident


@operation
def rank(*, incident_id: int, actor: Actor) -> list[Suspect]:
    """Name the changes that may have caused it; what a person has decided stays."""
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    scores = ranked(candidates_of(incident), incident.opened_at)
    decided = set(incident.suspects.exclude(verdict=Suspect.Verdict.OPEN).values_list("change_id", flat=True))
    incident.suspects.filter(verdict=Suspect.Verdict.OPEN).exclude(change__in=[s.change_id for s in scores]).delete()
    Suspect.objects.bulk_create(
        [
            Suspect(incident=incident, change_id=s.change_id, score=s.score, reasons=s.reasons)
            for s in scores
            if s.change_id not in decided
        ],
        update_conflicts=True,
        unique_fields=["incident", "change"],
        update_fields=["score", "reasons"],
    )
    return list(incident.suspects.order_by("-score", "pk"))


@operation
def confirm_cause(*, incident_id: int, change: ChangeRequest, actor: Actor) -> Incident:
    """Say that this change did it."""
    incident = Incident.objects.lock(incident_id)
    require(rules.may_decide_cause, actor, incident)
    incident.cause, incident.caused_by, incident.cause_decided_by = Cause.CHANGE, change, actor.user
    incident.save(update_fields=["cause", "caused_by", "cause_decided_by"])
    Suspect.objects.update_or_create(
        incident=incident,
        change=change,
        defaults={"verdict": Suspect.Verdict.CONFIRMED},
        create_defaults={"verdict": Suspect.Verdict.CONFIRMED, "score": 0, "reasons": ["named by a person"]},
    )
    events.record("transition.incident.cause_confirmed", incident, actor=actor, change=change.pk)
    return incident


@operation
def dismiss_cause(*, incident_id: int, actor: Actor, change: ChangeRequest | None = None) -> Incident:
    """Say that this change did not do it; without a change, that no change did."""
    incident = Incident.objects.lock(incident_id)
    require(rules.may_decide_cause, actor, incident)
    suspects = incident.suspects.filter(change=change) if change else incident.suspects.all()
    if change is not None and not suspects.exists():
        raise NotASuspect(f"{change} is no suspect of {incident}.")
    suspects.update(verdict=Suspect.Verdict.DISMISSED)
    if change is None or incident.caused_by_id == change.pk:
        incident.cause = Cause.NOT_A_CHANGE if change is None else Cause.UNDECIDED
        incident.caused_by, incident.cause_decided_by = None, actor.user
        incident.save(update_fields=["cause", "caused_by", "cause_decided_by"])
    events.record("transition.incident.cause_dismissed", incident, actor=actor, change=change.pk if change else None)
    return incident


@operation
def resolve(*, incident_id: int, actor: Actor, now: datetime) -> Incident:
    incident = Incident.objects.lock(incident_id)
    require(rules.may_resolve, actor, incident)
    Incident.LIFECYCLE.move(incident, to=Incident.State.RESOLVED)
    incident.resolved_at = max(now, incident.opened_at)
    incident.save(update_fields=["state", "resolved_at"])
    events.record("transition.incident.resolved", incident, actor=actor)
    return incident
