"""The files that lie beside a dump."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from itsm.kernel import checkpoints
from itsm.kernel.backup.problem import BackupProblem

HASH = re.compile(r"[0-9a-f]{64}")


def sum_file(dump: Path) -> Path:
    return dump.with_name(f"{dump.name}.sha256")


def checkpoint_file(dump: Path) -> Path:
    return dump.with_name(f"{dump.name}.checkpoint.json")


def digest_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(dump: Path, digest: str, checkpoint: dict[str, Any] | None) -> None:
    sum_file(dump).write_text(f"{digest}  {dump.name}\n")
    if checkpoint:
        checkpoint_file(dump).write_text(json.dumps(checkpoint) + "\n")


def is_unchanged(dump: Path) -> bool:
    """Whether the sum was there to compare with. Raises BackupProblem when it differs."""
    if not sum_file(dump).exists():
        return False
    if digest_of(dump) != sum_file(dump).read_text().split(" ")[0].strip():
        raise BackupProblem(
            f"{dump} is damaged: its SHA-256 is not the one in {sum_file(dump).name}. Take another backup."
        )
    return True


def checkpoint_of(dump: Path) -> dict[str, Any] | None:
    """What the dump's ledger ended with, as far as its form goes. Raises BackupProblem."""
    path = checkpoint_file(dump)
    if not path.exists():
        return None
    try:
        found = checkpoints.read(path.read_text())
    except checkpoints.CheckpointUnreadable as error:
        raise BackupProblem(f"{path}: {error.message}") from error
    if not HASH.fullmatch(str(found["hash"])):
        raise BackupProblem(f"{path}: its hash is none.")
    return found
