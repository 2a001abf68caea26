"""python -m itsm.local run | exec [--temporary] -- COMMAND..."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from itsm.local.home import Home
from itsm.local.postgres import PROGRAMS
from itsm.local.problem import Problem
from itsm.local.servers import Servers, environment


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        if options.action == "exec":
            return execute(options.command, temporary=options.temporary)
        from itsm.local import supervisor

        return supervisor.run(Home.chosen())
    except Problem as problem:
        print(f"slipway: {problem}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m itsm.local", description="A local copy of the whole system.")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("run", help="start everything and stay until Ctrl-C")
    run = actions.add_parser("exec", help="run a command beside the servers of the data folder")
    run.add_argument("--temporary", action="store_true", help="use a new data folder and remove it afterwards")
    run.add_argument("command", nargs="+", metavar="COMMAND")
    return parser


def execute(command: list[str], *, temporary: bool) -> int:
    """Run a command while the servers are up, and end as it ended."""
    with temporary_servers() if temporary else kept_servers() as servers, environment(servers):
        if "DATABASE_URL" in servers.here:
            # So that psql and pg_dump are those of this very server.
            os.environ["PATH"] = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        try:
            child = subprocess.Popen(command)
        except OSError as error:
            raise Problem(f"{command[0]}: {error.strerror}") from error
        try:
            return exit_code(child)
        except SystemExit:
            child.terminate()
            return exit_code(child)


def exit_code(child: subprocess.Popen[bytes]) -> int:
    while True:
        # Ctrl-C reaches the command as well: it decides what to do, we only wait.
        with suppress(KeyboardInterrupt):
            code = child.wait()
            return code if code >= 0 else 128 - code


@contextmanager
def kept_servers() -> Iterator[Servers]:
    yield Servers.of(Home.chosen())


@contextmanager
def temporary_servers() -> Iterator[Servers]:
    """A home for one run, as durable as nobody needs it."""
    folder = Path(tempfile.mkdtemp(prefix="slipway-"))
    folder.chmod(0o755)
    try:
        yield Servers.of(Home(folder), postgres_options=("synchronous_commit=off",))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
