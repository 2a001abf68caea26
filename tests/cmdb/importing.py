"""Make imports in tests: a table as text, handed in and carried out."""

from typing import Any

from cmdb.importing import running
from cmdb.models import ImportRun
from cmdb.operations import imports
from itsm.kernel.actor import Actor

SYSTEM = Actor.system("test")
COLUMNS = {
    "id": "key", "name": "name", "class": "ci_class", "env": "environment", "status": "status", "ver": "version",
    "owner": "owner", "team": "support_team", "crit": "criticality", "ram": "attributes.ram_gb",
    "runs on": "relations.runs_on",
}  # fmt: skip


def hand_in(
    text: str | bytes, *, columns: dict[str, str] | None = None, actor: Actor = SYSTEM, **details: Any
) -> ImportRun:
    data = text.encode() if isinstance(text, str) else text
    if columns is None:
        first = data.split(b"\n", 1)[0].decode("utf-8-sig", "replace").strip()
        columns = {name: COLUMNS[name] for name in first.split(",") if name in COLUMNS}
    options = {"columns": columns, **details.pop("options", {})}
    details.setdefault("source", "inventory")
    details.setdefault("dry_run", False)
    return imports.hand_in(file_name="cis.csv", data=[data], options=options, actor=actor, **details)


def take_in(text: str | bytes, **details: Any) -> ImportRun:
    """Handed in, and carried out by a worker."""
    run = hand_in(text, **details)
    running.work_through()
    run.refresh_from_db()
    return run


def problems_of(run: ImportRun) -> list[tuple[str, str, str]]:
    return list(run.problems.order_by("id").values_list("row", "column", "message"))
