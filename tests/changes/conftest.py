from collections.abc import Callable

import pytest

from changes import import_mapping, import_rows
from changes.operations import imports
from changes.queries.imports import ImportReport
from itsm.kernel.actor import Actor
from tests.changes.import_files import HEADING, MAPPING, Heard


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def take_in(db, tmp_path, heard) -> Callable[..., ImportReport]:
    """`take_in(line(…), line(…))`: import a file of these lines."""

    def run(*lines: str, content: bytes | None = None, mapping: str = MAPPING, **options: object) -> ImportReport:
        file, toml = tmp_path / "changes.csv", tmp_path / "mapping.toml"
        file.write_bytes("\r\n".join([HEADING, *lines, ""]).encode() if content is None else content)
        toml.write_text(mapping)
        meaning = import_mapping.load(toml)
        options.setdefault("actor", Actor.system("test"))
        with import_rows.open_text(file, meaning.encoding) as text:
            rows = import_rows.read(text, meaning)
            return imports.import_changes(rows=rows, mapping=meaning, listener=heard, **options)

    return run
