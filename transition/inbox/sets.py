"""What is applied to many events at once: commits with the requirements they name, and proofs."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from psycopg2.extras import execute_values

from cmdb.models import Service
from itsm.kernel import ledger
from itsm.kernel.errors import Forbidden
from transition.inbox.outcomes import Outcome
from transition.inbox.places import Places
from transition.models import CodeCommit, Deployment, Evidence, PipelineEvent, PipelineProof, Requirement
from transition.pipeline.signals import Code, Proof, Signal

Pairs = list[tuple[PipelineEvent, Signal]]
NUMBER = re.compile(r"\bREQ-(\d{1,18})\b", re.I)
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]|[A-Za-z0-9]")
COMMITS = """
INSERT INTO transition_codecommit (service_id, sha, at, text) VALUES %s
ON CONFLICT (service_id, sha) DO UPDATE SET at = coalesce(transition_codecommit.at, EXCLUDED.at)
RETURNING id, service_id, sha
"""


def apply(pairs: Pairs, places: Places) -> dict[int, Outcome]:
    """What came of each event, by its id. A few statements, however many events there are."""
    outcomes: dict[int, Outcome] = {}
    placed: list[tuple[PipelineEvent, Signal, Service]] = []
    for event, signal in pairs:
        outcome = outcomes[event.pk] = Outcome()
        service = places.service(event, signal)
        if service is None:
            outcome.note(f"No service is known by {', '.join(signal.names[:4]) or 'any name'}.")
            continue
        try:
            places.may_tell(event, service)
        except Forbidden as refusal:
            outcome.note(refusal.message)
            continue
        outcome.service = service.pk
        placed.append((event, signal, service))
    _codes([(e, s, service) for e, s, service in placed if isinstance(s, Code)], outcomes)
    _proofs([(e, s, service) for e, s, service in placed if isinstance(s, Proof)], outcomes)
    return outcomes


def _codes(said: list[tuple[PipelineEvent, Code, Service]], outcomes: dict[int, Outcome]) -> None:
    rows: dict[tuple[int, str], tuple[Any, str]] = {}
    for _, code, service in said:
        for commit in code.commits:
            before = rows.get((service.pk, commit.sha))
            rows[service.pk, commit.sha] = (commit.at or (before or (None, ""))[0], commit.text[:300])
    ids = _keep_commits(rows)
    named = _Requirements({service.pk for _, _, service in said})
    links = set()
    for event, code, service in said:
        whole = named.in_text(service.pk, code.text)
        found = set(whole)
        for commit in code.commits:
            own = whole | named.in_text(service.pk, commit.text)
            found |= own
            links |= {(ids[service.pk, commit.sha], pk) for pk in own}
        _say(outcomes[event.pk], code, [named.label[pk] for pk in sorted(found)])
    through = CodeCommit.requirements.through
    through.objects.bulk_create(
        [through(codecommit_id=commit, requirement_id=requirement) for commit, requirement in sorted(links)],
        ignore_conflicts=True,
    )


def _say(outcome: Outcome, code: Code, requirements: list[str]) -> None:
    count = len(code.commits)
    if count:
        outcome.add(f"{count} commit{'' if count == 1 else 's'} kept.")
    if requirements:
        outcome.add(f"Names {', '.join(requirements[:20])}.")


def _keep_commits(rows: dict[tuple[int, str], tuple[Any, str]]) -> dict[tuple[int, str], int]:
    if not rows:
        return {}
    values = [(service, sha, at, text) for (service, sha), (at, text) in sorted(rows.items())]
    with connection.cursor() as cursor:
        kept = execute_values(
            cursor.cursor, COMMITS, values, "(%s, %s, %s::timestamptz, %s)", page_size=len(values), fetch=True
        )
    return {(service, sha): pk for pk, service, sha in kept}


class _Requirements:
    """The requirements of some services, found in texts by number (REQ-7) or by a code of more than a letter."""

    def __init__(self, services: Iterable[int]):
        self.label: dict[int, str] = {}
        self.by_code: dict[int, dict[str, int]] = defaultdict(dict)
        self.of: dict[int, set[int]] = defaultdict(set)
        known = Requirement.objects.filter(plan__service__in=services).exclude(status=Requirement.Status.WITHDRAWN)
        for pk, code, service in known.values_list("pk", "code", "plan__service"):
            self.label[pk] = f"REQ-{pk} {code}"
            self.of[service].add(pk)
            if len(code) > 2 and not code.isalpha():
                self.by_code[service][code.lower()] = pk

    def in_text(self, service: int, text: str) -> set[int]:
        numbers = {int(number) for number in NUMBER.findall(text)} & self.of[service]
        codes = self.by_code[service]
        words = {word.lower() for word in WORD.findall(text)} if codes else set()
        return numbers | {codes[word] for word in words if word in codes}


def _proofs(said: list[tuple[PipelineEvent, Proof, Service]], outcomes: dict[int, Outcome]) -> None:
    """Kept for the deployment that will name the run; added at once to those that have."""
    if not said:
        return
    proofs = [
        PipelineProof(
            event=event, service=service, kind=proof.kind, name=proof.name[:120], outcome=proof.outcome[:20],
            environment=proof.environment[:300], runs=[run[:500] for run in proof.runs], at=proof.at,
        )
        for event, proof, service in said
    ]  # fmt: skip
    PipelineProof.objects.bulk_create(proofs)
    by_run = defaultdict(list)
    runs = {run for proof in proofs for run in proof.runs}
    asked = Deployment.objects.filter(service__in={s.pk for _, _, s in said}, pipeline_run__in=runs)
    for deployment in asked.order_by("pk"):
        by_run[deployment.service_id, deployment.pipeline_run].append(deployment)
    added = []
    for proof, (event, *_) in zip(proofs, said, strict=True):
        outcome = outcomes[event.pk].add(f"Kept as evidence: {proof.kind} {proof.name}, {verdict(proof.outcome)}.")
        for run in proof.runs:
            for deployment in by_run[proof.service_id, run]:
                added.append(evidence_of(proof, deployment))
                outcome.add("Added to the evidence of", deployment)
    Evidence.objects.bulk_create(added)


def verdict(outcome: str) -> str:
    return {"success": "passed", "failure": "failed"}.get(outcome, f"inconclusive ({outcome})")


def evidence_of(proof: PipelineProof, deployment: Deployment) -> Evidence:
    piece = proof.as_evidence
    return Evidence(deployment=deployment, kind=proof.kind, name=proof.name, figures=piece, digest=ledger.digest(piece))
