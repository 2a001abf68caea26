"""python -m tests.contract [GROUP ...]: the REST contract under Schemathesis, a run for each group of roles.

Each run has a site of its own, all phases (examples, coverage, fuzzing, stateful), and two identities: a holder of the
group's roles and somebody with none. `SECONDS` is the time for the phases that could go on for ever. All checks but
one: `positive_data_acceptance` takes every 400 to a well-formed body for a fault, and knows no schema that says “the
number of a service that there is”, “a name that nobody else has” or “an end after the start”.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from itsm.local.home import CHECKOUT
from tests.contract.groups import GROUPS
from tests.faults.site import Site

SECONDS = int(os.environ.get("SECONDS") or 600)
PHASES = os.environ.get("PHASES") or "examples,coverage,fuzzing,stateful"


def configuration(folder: Path, tokens: dict[str, str]) -> Path:
    """What Schemathesis reads: who asks, as whom it tries what is another's, and that the wrong way round is asked."""
    people = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Token {token}"}]}
        for name, token in tokens.items()
    ]
    (folder / "people.json").write_text(json.dumps({"auth": people}))
    file = folder / "schemathesis.toml"
    file.write_text(f'[auth.wfc]\npath = "{folder / "people.json"}"\npeers = {json.dumps(list(tokens))}\n')
    return file


def run(group: str) -> int:
    site = Site()
    try:
        site.start_servers()
        tokens = json.loads(site.run("-m", "tests.contract.seed"))[group]
        site.start("web")
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file",
            str(configuration(site.folder, tokens)), "run", "docs/openapi.yaml", f"--url=http://127.0.0.1:{site.port}",
            f"--phases={PHASES}", "--checks=all", "--exclude-checks=positive_data_acceptance",
            f"--max-time={SECONDS}", "--continue-on-failure", "--no-shrink",
        ]  # fmt: skip
        return subprocess.run(command, cwd=CHECKOUT, check=False).returncode
    finally:
        site.close()


def main() -> int:
    answers = {}
    for group in sys.argv[1:] or list(GROUPS):
        began = time.monotonic()
        answers[group] = run(group)
        print(f"== {group}: exit {answers[group]} after {time.monotonic() - began:.0f} s", flush=True)
    return int(any(answers.values()))


if __name__ == "__main__":
    os.environ["REQUESTS_A_MINUTE"] = "0"  # the limit has a test of its own; here it would hide what is asked
    sys.exit(main())
