"""What a pipeline found out, read from the files that it wrote."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from slipway.client import CouldNotAsk

LARGEST = 50_000_000  # bytes


def of_junit(path: str) -> list[dict[str, Any]]:
    """One piece for each file: how many of its tests passed, failed and were skipped."""
    try:
        report = ElementTree.fromstring(_read(path))  # noqa: S314 - what the pipeline itself wrote a moment before
    except ElementTree.ParseError as error:
        raise CouldNotAsk(f"{path} is no JUnit report: {error}") from error
    if report.tag not in ("testsuites", "testsuite"):
        raise CouldNotAsk(f"{path} is no JUnit report: it has no testsuite.")
    cases = [{child.tag for child in case} for case in report.iter("testcase")]
    failed = sum(bool(case & {"failure", "error"}) for case in cases)
    skipped = sum("skipped" in case and not case & {"failure", "error"} for case in cases)
    passed = len(cases) - failed - skipped
    return [{"kind": "tests", "name": Path(path).stem, "passed": passed, "failed": failed, "skipped": skipped}]


def of_json(path: str) -> list[dict[str, Any]]:
    """The object, or each object of the list."""
    try:
        said = json.loads(_read(path))
    except ValueError as error:
        raise CouldNotAsk(f"{path} is no JSON: {error}") from error
    pieces = said if isinstance(said, list) else [said]
    if not all(isinstance(piece, dict) and piece.get("kind") for piece in pieces):
        raise CouldNotAsk(f'{path}: each piece of evidence is an object with a kind, such as {{"kind": "scan", …}}.')
    return pieces


def _read(path: str) -> bytes:
    try:
        if Path(path).stat().st_size > LARGEST:
            raise CouldNotAsk(f"{path} has more than {LARGEST // 1_000_000} MB.")
        return Path(path).read_bytes()
    except OSError as error:
        raise CouldNotAsk(f"{path} cannot be read: {error.strerror}") from error
