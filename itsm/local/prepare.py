"""python -m itsm.local.prepare: bring the database up to date, and fill an empty one with the demo organisation.

A process of its own, so that the supervisor stays small and a failure here ends nothing else.
What it prints is for the terminal; the commands' own words go to the error stream, which is a log.
"""

import os
import sys
from pathlib import Path


def main() -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    django.setup()
    call_command("migrate", interactive=False, stdout=sys.stderr)
    if settings.DEMO:
        load_demo(Path(os.environ["SLIPWAY_HOME"]) / "demo-is-loading")


def load_demo(unfinished: Path) -> None:
    """Fill an empty database. The note outlives a crash, so that the next start completes a half-loaded one."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    if get_user_model().objects.exists() and not unfinished.exists():
        return
    print("slipway  loading the demo organisation", flush=True)
    unfinished.touch()
    call_command("load_demo", stdout=sys.stderr)
    unfinished.unlink()


if __name__ == "__main__":
    main()
