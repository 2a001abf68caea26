import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from itsm.portal.demo.load import load


class Command(BaseCommand):
    help = "Make the demo organisation, unless it is there. Only with SLIPWAY_DEMO=1: its password is known to all."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo's users share a password that everybody knows. Set SLIPWAY_DEMO=1 to allow it."
            )
        began = time.monotonic()
        if load(now=timezone.now()):
            self.stdout.write(f"The demo organisation is loaded ({time.monotonic() - began:.1f} s).")
        else:
            self.stdout.write("The demo organisation is there already.")
