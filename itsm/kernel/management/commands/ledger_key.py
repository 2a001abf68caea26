import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from itsm.kernel import checkpoints


class Command(BaseCommand):
    help = "Make the key that signs the ledger's checkpoints, and print its public half."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where the private key goes; must not exist yet")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        private = checkpoints.make_key()
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(
                f"{file} cannot be made: {error.strerror}. An existing key is never replaced."
            ) from error
        with open(descriptor, "w") as target:
            target.write(private)
        self.stdout.write(checkpoints.public_pem(checkpoints.key_of(private).public_key()))
