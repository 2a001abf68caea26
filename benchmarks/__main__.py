"""python -m benchmarks: measure, print, and write RESULTS.md. `make bench` runs it on servers of its own."""

import os
import platform
from pathlib import Path

import django
from django.core.management import call_command

RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    call_command("migrate", interactive=False, verbosity=0)
    lines = report()
    print("\n".join(lines))
    RESULTS.write_text("\n".join(lines) + "\n")


def report() -> list[str]:
    from django.utils import timezone

    from benchmarks import data, pages, past, sizes

    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    by_client = "By Django's test client, through all the middleware; median of 20 after 3."
    draft = "The bank's models are given the demo's policy; the draft asks the CAB too where that is marked."
    return [
        "# Measured",
        "",
        f"`make bench` on {timezone.now():%Y-%m-%d}: {machine}, PostgreSQL beside it, DEBUG off.",
        *_section("Data", *data.load_demo(), "", *data.import_history()),
        *_section("Pages, with that history loaded", by_client, "", *pages.report()),
        *_section("A draft policy on the past", draft, "", *past.report()),
        *_section("Code", "`python -m benchmarks.sizes`", "", *sizes.report()),
    ]


def _section(title: str, *lines: str) -> list[str]:
    return ["", f"## {title}", "", *lines]


if __name__ == "__main__":
    main()
