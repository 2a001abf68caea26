"""Signed checkpoints of the ledger: kept elsewhere, they find a chain that was rewritten as a whole.

A checkpoint says "entry N had this hash at that time", signed with Ed25519. Whoever can write to the
database can make a new chain that verifies, but no signature for it: the key is not in the database.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from itsm.kernel import ledger
from itsm.kernel.canonical import canonical, instant
from itsm.kernel.errors import DomainError
from itsm.kernel.models import LedgerCheckpoint, LedgerEntry

PURPOSE = "slipway ledger checkpoint"
SIGNED = ("sequence", "hash", "at", "key")


class KeyMissing(DomainError):
    code = "ledger_key_missing"


class CheckpointUnreadable(DomainError):
    code = "checkpoint_unreadable"


class NothingToSign(DomainError):
    code = "ledger_empty"


def make_key() -> str:
    """A new private key as PEM text."""
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()  # fmt: skip


def own_key() -> Ed25519PrivateKey:
    """The key of LEDGER_KEY. Raises KeyMissing."""
    if not settings.LEDGER_KEY:
        raise KeyMissing(
            "LEDGER_KEY is not set. Make a key with `manage.py ledger_key FILE` and set LEDGER_KEY_FILE to its path."
        )
    return key_of(settings.LEDGER_KEY)


def key_of(text: str) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(text.encode(), password=None)
    except ValueError as error:
        raise KeyMissing("LEDGER_KEY is no private key in PEM form; `manage.py ledger_key FILE` makes one.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing("LEDGER_KEY is no Ed25519 key; `manage.py ledger_key FILE` makes one.")
    return key


def read_public_key(text: str) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(text.encode())
    except ValueError as error:
        raise KeyMissing("This is no public key in PEM form.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyMissing("This is no Ed25519 key.")
    return key


def public_pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()  # fmt: skip


def name_of(key: Ed25519PublicKey) -> str:
    """The start of the key's SHA-256: says which key signed, once keys have been changed."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def make() -> LedgerCheckpoint:
    """Sign what the last entry is now, and keep it. Raises KeyMissing, NothingToSign."""
    key = own_key()
    sequence, own_hash = ledger.head()
    if not sequence:
        raise NothingToSign("The ledger has no entry yet; there is nothing to sign.")
    now = timezone.now()
    signed = {"sequence": sequence, "hash": own_hash, "at": instant(now), "key": name_of(key.public_key())}
    signature = base64.b64encode(key.sign(_message(signed))).decode()
    checkpoint = LedgerCheckpoint(**{**signed, "at": now}, signature=signature)
    checkpoint.save(force_insert=True)
    return checkpoint


def exported(checkpoint: LedgerCheckpoint) -> dict[str, Any]:
    """What is kept elsewhere, and read again by `read`."""
    return {
        "sequence": checkpoint.sequence,
        "hash": checkpoint.hash,
        "at": instant(checkpoint.at),
        "key": checkpoint.key,
        "signature": checkpoint.signature,
    }


def read(text: str) -> dict[str, Any]:
    """An exported checkpoint. Raises CheckpointUnreadable."""
    try:
        found = json.loads(text)
        checkpoint = {name: found[name] for name in (*SIGNED, "signature")}
        well_formed = isinstance(checkpoint["sequence"], int) and checkpoint["sequence"] > 0
    except (ValueError, KeyError, TypeError):
        well_formed = False
    if not well_formed:
        raise CheckpointUnreadable("This is no checkpoint: it must be what `manage.py ledger_checkpoint` printed.")
    return checkpoint


def with_present_hash() -> QuerySet[LedgerCheckpoint]:
    """Checkpoints with `present`, the hash that their entry has now."""
    entry = LedgerEntry.objects.filter(pk=OuterRef("sequence")).values("hash")
    return LedgerCheckpoint.objects.annotate(present=Subquery(entry))


def holds(checkpoint: Any) -> bool | None:
    """Whether a checkpoint of `with_present_hash` is signed with our key and still true; None without a key."""
    if not settings.LEDGER_KEY:
        return None
    return checkpoint.present == checkpoint.hash and is_signed_by(exported(checkpoint), own_key().public_key())


def problem_of(checkpoint: dict[str, Any], key: Ed25519PublicKey) -> str:
    """Why the database does not agree with the checkpoint, or an empty text when it does."""
    sequence, at = checkpoint["sequence"], checkpoint["at"]
    if not is_signed_by(checkpoint, key):
        return f"The checkpoint of entry {sequence} was not signed with the key {name_of(key)}, or was changed since."
    present = LedgerEntry.objects.filter(pk=sequence).values_list("hash", flat=True).first()
    if present is None:
        return f"Entry {sequence} is missing, which was the last one at {at}: entries were removed."
    if present != checkpoint["hash"]:
        return f"Entry {sequence} is not the one that was signed at {at}: it or one before it was rewritten."
    return ""


def first_problem(checkpoints: Sequence[dict[str, Any]], key: Ed25519PublicKey) -> str:
    """The problem of the earliest checkpoint that has one, with the last that holds before it."""
    holds = 0
    for checkpoint in sorted(checkpoints, key=lambda c: c["sequence"]):
        if problem := problem_of(checkpoint, key):
            return f"{problem} Up to entry {holds} the chain is as it was signed." if holds else problem
        holds = checkpoint["sequence"]
    return ""


def is_signed_by(checkpoint: dict[str, Any], key: Ed25519PublicKey) -> bool:
    try:
        signature = base64.b64decode(checkpoint["signature"], validate=True)
        key.verify(signature, _message({name: checkpoint[name] for name in SIGNED}))
    except (InvalidSignature, binascii.Error, ValueError, TypeError):
        return False
    return True


def _message(signed: dict[str, Any]) -> bytes:
    return canonical({"purpose": PURPOSE, **signed})
