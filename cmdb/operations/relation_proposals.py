"""Relations that are missing, proposed with their evidence, and what people make of them."""

from datetime import datetime

import pghistory

from cmdb import rules
from cmdb.models import ConfigurationItem, Relation, RelationProposal
from cmdb.operations import relations
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

State = RelationProposal.State


@operation
def propose(
    *, source: ConfigurationItem, target: ConfigurationItem, type: str, evidence: str, why: str, actor: Actor
) -> RelationProposal:
    """Say that a relation is missing; the same evidence says so of a CI once."""
    require(rules.may_edit_ci, actor, source)
    proposal, new = RelationProposal.objects.get_or_create(
        evidence=evidence, source=source, defaults={"target": target, "type": type, "why": why}
    )
    if new:
        events.record("cmdb.relation_proposal.proposed", proposal, actor=actor)
    return proposal


@operation
def accept(
    *,
    proposal_id: int,
    actor: Actor,
    now: datetime,
    type: str | None = None,
    target: ConfigurationItem | None = None,
    reason: str = "",
) -> RelationProposal:
    """Add the relation, or a better one from the same CI; its history names the evidence."""
    proposal = RelationProposal.objects.select_related("source", "target").lock(proposal_id)
    require(rules.may_decide_relation, actor, proposal)
    RelationProposal.LIFECYCLE.move(proposal, to=State.ACCEPTED)
    proposal.type, proposal.target = type or proposal.type, target or proposal.target
    if proposal.type not in (*Relation.IMPACT_AGAINST, *Relation.IMPACT_ALONG):
        raise InvalidInput.at("type", "No impact runs by such a relation, so it would explain nothing.")
    with pghistory.context(reason=" ".join(filter(None, [reason, f"Evidence: {proposal.evidence}."]))):
        proposal.relation = relations.relate(
            source=proposal.source, type=proposal.type, target=proposal.target, actor=actor
        )
        _decide(proposal, actor, now, reason)
    events.record("cmdb.relation_proposal.accepted", proposal, actor=actor, relation=proposal.relation.pk)
    return proposal


@operation
def dismiss(*, proposal_id: int, actor: Actor, now: datetime, reason: str) -> RelationProposal:
    """Say that there is no such relation, and why the evidence misleads."""
    proposal = RelationProposal.objects.lock(proposal_id)
    require(rules.may_decide_relation, actor, proposal)
    RelationProposal.LIFECYCLE.move(proposal, to=State.DISMISSED)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why, for whoever meets the next such incident.")
    _decide(proposal, actor, now, reason)
    events.record("cmdb.relation_proposal.dismissed", proposal, actor=actor)
    return proposal


def _decide(proposal: RelationProposal, actor: Actor, now: datetime, reason: str) -> None:
    proposal.decided_by, proposal.decided_at, proposal.reason = actor.user, now, reason
    proposal.save(update_fields=["state", "type", "target", "relation", "decided_by", "decided_at", "reason"])
