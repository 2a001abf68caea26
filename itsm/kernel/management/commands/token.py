from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from itsm.kernel import tokens
from itsm.kernel.models import User
from itsm.kernel.scopes import EVERYTHING, Scope


class Command(BaseCommand):
    help = "Make an API token for a user and print it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, help="the user's name, such as change.manager")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument(
            "--scope",
            action="append",
            choices=list(Scope),
            help="what it may do; several times for several. Without: read, write and decide in all apps",
        )
        parser.add_argument("--days", type=int, help="how long it is valid. Without: until it is revoked")

    def handle(
        self, *args: Any, user: str, name: str, scope: list[str] | None = None, days: int | None = None, **options: Any
    ) -> None:
        found = User.objects.filter(username=user, is_active=True).first()
        if found is None:
            raise CommandError(f"There is no active user {user!r}.")
        if days is not None and days < 1:
            raise CommandError(f"--days: {days} is too few; a token is valid for at least one day.")
        expires_at = timezone.now() + timedelta(days=days) if days else None
        self.stdout.write(tokens.make(found, name=name, scopes=scope or EVERYTHING, expires_at=expires_at))
