"""A dump replaces what is in the database in one transaction: all of it, or nothing has happened."""

import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from itsm.kernel import checkpoints, ledger
from itsm.kernel.backup import beside, programs
from itsm.kernel.backup.dumping import Contents, counted
from itsm.kernel.backup.problem import BackupProblem

# What uses the database still is told of, not waited for.
EMPTY = """
SET lock_timeout = '10s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
AGREE = """
DO $$BEGIN
    IF NOT EXISTS (SELECT FROM public.kernel_ledgerentry WHERE sequence = {sequence} AND hash = '{hash}') THEN
        RAISE EXCEPTION 'the ledger in the dump does not agree with its checkpoint of entry {sequence}';
    END IF;
END$$;
"""


@dataclass(frozen=True)
class Restored:
    contents: Contents
    verdict: ledger.Verdict
    checkpoint: dict[str, Any] | None
    is_signed: bool
    is_summed: bool


def restore(dump: Path, *, replace: bool, key: Ed25519PublicKey | None) -> Restored:
    """Raises BackupProblem; the database is then as it was, unless it says otherwise."""
    if not dump.is_file():
        raise BackupProblem(f"{dump} is not there.")
    is_summed = beside.is_unchanged(dump)
    checkpoint = beside.checkpoint_of(dump)
    if checkpoint and key and not checkpoints.is_signed_by(checkpoint, key):
        raise BackupProblem(
            f"{beside.checkpoint_file(dump)} was not signed with this key, or was changed since. "
            "Give the key of that time with --public-key."
        )
    _check_is_dump(dump)
    there = counted()
    if there.tables and not replace:
        raise BackupProblem(
            f"The database {connection.settings_dict['NAME']} is not empty: {there}. Add --replace to lose them."
        )
    _load(dump, EMPTY if there.tables else "", AGREE.format(**checkpoint) if checkpoint else "")
    return Restored(counted(), ledger.verify(), checkpoint, bool(checkpoint and key), is_summed)


def _check_is_dump(dump: Path) -> None:
    listed = subprocess.run([str(programs.program("pg_restore")), "--list", str(dump)], capture_output=True, text=True)
    if listed.returncode:
        raise BackupProblem(f"{dump} is no backup, or damaged: {programs.last_words(listed.stderr)}")
    if "TABLE DATA public kernel_ledgerentry" not in listed.stdout:
        raise BackupProblem(f"{dump} is a dump of another program's database.")


def _load(dump: Path, before: str, after: str) -> None:
    reading = [str(programs.program("pg_restore")), "--no-owner", "--no-privileges", "--file=-", str(dump)]
    writing = programs.command("psql", "-X", "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1", "--file=-")
    environment = programs.environment()
    connection.close()  # ours must not be what holds the tables
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as told:
        psql = subprocess.Popen(writing, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
        source = subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=told)
        assert psql.stdin is not None
        assert source.stdout is not None
        try:
            _pour(before, source.stdout, after, psql.stdin, lambda: source.wait() == 0)
        finally:
            # Without the end of its input psql commits nothing: whatever went wrong until here did not happen.
            if not psql.stdin.closed:
                psql.kill()
            source.kill()
            source.stdout.close()
            source.wait()
            psql.wait()
        _check(source, told, psql, said, dump)


def _pour(before: str, dump: IO[bytes], after: str, into: IO[bytes], is_whole: Any) -> None:
    with suppress(BrokenPipeError):
        into.write(before.encode())
        shutil.copyfileobj(dump, into, 1024 * 1024)
        if is_whole():
            into.write(after.encode())
            into.close()


def _check(source: Any, told: IO[str], psql: Any, said: IO[str], dump: Path) -> None:
    said.seek(0)
    told.seek(0)
    complaint = programs.last_words(said.read())
    if "lock timeout" in complaint:
        raise BackupProblem("Somebody uses the database. Stop web, worker and beat first. Nothing was changed.")
    if complaint and psql.returncode:
        raise BackupProblem(f"{dump} could not be restored, and nothing was changed:\n{complaint}")
    if source.returncode or psql.returncode:
        raise BackupProblem(f"{dump} is damaged, and nothing was changed:\n{programs.last_words(told.read())}")
