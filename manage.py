#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL they run beside the embedded servers of the data folder."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    from django.core.management import execute_from_command_line

    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        execute_from_command_line(sys.argv)
        return

    from itsm.local.problem import Problem
    from itsm.local.servers import environment

    try:
        with environment():
            execute_from_command_line(sys.argv)
    except Problem as problem:
        sys.exit(f"slipway: {problem}")


if __name__ == "__main__":
    main()
