from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from itsm.kernel import tokens
from itsm.kernel.models import User


class Command(BaseCommand):
    help = "Make an API token for a user and print it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, help="the user's name, such as change.manager")
        parser.add_argument("--name", default="command line", help="what the token is for")

    def handle(self, *args: Any, user: str, name: str, **options: Any) -> None:
        found = User.objects.filter(username=user, is_active=True).first()
        if found is None:
            raise CommandError(f"There is no active user {user!r}.")
        self.stdout.write(tokens.make(found, name=name))
