"""Append to the ledger, and verify that nobody has tampered with it.

Each entry's hash is SHA-256 over the canonical JSON (sorted keys, no spaces, UTF-8)
of all its other fields, the previous entry's hash among them.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from itsm.kernel.actor import Actor
from itsm.kernel.locks import Lock, hold
from itsm.kernel.models import LedgerEntry

GENESIS = "0" * 64
SEALED = [
    "sequence", "at", "actor", "user_id", "on_behalf_of", "subject_type", "subject_id", "subject",
    "decision", "comment", "policy_version", "evidence_digest", "details", "previous_hash",
]  # fmt: skip


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value that digests are made of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def seal(entry: LedgerEntry) -> str:
    """The hash that this entry must have."""
    fields = {name: getattr(entry, name) for name in SEALED}
    fields["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest(fields)


def append(
    *,
    actor: Actor,
    subject: Model,
    decision: str,
    comment: str = "",
    on_behalf_of: str = "",
    policy_version: str = "",
    evidence: Any = None,
    details: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> LedgerEntry:
    """Add the decision as the chain's next entry; call it inside the deciding transaction."""
    hold(Lock.LEDGER)
    last = LedgerEntry.objects.order_by("-sequence").only("sequence", "hash").first()
    entry = LedgerEntry(
        sequence=last.sequence + 1 if last else 1,
        at=at or timezone.now(),
        actor=actor.label,
        user=actor.user,
        on_behalf_of=on_behalf_of,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject=str(subject),
        decision=decision,
        comment=comment,
        policy_version=policy_version,
        evidence_digest=digest(evidence) if evidence is not None else "",
        details=json.loads(canonical(details or {})),
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = seal(entry)
    entry.save(force_insert=True)
    return entry


@dataclass(frozen=True)
class Verdict:
    """What a verification found: how many entries hold, and the first that does not."""

    examined: int
    broken_at: int | None = None
    problem: str = ""


def verify(entries: Iterator[LedgerEntry] | None = None) -> Verdict:
    """Walk the whole chain in constant memory and stop at the first broken entry."""
    expected_sequence, previous = 1, GENESIS
    for entry in entries or LedgerEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        if entry.sequence != expected_sequence:
            return Verdict(expected_sequence - 1, expected_sequence, f"entry {expected_sequence} is missing")
        if entry.previous_hash != previous:
            return Verdict(expected_sequence - 1, entry.sequence, "it does not continue the entry before it")
        if seal(entry) != entry.hash:
            return Verdict(expected_sequence - 1, entry.sequence, "its content does not match its hash")
        expected_sequence, previous = entry.sequence + 1, entry.hash
    return Verdict(expected_sequence - 1)
