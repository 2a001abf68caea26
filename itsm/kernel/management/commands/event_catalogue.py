from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from itsm.kernel import catalogue


class Command(BaseCommand):
    help = "Write docs/events.md: every event with its version and payload, as the apps declare them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, default=settings.BASE_DIR / "docs" / "events.md")

    def handle(self, *args: Any, out: Path, **options: Any) -> None:
        out.write_text(catalogue.drawn())
        self.stdout.write(f"{out} is written.")
