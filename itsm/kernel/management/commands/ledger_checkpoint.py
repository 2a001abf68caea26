import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from itsm.kernel import checkpoints
from itsm.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Sign what the ledger's last entry is now, for keeping elsewhere; verify_ledger --checkpoint reads it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, metavar="FILE", help="write it there instead of printing it")

    def handle(self, *args: Any, out: Path | None, **options: Any) -> None:
        try:
            text = json.dumps(checkpoints.exported(checkpoints.make()))
            if out:
                out.write_text(text + "\n")
            else:
                self.stdout.write(text)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
