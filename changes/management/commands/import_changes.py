import sys
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from changes import import_mapping, import_rows
from changes.import_rows import Problem
from changes.operations import imports
from changes.queries.imports import Difference, ImportReport
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.models import User

SHOWN = 20


class Command(BaseCommand):
    help = "Take a recorded history of changes in from CSV (plain or .xz); running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV with a heading, plain or packed by xz")
        parser.add_argument("--mapping", type=Path, required=True, help="TOML: what the columns and words mean")
        parser.add_argument("--strict", action="store_true", help="take nothing in when a row cannot be read")
        parser.add_argument("--dry-run", action="store_true", help="do everything, then undo it")
        parser.add_argument("--user", help="on whose authority (default: the command's own)")
        parser.add_argument("--report", type=Path, help="write every problem and difference to this file")

    def handle(self, *args: Any, file: Path, mapping: Path, **options: Any) -> None:
        actor = self._actor(options["user"])
        with ExitStack() as stack:
            try:
                to = stack.enter_context(options["report"].open("w")) if options["report"] else None
                teller = Teller(self.stderr, to)
                meaning = import_mapping.load(mapping)
                text = stack.enter_context(import_rows.open_text(file, meaning.encoding))
                report = imports.import_changes(
                    rows=import_rows.read(text, meaning),
                    mapping=meaning,
                    actor=actor,
                    strict=options["strict"],
                    dry_run=options["dry_run"],
                    listener=teller,
                )
            except (DomainError, OSError) as error:
                raise CommandError(str(error)) from error
        self._tell(report, teller.seconds)

    def _actor(self, username: str | None) -> Actor:
        if username is None:
            return Actor.system("import_changes")
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {username!r}.")
        return Actor.person(user)

    def _tell(self, report: ImportReport, seconds: float) -> None:
        say = self.stdout.write
        say(f"{report.rows} rows in {seconds:.1f} s ({report.rows / max(seconds, 0.001):.0f} rows/s)")
        say(f"  rows that cannot be read: {report.unreadable}")
        say(
            f"  changes: {report.changes_new} new, {report.changes_unchanged} as they were, "
            f"{report.changes_different} differ from their record, which was left alone"
        )
        say(
            f"  CIs: {report.cis} named, {report.cis_new} new; {report.components_new} new service components; "
            f"{report.touches_new} new CIs on changes"
        )
        for name, count in asdict(report.oddities).items() if report.oddities else ():
            say(f"  {name.replace('_', ' ')}: {count}")
        if report.dry_run:
            say("Nothing was kept: this was a dry run.")


class Teller(imports.Listener):
    """Shows progress on a terminal, the first problems everywhere, and all of them in the report file."""

    def __init__(self, stream: Any, report: TextIO | None):
        self._stream, self._report, self._told = stream, report, 0
        self._began = self._last = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def rows(self, read: int) -> None:
        if time.monotonic() - self._last >= 1 or sys.stderr.isatty():
            self._last = time.monotonic()
            self._stream.write(f"{read} rows read, {read / max(self.seconds, 0.001):.0f} rows/s")

    def step(self, name: str) -> None:
        self._stream.write(f"{name} ({self.seconds:.1f} s)")

    def problem(self, problem: Problem) -> None:
        self._say(str(problem))

    def difference(self, difference: Difference) -> None:
        self._say(str(difference))

    def _say(self, line: str) -> None:
        self._told += 1
        if self._report:
            self._report.write(line + "\n")
        if self._told <= SHOWN:
            self._stream.write(line)
        elif self._told == SHOWN + 1:
            self._stream.write("… more; --report FILE writes them all")
