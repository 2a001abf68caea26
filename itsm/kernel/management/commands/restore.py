from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from itsm.kernel import checkpoints
from itsm.kernel.backup import Restored, restore
from itsm.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Put what `backup` wrote into the database, all or nothing, and prove that the ledger is whole."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="remove everything that is in the database now")
        which = "the key that signed the checkpoint (PEM); else that of LEDGER_KEY"
        parser.add_argument("--public-key", metavar="FILE", type=Path, help=which)

    def handle(self, *args: Any, file: Path, replace: bool, public_key: Path | None, **options: Any) -> None:
        try:
            done = restore(file, replace=replace, key=_key(public_key))
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done.contents}.")
        if not done.verdict.intact:
            raise CommandError(
                f"They were restored, but the ledger is broken at entry {done.verdict.broken_at}: "
                f"{done.verdict.problem}. It was so when the backup was taken."
            )
        self.stdout.write(f"Ledger: {done.verdict.examined} entries, all in order. {_of_checkpoint(done)}")
        if not done.is_summed:
            self.stdout.write(f"{file}.sha256 was not there to compare with.")
        self.stdout.write("Now run `manage.py migrate`, and start web, worker and beat.")


def _key(path: Path | None) -> Ed25519PublicKey | None:
    if path:
        return checkpoints.read_public_key(path.read_text())
    return checkpoints.own_key().public_key() if settings.LEDGER_KEY else None


def _of_checkpoint(done: Restored) -> str:
    if not done.checkpoint:
        return "No checkpoint was kept with it."
    seen = "" if done.is_signed else " Its signature was not checked: give --public-key, or set LEDGER_KEY."
    return f"It agrees with the checkpoint of entry {done.checkpoint['sequence']}.{seen}"
