from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from itsm.kernel.backup import Backup, BackupProblem, back_up


class Command(BaseCommand):
    help = "Write all data to FILE as they are at one instant, with a sum and the ledger's signed checkpoint beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            done = back_up(file)
        except BackupProblem as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{file}: {done.contents}, {done.bytes} bytes. The ledger's last entry is {done.entries}.")
        self.stdout.write(_of_checkpoint(done, file))


def _of_checkpoint(done: Backup, file: Path) -> str:
    if done.is_signed:
        return f"Signed checkpoint: {file}.checkpoint.json. Keep a copy of it elsewhere."
    if settings.LEDGER_KEY:
        return "No checkpoint: the ledger is empty."
    return "No checkpoint: LEDGER_KEY is not set. `manage.py ledger_key FILE` makes a key."
