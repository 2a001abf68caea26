"""A deployment that is asked for after its pipeline told of tests and commits gets what was told."""

from typing import Any

from django.db import transaction

from transition.inbox.sets import evidence_of
from transition.models import CodeCommit, Deployment, Evidence, PipelineProof
from transition.pipeline.cloudevents import instant

LONGEST_SHA = 64


@transaction.atomic
def complete(deployment_id: int) -> None:
    """The proofs of its run become its evidence; the times of its commits, where it says them, are kept."""
    deployment = Deployment.objects.get(pk=deployment_id)
    if deployment.pipeline_run:
        proofs = PipelineProof.objects.filter(
            service=deployment.service_id, runs__contains=[deployment.pipeline_run[:500]]
        ).order_by("pk")
        known = set(deployment.evidence.values_list("digest", flat=True))
        added = [evidence_of(proof, deployment) for proof in proofs]
        Evidence.objects.bulk_create([piece for piece in added if piece.digest not in known])
    _keep_times(deployment)


def _keep_times(deployment: Deployment) -> None:
    said = [(str(c.get("sha", ""))[:LONGEST_SHA], _at(c)) for c in deployment.commits if isinstance(c, dict)]
    CodeCommit.objects.bulk_create(
        [CodeCommit(service_id=deployment.service_id, sha=sha, at=at) for sha, at in said if sha and at],
        ignore_conflicts=True,
    )


def _at(commit: dict[str, Any]) -> Any:
    return instant(commit.get("at"))
