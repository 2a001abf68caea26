"""Whether a webhook comes from whom it says: GitHub signs the body, GitLab sends the secret itself."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def signed_by(said: str, body: bytes, known: Iterable[tuple[T, str]]) -> T | None:
    """Whose secret made the signature `sha256=…` over these very bytes. Compared in constant time, each of them."""
    found = None
    given = said.strip().encode("utf-8", "replace")
    for source, secret in known:
        right = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        if secret and hmac.compare_digest(right.encode(), given):
            found = found or source
    return found


def told_by(said: str, known: Iterable[tuple[T, str]]) -> T | None:
    """Whose secret this is."""
    found = None
    for source, secret in known:
        if secret and hmac.compare_digest(secret.encode(), said.strip().encode("utf-8", "replace")):
            found = found or source
    return found
