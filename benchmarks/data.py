"""The demo organisation and the bank's history of changes, brought in through the program's own ways."""

import resource
import time
from pathlib import Path

from django.utils import timezone

from benchmarks.sizes import CHECKOUT
from changes import import_mapping, import_rows
from changes.operations import imports
from itsm.kernel.actor import Actor
from itsm.portal.demo.load import load

BANK = CHECKOUT.parent / "shared/data/bpic2014/Detail_Change.csv.xz"
MAPPING = CHECKOUT / "changes/mappings/bpic2014.toml"


def load_demo() -> list[str]:
    began = time.perf_counter()
    load(now=timezone.now())
    return [f"The demo organisation is loaded in {time.perf_counter() - began:.1f} s (`manage.py load_demo`)."]


def import_history(*runs: str) -> list[str]:
    """The lines of the report: first run, second run (or those that are named), memory."""
    if not BANK.exists():
        return [f"The bank's history is not at {BANK}: not measured."]
    lines = ["| import of the bank's history | s | rows/s | new changes |", "| --- | ---: | ---: | ---: |"]
    lines += [_import(name) for name in runs or ("first run", "again")]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*lines, "", f"Largest memory of the process: {peak_mb:.0f} MB (all of Django among it)."]


def _import(name: str) -> str:
    began = time.perf_counter()
    mapping = import_mapping.load(Path(MAPPING))
    with import_rows.open_text(BANK, mapping.encoding) as text:
        rows = import_rows.read(text, mapping)
        report = imports.import_changes(rows=rows, mapping=mapping, actor=Actor.system("benchmark"))
    seconds = time.perf_counter() - began
    return f"| {name} | {seconds:.1f} | {report.rows / seconds:.0f} | {report.changes_new} |"
