"""What a password may not be: the demo's, or one that thieves have already."""

import hashlib
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError

DEMO_PASSWORD = "slipway-demo"  # noqa: S105 the whole world knows it
DIGEST = 40  # characters of a SHA-1 in hexadecimal


class NotTheDemoPassword:
    def validate(self, password: str, user: Any = None) -> None:
        if password == DEMO_PASSWORD:
            raise ValidationError("This is the demo's password; choose your own.", code="demo_password")

    def get_help_text(self) -> str:
        return "Your password can't be the demo's."


class NotBreached:
    """Refuses what is in the list of breached passwords that BREACHED_PASSWORDS names, if it names one.

    The list has one SHA-1 a line in hexadecimal, sorted, whatever follows it; so do the
    downloads of Have I Been Pwned. It is searched where it lies: forty gigabytes cost forty reads.
    """

    def validate(self, password: str, user: Any = None) -> None:
        path = settings.BREACHED_PASSWORDS
        if path and _listed(Path(path), hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()):
            raise ValidationError(
                "Thieves have this password in their lists already; choose another one.", code="breached_password"
            )

    def get_help_text(self) -> str:
        return "Your password can't be one that is known from a breach."


def _listed(path: Path, digest: str) -> bool:
    """Binary search over the file's bytes: each probe looks at the first whole line after it."""
    wanted = digest.upper().encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            found = _digest_after(file, middle)
            if found == wanted:
                return True
            if found and found < wanted:
                low = middle + 1
            else:
                high = middle
        return _digest_after(file, low) == wanted


def _digest_after(file: BinaryIO, position: int) -> bytes:
    file.seek(max(position - 1, 0))
    if position:
        file.readline()
    return file.readline()[:DIGEST].upper()
