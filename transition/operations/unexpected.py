"""An incident that a change caused where nobody expected it shows that the CMDB lacks a relation."""

from datetime import datetime

from cmdb.models import ConfigurationItem, Relation, RelationProposal
from cmdb.operations import relation_proposals
from cmdb.queries.impact import reach
from itsm.kernel.actor import Actor
from itsm.kernel.operation import operation
from transition.models import Incident
from transition.queries.deltas import Prediction, hit_by, prediction_of


@operation
def propose_missing(*, incident_id: int, actor: Actor) -> RelationProposal | None:
    """Propose the relation that would have predicted the incident; None where it was predicted.

    Where only redundancy stands between the two no relation is missing: the group did not hold. Everybody reads
    proposals, so that nothing confidential is evidence for one.
    """
    incident = Incident.objects.select_related("caused_by", "ci", "service__ci").get(pk=incident_id)
    change, ci = incident.caused_by, hit_by(incident)
    if change is None or ci is None or incident.cause != Incident.Cause.CHANGE:
        return None
    if incident.confidential or change.confidential:
        return None
    prediction = prediction_of(change)
    if not prediction.touched or ci.pk in prediction.expected or ci.pk in reach(prediction.touched, groups="pass"):
        return None
    target = _likeliest(prediction)
    return relation_proposals.propose(
        source=ci,
        target=target,
        type=Relation.Type.DEPENDS_ON,
        evidence=incident.number,
        why=f"{incident.number} on {ci} was caused by {change.number}, which touched {_touched(prediction, target)}. "
        f"By the CMDB {ci} was out of its reach.",
        actor=actor,
    )


@operation
def withdraw(*, incident_id: int, actor: Actor, now: datetime) -> None:
    """The incident was no such evidence: what it proposed and nobody decided falls."""
    incident = Incident.objects.get(pk=incident_id)
    if incident.cause == Incident.Cause.CHANGE:
        return
    waiting = RelationProposal.objects.filter(evidence=incident.number, state=RelationProposal.State.OPEN)
    for proposal in waiting.order_by("pk"):
        reason = f"{incident.number} is no longer put down to that change."
        relation_proposals.dismiss(proposal_id=proposal.pk, actor=actor, now=now, reason=reason)


def _likeliest(prediction: Prediction) -> ConfigurationItem:
    """Of what was touched, the most critical; whoever accepts may name another."""
    touched = ConfigurationItem.objects.filter(pk__in=prediction.touched).order_by("-criticality", "pk")
    return touched[0]


def _touched(prediction: Prediction, target: ConfigurationItem) -> str:
    others = len(prediction.touched) - 1
    return f"{target}" + (f" and {others} more" if others else "")
