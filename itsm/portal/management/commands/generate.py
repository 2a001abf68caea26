import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from itsm.kernel.errors import DomainError
from itsm.portal.generate.world import generate


class Command(BaseCommand):
    help = "Make up a world to measure with: at --scale 1 a million CIs, 200,000 RFCs, 2 million deployments."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=float, default=0.01, help="1 is the reference size; default 0.01")
        parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same world")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["scale"] <= 10:
            raise CommandError("--scale must lie above 0, at most 10.")
        began = time.monotonic()

        def say(text: str) -> None:
            self.stdout.write(f"{time.monotonic() - began:7.1f} s  {text}")

        try:
            generate(scale=options["scale"], now=timezone.now(), say=say, seed=options["seed"])
        except DomainError as error:
            raise CommandError(error.message) from error
        say("done")
