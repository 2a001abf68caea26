from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from itsm.kernel import grants
from itsm.kernel.errors import DomainError


class Command(BaseCommand):
    help = (
        "Let a database role run the application, but never change or remove what the ledger holds. Run as the owner."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", required=True, help="the existing PostgreSQL role of web, worker and beat")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        try:
            grants.protect(role)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"{role} may read and append to the ledger, and nothing else; all other tables are open to it."
        )
