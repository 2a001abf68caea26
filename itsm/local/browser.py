"""A Chromium for the browser tests: an installed one, or the one that comes as an npm package, unpacked once."""

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

from itsm.local.home import CHECKOUT
from itsm.local.node import search_path
from itsm.local.problem import Problem

INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE = CHECKOUT / "node_modules" / "@sparticuz" / "chromium"
CACHE = CHECKOUT / "node_modules" / ".cache" / "slipway-chromium"
# It looks for pages of its own at every start, and for its makers' hosts, unless told not to.
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The package's own list names only folders of the place it was made for.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{place}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>{place}/fonts-cache</cachedir></fontconfig>
"""
INFLATE = (
    "const fs=require('fs'),z=require('zlib'),s=require('stream');"
    "s.pipeline(fs.createReadStream(process.argv[1]),z.createBrotliDecompress(),"
    "fs.createWriteStream(process.argv[2]),e=>{if(e)throw e})"
)


def chromium_path() -> str:
    """The program to start (CHROMIUM_PATH, an installed one, else the packaged one)."""
    if named := os.environ.get("CHROMIUM_PATH"):
        return named
    return installed_chromium() or str(packaged_chromium())


def installed_chromium() -> str | None:
    return next((path for name in INSTALLED if (path := shutil.which(name)) and works(path)), None)


def works(program: str) -> bool:
    # On Ubuntu the command may be only a note that says how to install the real one.
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def packaged_chromium() -> Path:
    """A small script that starts the packaged Chromium with its own fonts and, where needed, libraries."""
    try:
        release = json.loads((PACKAGE / "package.json").read_text())["version"]
    except OSError as error:
        raise Problem("No Chromium was found. Run `make test`, which installs one into node_modules.") from error
    place = CACHE / release
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            unpack(place)
    return place / "start"


def unpack(place: Path) -> None:
    draft = place.with_name(f"{place.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    inflate("chromium.br", draft / "chromium")
    (draft / "chromium").chmod(0o755)
    for name, folder in (("swiftshader", "."), ("fonts", "fonts"), ("al2023", "al2023")):
        archive = draft / f"{name}.tar"
        inflate(f"{name}.tar.br", archive)
        (draft / folder).mkdir(exist_ok=True)
        subprocess.run(["tar", "--no-same-owner", "-xf", str(archive), "-C", str(draft / folder)], check=True)
        archive.unlink()
    (draft / "fonts" / "fonts.conf").write_text(FONTS.format(place=place))
    (draft / "start").write_text(start_script(place, bare=lacks_libraries(draft / "chromium")))
    (draft / "start").chmod(0o755)
    draft.rename(place)


def inflate(name: str, target: Path) -> None:
    command = ["node", "-e", INFLATE, str(PACKAGE / "bin" / name), str(target)]
    subprocess.run(command, check=True, env=os.environ | {"PATH": search_path()})


def lacks_libraries(program: Path) -> bool:
    return "not found" in subprocess.run(["ldd", str(program)], capture_output=True, text=True).stdout


def start_script(place: Path, *, bare: bool) -> str:
    libraries = f'export LD_LIBRARY_PATH="{place}/al2023/lib:$LD_LIBRARY_PATH"\n' if bare else ""
    fonts = f'export FONTCONFIG_PATH="{place}/fonts"\n'
    return f'#!/bin/sh\n{libraries}{fonts}exec "{place}/chromium" "$@"\n'
