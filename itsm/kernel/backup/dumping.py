import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg2 import sql

from itsm.kernel import checkpoints, ledger
from itsm.kernel.backup import beside, programs
from itsm.kernel.backup.problem import BackupProblem

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


@dataclass(frozen=True)
class Contents:
    tables: int
    rows: int

    def __str__(self) -> str:
        return f"{self.tables} tables with {self.rows} rows"


@dataclass(frozen=True)
class Backup:
    contents: Contents
    bytes: int
    entries: int
    is_signed: bool


def back_up(target: Path) -> Backup:
    """Dump everything as it is at one instant, which the checkpoint is of, too. Raises BackupProblem."""
    if target.exists():
        raise BackupProblem(f"{target} is there already. Choose another name, or move it away.")
    draft = target.with_name(f"{target.name}.part")
    try:
        with transaction.atomic():
            snapshot = _snapshot()
            contents, entries = counted(), ledger.head()[0]
            _dump(draft, snapshot)
            checkpoint = _checkpoint(entries)
        beside.write(target, beside.digest_of(draft), checkpoint)
        draft.rename(target)
    except OSError as error:
        raise BackupProblem(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return Backup(contents, target.stat().st_size, entries, checkpoint is not None)


def counted() -> Contents:
    """What is in every table, also those that no model of this release knows of."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [sql.Identifier("public", name) for (name,) in cursor.fetchall()]
        if not tables:
            return Contents(0, 0)
        counts = sql.SQL(" + ").join(sql.SQL("(SELECT count(*) FROM {})").format(table) for table in tables)
        cursor.execute(sql.SQL("SELECT {}").format(counts))
        return Contents(len(tables), cursor.fetchone()[0])


def _snapshot() -> str:
    """What pg_dump shall see: exactly what this transaction sees."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        return str(cursor.fetchone()[0])


def _dump(draft: Path, snapshot: str) -> None:
    # Password hashes and all: for its owner only, from the first byte on.
    os.close(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    command = programs.command(
        "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--lock-wait-timeout=60s", f"--file={draft}"
    )
    done = subprocess.run(command, env=programs.environment(), capture_output=True, text=True)
    if done.returncode:
        raise BackupProblem(f"pg_dump failed:\n{programs.last_words(done.stderr)}")


def _checkpoint(entries: int) -> dict[str, Any] | None:
    if not settings.LEDGER_KEY or not entries:
        return None
    return checkpoints.exported(checkpoints.make())
