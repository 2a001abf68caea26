"""Incidents: reported, their suspects ranked, their cause decided by a person, resolved."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

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
BEGUN = (ChangeRequest.Status.IMPLEMENTING, ChangeRequest.Status.REVIEW, ChangeRequest.Status.CLOSED)


class NotASuspect(DomainError):
    code = "not_a_suspect"


class NeverBegan(DomainError):
    """A change that nobody began cannot have broken anything."""

    code = "change_never_began"


class CauseDecided(DomainError):
    code = "cause_decided"


class KnownAlready(DomainError):
    code = "incident_known"


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
    incident = Incident(
        title=title, opened_at=opened_at, service=service, ci=ci, priority=priority, reported_by=actor.user,
        heightened=service is not None and in_early_life(service, opened_at.date()), **details,
    )  # fmt: skip
    _write_once(incident)
    events.record("transition.incident.reported", incident, actor=actor)
    return incident


def _write_once(incident: Incident) -> None:
    """A tool that reports the same ticket again is told which incident that is."""
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
    except IntegrityError as error:
        known = Incident.objects.filter(source=incident.source, external_key=incident.external_key).first()
        if known is None or not incident.external_key:
            raise
        raise KnownAlready(f"{incident.external_key} is {known.number} already.") from error


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
    """Say that this change did it; another that was said to have done it must be dismissed first."""
    incident = Incident.objects.select_related("caused_by", "service").lock(incident_id)
    require(rules.may_decide_cause, actor, incident)
    if incident.cause == Cause.CHANGE and incident.caused_by_id != change.pk:
        raise CauseDecided(f"{incident} was put down to {incident.caused_by}. Dismiss that first.")
    begun = Q(started_at__isnull=False) | Q(status__in=BEGUN)
    if not ChangeRequest.objects.filter(begun, pk=change.pk).exists():
        raise NeverBegan(f"{change} never began, so it cannot have caused {incident}.")
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
    incident = Incident.objects.select_related("caused_by", "service").lock(incident_id)
    require(rules.may_decide_cause, actor, incident)
    if change is None:
        _no_change_did(incident)
    elif not incident.suspects.filter(change=change).update(verdict=Suspect.Verdict.DISMISSED):
        raise NotASuspect(f"{change} is no suspect of {incident}.")
    elif incident.caused_by_id == change.pk:
        incident.cause, incident.caused_by = Cause.UNDECIDED, None
    incident.cause_decided_by = actor.user if incident.cause != Cause.UNDECIDED else None
    incident.save(update_fields=["cause", "caused_by", "cause_decided_by"])
    events.record("transition.incident.cause_dismissed", incident, actor=actor, change=change.pk if change else None)
    return incident


def _no_change_did(incident: Incident) -> None:
    if incident.cause == Cause.CHANGE:
        raise CauseDecided(f"{incident} was put down to {incident.caused_by}. Dismiss that first.")
    incident.suspects.update(verdict=Suspect.Verdict.DISMISSED)
    incident.cause = Cause.NOT_A_CHANGE


@operation
def resolve(*, incident_id: int, actor: Actor, now: datetime) -> Incident:
    incident = Incident.objects.lock(incident_id)
    require(rules.may_resolve, actor, incident)
    Incident.LIFECYCLE.move(incident, to=Incident.State.RESOLVED)
    incident.resolved_at = max(now, incident.opened_at)
    incident.save(update_fields=["state", "resolved_at"])
    events.record("transition.incident.resolved", incident, actor=actor)
    return incident


@operation
def add_link(*, incident_id: int, link: str, actor: Actor) -> Incident:
    """Where another tool keeps its ticket; noted once."""
    incident: Incident = Incident.objects.lock(incident_id)
    require(rules.may_resolve, actor, incident)
    if link not in incident.text:
        incident.text = f"{incident.text}\n{link}".strip()
        incident.save(update_fields=["text"])
        events.record("transition.incident.linked", incident, actor=actor)
    return incident
