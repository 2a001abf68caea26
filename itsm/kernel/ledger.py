"""Append to the ledger, and verify that nobody has tampered with it.

Each entry's hash is SHA-256 over the canonical JSON (RFC 8785, see `canonical`) of all its other
fields, the previous entry's hash among them.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from itsm.kernel import rows
from itsm.kernel.actor import Actor
from itsm.kernel.canonical import canonical, digest, instant
from itsm.kernel.locks import Lock, hold_and_ask
from itsm.kernel.models import LedgerEntry

__all__ = ["GENESIS", "Verdict", "append", "canonical", "digest", "head", "seal", "verify"]

GENESIS = "0" * 64
SEALED = [
    "sequence", "at", "actor", "user_id", "on_behalf_of", "subject_type", "subject_id", "subject",
    "decision", "comment", "policy_version", "evidence_digest", "details", "previous_hash",
]  # fmt: skip
CHUNK = 2000
HEAD = "SELECT sequence, hash FROM kernel_ledgerentry ORDER BY sequence DESC LIMIT 1"


def seal(entry: LedgerEntry) -> str:
    """The hash that this entry must have."""
    return _sealed({name: getattr(entry, name) for name in SEALED})


def _sealed(fields: dict[str, Any]) -> str:
    return digest({**fields, "at": instant(fields["at"])})


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
    last, previous_hash = hold_and_ask(Lock.LEDGER, HEAD) or (0, GENESIS)
    entry = LedgerEntry(
        sequence=last + 1,
        at=at or timezone.now(),
        actor=actor.label,
        user=actor.user,
        on_behalf_of=on_behalf_of,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject=str(subject)[:100],
        decision=decision,
        comment=comment,
        policy_version=policy_version,
        evidence_digest=digest(evidence) if evidence is not None else "",
        details=json.loads(canonical(details or {})),
        previous_hash=previous_hash,
    )
    entry.hash = seal(entry)
    rows.write(entry)
    return entry


def head() -> tuple[int, str]:
    """The last entry's number and hash; what a chain without entries begins from otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(HEAD)
        return cursor.fetchone() or (0, GENESIS)


@dataclass(frozen=True)
class Verdict:
    """What a verification found: how many entries hold, up to which one, and the first that does not."""

    examined: int
    upto: int = 0
    broken_at: int | None = None
    problem: str = ""

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def verify(*, after: int = 0, limit: int | None = None, progress: Callable[[int], None] = lambda upto: None) -> Verdict:
    """Walk the chain in constant memory and stop at the first broken entry.

    A long walk may be taken in parts: `limit` ends this one, and the next goes on `after` its `upto`.
    """
    previous = _hash_of(after)
    if previous is None:
        return Verdict(0, after, after, "it is missing")
    expected = after + 1
    for *values, own_hash in _walk(after, limit):
        fields = dict(zip(SEALED, values, strict=True))
        if problem := _problem_of(fields, own_hash, expected, previous):
            return Verdict(expected - 1 - after, expected - 1, expected, problem)
        if expected % CHUNK == 0:
            progress(expected)
        expected, previous = expected + 1, own_hash
    return Verdict(expected - 1 - after, expected - 1)


def _problem_of(fields: dict[str, Any], own_hash: str, expected: int, previous: str) -> str:
    if fields["sequence"] != expected:
        return "it is missing"
    if fields["previous_hash"] != previous:
        return "it does not continue the entry before it"
    try:
        fits = _sealed(fields) == own_hash
    except (ValueError, TypeError):  # what no entry was ever made of
        fits = False
    return "" if fits else "its content does not match its hash"


def _hash_of(sequence: int) -> str | None:
    if sequence <= 0:
        return GENESIS
    return LedgerEntry.objects.filter(pk=sequence).values_list("hash", flat=True).first()


def _walk(after: int, limit: int | None) -> Iterator[tuple[Any, ...]]:
    """Rows in order, a chunk at a time: no long transaction, no cursor that the server must keep."""
    left = limit
    while left is None or left > 0:
        rows = LedgerEntry.objects.filter(sequence__gt=after).order_by("sequence").values_list(*SEALED, "hash")
        chunk = list(rows[: CHUNK if left is None else min(left, CHUNK)])
        if not chunk:
            return
        yield from chunk
        after = chunk[-1][0]
        left = None if left is None else left - len(chunk)
