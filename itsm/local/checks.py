"""python -m itsm.local.checks: what only Django itself can check, in one process.

Models and migrations agree; every template compiles; the settings of a production server pass `check --deploy`.
"""

import os
import secrets
import sys
from pathlib import Path

from itsm.local.home import CHECKOUT

PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "SLIPWAY_DEMO": "0",
    "SLIPWAY_HTTPS": "1",
    "SLIPWAY_SERVE_SOURCES": "0",
    "DEBUG": "0",
}


def main() -> int:
    os.environ.update(PRODUCTION)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    import django

    django.setup()
    # All three speak, also when the first one finds something.
    return 0 if all([ready_for_production(), migrations_complete(), templates_compile()]) else 1


def ready_for_production() -> bool:
    from django.core.management import CommandError, call_command

    try:
        call_command("check", deploy=True, fail_level="WARNING")
    except CommandError as error:
        print(error)
        return False
    return True


def migrations_complete() -> bool:
    from django.core.management import call_command

    try:
        call_command("makemigrations", check_changes=True, dry_run=True)
    except SystemExit:
        return False
    return True


def templates_compile() -> bool:
    broken = broken_templates(CHECKOUT / "templates")
    print("\n".join(broken) or "Every template compiles.")
    return not broken


def broken_templates(root: Path) -> list[str]:
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    broken = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        try:
            get_template(str(path.relative_to(root)))
        except (TemplateSyntaxError, TemplateDoesNotExist) as error:
            broken.append(f"{path.relative_to(root.parent)}: {error}")
    return broken


if __name__ == "__main__":
    sys.exit(main())
