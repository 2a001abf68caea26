"""python -m tests.contract [GROUP ...]: the REST contract under Schemathesis, a run for each group of roles.

Each run begins with the demo organisation as it was made, and has two identities: a holder of the group's roles and
somebody with none. First each operation by itself (examples, coverage, fuzzing), then one after another as its links
say (stateful); `SECONDS` is how long each of the two may go on. All checks but one: `positive_data_acceptance` takes
every 400 to a well-formed body for a fault, and knows no schema that says “the number of a service that there is”, “a
name that nobody else has” or “an end after the start”.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg2

from itsm.local.home import CHECKOUT
from itsm.local.postgres import DATABASE
from tests.contract.groups import GROUPS
from tests.faults.site import Site

SECONDS = int(os.environ.get("SECONDS") or 600)
PHASES = (os.environ.get("PHASES") or "examples,coverage,fuzzing stateful").split()
SEEDED = "seeded"
REFUSALS = ["400", "401", "403", "404", "405", "406", "409", "412", "414", "415", "422", "428", "429"]
PATIENCE = 60  # seconds: a list of 1,000 records is a thousand operations


def configuration(folder: Path, tokens: dict[str, str]) -> Path:
    """What Schemathesis reads: who asks, as whom it tries what is another's, and that the wrong way round is asked."""
    people = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Token {token}"}]}
        for name, token in tokens.items()
    ]
    (folder / "people.json").write_text(json.dumps({"auth": people}))
    file = folder / "schemathesis.toml"
    file.write_text(
        f'[auth.wfc]\npath = "{folder / "people.json"}"\npeers = {json.dumps(list(tokens))}\n'
        f"[checks.negative_data_rejection]\nexpected-statuses = {json.dumps(REFUSALS)}\n"
    )
    return file


def copy_database(site: Site, source: str, target: str) -> None:
    """Anew, whoever is still connected to either."""
    connection = psycopg2.connect(site.postgres.url, dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name in (source, target):
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        cursor.execute(f"DROP DATABASE IF EXISTS {target}")
        cursor.execute(f"CREATE DATABASE {target} TEMPLATE {source}")
    connection.close()


def run(site: Site, phases: str, tokens: dict[str, str]) -> int:
    copy_database(site, SEEDED, DATABASE)
    site.start("web")
    try:
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file",
            str(configuration(site.folder, tokens)), "run", "docs/openapi.yaml", f"--url=http://127.0.0.1:{site.port}",
            f"--phases={phases}", "--checks=all", "--exclude-checks=positive_data_acceptance",
            f"--max-time={SECONDS}", f"--request-timeout={PATIENCE}", f"--max-response-time={PATIENCE}",
            "--continue-on-failure", "--no-shrink",
        ]  # fmt: skip
        return subprocess.run(command, cwd=CHECKOUT, check=False).returncode
    finally:
        site.stop()


def main() -> int:
    site, answers = Site(), {}
    try:
        site.start_servers()
        tokens = json.loads(site.run("-m", "tests.contract.seed"))
        copy_database(site, DATABASE, SEEDED)
        for group in sys.argv[1:] or list(GROUPS):
            for phases in PHASES:
                began = time.monotonic()
                answers[group, phases] = run(site, phases, tokens[group])
                print(f"== {group} ({phases}): exit {answers[group, phases]} after {time.monotonic() - began:.0f} s")
                sys.stdout.flush()
    finally:
        site.close()
    return int(any(answers.values()))


if __name__ == "__main__":
    os.environ["REQUESTS_A_MINUTE"] = "0"  # the limit has a test of its own; here it would hide what is asked
    sys.exit(main())
