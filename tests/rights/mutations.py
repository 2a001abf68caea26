"""python -m tests.rights.mutations [RULE ...]: each right is taken away in turn, and a test must miss it.

As a plugin of pytest it takes away the one that RIGHT_TAKEN names: from then on everybody may.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module

MODULES = (
    "cmdb.rules", "knowledge.rules", "changes.rules", "transition.rules.delivery", "transition.rules.operation",
    "transition.rules.pipeline", "transition.actions.delivery", "itsm.kernel.people.rules",
    "itsm.kernel.webhooks.rules", "itsm.kernel.outbox", "itsm.kernel.api.tokens", "itsm.kernel.api.delegations",
)  # fmt: skip
TESTS = {
    "cmdb": ("tests/cmdb",), "knowledge": ("tests/knowledge",), "changes": ("tests/changes",),
    "transition": ("tests/transition",), "itsm": ("tests/kernel", "tests/api", "tests/portal", "tests/changes"),
}  # fmt: skip
OFFERS = (
    "tests/rights/test_matrix.py::test_whoever_has_no_role_is_offered_only_what_anybody_may"  # most rights, quickly
)
TAKEN = "RIGHT_TAKEN"


def rules_of(module: str) -> dict[str, Callable[..., bool]]:
    return {
        name: rule for name, rule in vars(import_module(module)).items()
        if hasattr(rule, "refusal") and rule.__module__ == module
    }  # fmt: skip


def every_rule() -> Iterator[str]:
    for module in MODULES:
        yield from (f"{module}:{name}" for name in rules_of(module))


def take_away(rule: str) -> None:
    """For all who have imported it, too."""
    module, name = rule.split(":")
    rules_of(module)[name].__code__ = (lambda *asked: True).__code__


def pytest_collection_finish() -> None:
    if taken := os.environ.get(TAKEN):
        take_away(taken)


def missed(rule: str) -> bool:
    app = rule.split(".")[0]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.rights.mutations",
        "-q",
        "-x",
        "--reuse-db",
        OFFERS,
        *TESTS[app],
    ]
    done = subprocess.run(command, env={**os.environ, TAKEN: rule}, capture_output=True, text=True, check=False)
    first = next((line for line in done.stdout.splitlines() if line.startswith("FAILED")), "")
    print(f"{rule}: {first or 'NOBODY MISSES IT'}", flush=True)
    return done.returncode == 1 and bool(first)


def main() -> int:
    import django

    django.setup()
    chosen = [rule for rule in every_rule() if not sys.argv[1:] or rule.split(":")[1] in sys.argv[1:]]
    nobody_misses = [rule for rule in chosen if not missed(rule)]
    return int(bool(nobody_misses))


if __name__ == "__main__":
    sys.exit(main())
