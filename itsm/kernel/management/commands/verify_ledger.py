from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management.base import BaseCommand, CommandError, CommandParser

from itsm.kernel import checkpoints, ledger
from itsm.kernel.errors import DomainError
from itsm.kernel.models import LedgerEntry


class Command(BaseCommand):
    help = "Check the ledger's hash chain from its first entry to its last, and against checkpoints kept elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--checkpoint", action="append", default=[], metavar="FILE", type=Path)
        parser.add_argument(
            "--public-key", metavar="FILE", type=Path, help="the key that signed them (PEM); else that of LEDGER_KEY"
        )

    def handle(
        self, *args: Any, checkpoint: list[Path], public_key: Path | None, verbosity: int, **options: Any
    ) -> None:
        try:
            self._compare(checkpoint, public_key)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        total = LedgerEntry.objects.count() if verbosity > 1 else 0

        def progress(upto: int) -> None:
            if verbosity > 1 and upto % 100_000 == 0:
                self.stderr.write(f"{upto} of {total}")

        verdict = ledger.verify(progress=progress)
        if not verdict.intact:
            raise CommandError(
                f"Entry {verdict.broken_at} is broken: {verdict.problem}. {verdict.examined} before it hold."
            )
        signed = f" Checkpoints that agree: {len(checkpoint)}." if checkpoint else ""
        self.stdout.write(f"{verdict.examined} entries, all in order.{signed}")

    def _compare(self, files: list[Path], public_key: Path | None) -> None:
        if not files:
            return
        key = _key(public_key)
        if problem := checkpoints.first_problem([checkpoints.read(file.read_text()) for file in files], key):
            raise CommandError(problem)


def _key(path: Path | None) -> Ed25519PublicKey:
    return checkpoints.read_public_key(path.read_text()) if path else checkpoints.own_key().public_key()
