from typing import Any

from django.core.management.base import BaseCommand, CommandError

from itsm.kernel import ledger


class Command(BaseCommand):
    help = "Check the ledger's hash chain from its first entry to its last."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = ledger.verify()
        if verdict.broken_at is not None:
            raise CommandError(
                f"Entry {verdict.broken_at} is broken: {verdict.problem}. {verdict.examined} before it hold."
            )
        self.stdout.write(f"{verdict.examined} entries, all in order.")
