"""The data folder of a local copy: everything it writes lies in here."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from itsm.local.problem import Problem

CHECKOUT = Path(__file__).absolute().parents[2]
ROOM_NEEDED = 200 * 1024 * 1024
LOG_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True)
class Home:
    path: Path

    @classmethod
    def chosen(cls) -> "Home":
        return cls(Path(os.environ.get("SLIPWAY_HOME") or CHECKOUT / ".slipway").expanduser().absolute())

    @property
    def marks(self) -> Path:
        """Which processes belong to this home."""
        return self.path / "run"

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"

    def prepare(self) -> None:
        """Make the folder, or say why it cannot be used."""
        try:
            for folder in (self.path, self.marks, self.path / "logs"):
                folder.mkdir(parents=True, exist_ok=True)
            probe = self.path / f"probe-{os.getpid()}"
            probe.write_bytes(b"\0" * 4096)
            probe.unlink()
        except OSError as error:
            raise Problem(
                f"The data folder {self.path} cannot be written: {error.strerror}. "
                "Choose another one, for example: SLIPWAY_HOME=$HOME/slipway-data make run"
            ) from error
        if shutil.disk_usage(self.path).free < ROOM_NEEDED:
            raise Problem(
                f"The disk of the data folder {self.path} is full (less than {ROOM_NEEDED >> 20} MB free). "
                "Make room, or choose a folder on another disk with SLIPWAY_HOME."
            )

    def open_log(self, name: str) -> int:
        """A descriptor to append to; what grew too long is kept once under another name."""
        path = self.log(name)
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)

    def last_words(self, name: str, lines: int = 8) -> str:
        """The end of a log, for a message about a process that failed."""
        if not (path := self.log(name)).exists():
            return ""
        return "\n".join("  " + line for line in path.read_text(errors="replace").splitlines()[-lines:])

    def secret_key(self) -> str:
        path = self.path / "secret_key"
        if not path.exists() or not path.read_text().strip():
            write_private(path, secrets.token_urlsafe(50))
        return path.read_text().strip()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time starts or stops servers of this home."""
        with open(self.path / "lock", "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
