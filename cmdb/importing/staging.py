"""What was found, in temporary tables: written by COPY, in the memory of a few thousand rows.

They belong to one connection and go with it, so that a worker which dies leaves nothing behind.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from cmdb.importing.checking import CI_COLUMNS, UNSTORABLE, Checker, Row
from cmdb.importing.records import Found, FoundCI, FoundRelation, RowProblem, Skipped
from cmdb.models import ImportProblem
from itsm.kernel.copying import copy_into
from itsm.kernel.inserting import insert_select, one_row, run

LOT = 5000
MOST_PROBLEMS = 10_000
TABLES = {
    "staged_ci": """n integer NOT NULL, "row" text NOT NULL, key text NOT NULL, class_id bigint NOT NULL,
        name text NOT NULL, environment text, status text, version text, owner text, team text,
        criticality smallint, attributes jsonb""",
    "staged_relation": '"row" text NOT NULL, source_key text NOT NULL, type text NOT NULL, target_key text NOT NULL',
    # `n`: the row that is broken. `field` is one of ours, `heading` one of the file.
    "staged_problem": """n integer, "row" text NOT NULL, field text NOT NULL, heading text NOT NULL,
        message text NOT NULL""",
}
# Made on the way, by the modules beside this one.
MADE = ("staged_known", "staged_wanted", "staged_changed", "staged_retired", "staged_key", "staged_pair",
        "staged_related", "staged_unrelated", "staged_expected")  # fmt: skip


@dataclass
class Intake:
    """One file, or one call, on its way from a source into the CMDB."""

    source: str
    run_id: int | None = None
    tells_relations: bool = True
    retire_missing: bool = False
    is_bill: bool = False
    headings: dict[str, str] = field(default_factory=dict)
    checker: Checker = field(default_factory=Checker)
    # Told of each step and each lot of rows; raises when the intake is to stop.
    step: Callable[[str], None] = lambda name: None
    rows: Callable[[int], None] = lambda count: None
    counts: dict[str, int] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def parameters(self) -> dict[str, Any]:
        return {"source": self.source, "run": self.run_id}


def prepare() -> None:
    discard()
    for table, columns in TABLES.items():
        run(f"CREATE TEMPORARY TABLE {table} ({columns})")


def discard() -> None:
    run(f"DROP TABLE IF EXISTS {', '.join((*TABLES, *MADE))}")


def stage(intake: Intake, found: Iterable[Found]) -> None:
    """Read to the end; every problem is noted, none stops it."""
    lots = Lots(intake.checker, intake.skipped)
    for n, each in enumerate(found, 1):
        lots.take(n, each)
        if n % LOT == 0:
            lots.write()
            intake.rows(n)
    lots.write()
    intake.rows(lots.read)
    settle(*TABLES)


def settle(*tables: str) -> None:
    """Let the planner know the sizes."""
    run(f"ANALYZE {', '.join(tables)}")


class Lots:
    """What is to be written next, table by table."""

    def __init__(self, checker: Checker, skipped: Counter[str]):
        self.checker = checker
        self.skipped = skipped
        self.read = 0
        self.cis: list[Row] = []
        self.relations: list[Row] = []
        self.problems: list[Row] = []

    def take(self, n: int, found: Found) -> None:
        self.read = n
        if isinstance(found, FoundCI):
            self._note(self.checker.ci(n, found), self.cis, found.row)
        elif isinstance(found, FoundRelation):
            self._note(self.checker.relation(found), self.relations, found.row)
        elif isinstance(found, Skipped):
            self.skipped[found.what] += 1
        else:
            self._problem(found, heading=found.column)

    def _note(self, line: Row | None, lines: list[Row], row: str) -> None:
        if line is not None:
            lines.append(line)
        for problem in self.checker.problems if line is None else ():
            self._problem(problem, field=problem.column)

    def _problem(self, problem: RowProblem, field: str = "", heading: str = "") -> None:
        said = (problem.row[:200], field[:200], heading[:200], problem.message[:1000])
        self.problems.append((None, *(UNSTORABLE.sub("?", text) for text in said)))

    def write(self) -> None:
        for table, columns, lines in (
            ("staged_ci", CI_COLUMNS, self.cis),
            ("staged_relation", ("row", "source_key", "type", "target_key"), self.relations),
            ("staged_problem", ("n", "row", "field", "heading", "message"), self.problems),
        ):
            if lines:
                copy_into(table, columns, lines)
                lines.clear()


def problem_count() -> int:
    return int(one_row("SELECT count(*) FROM staged_problem")[0])


def keep_problems(intake: Intake) -> int:
    """On the run, roughly in the order of the file; the first ten thousand. Answers how many there are.

    A relation mostly fails because a CI did, so those come last.
    """
    cases = " ".join(f"WHEN field = %(field_{i})s THEN %(heading_{i})s" for i in range(len(intake.headings)))
    shown = f"CASE WHEN heading <> '' THEN heading {cases} ELSE field END"
    named = {f"field_{i}": field for i, field in enumerate(intake.headings)}
    named |= {f"heading_{i}": heading for i, heading in enumerate(intake.headings.values())}
    insert_select(
        ImportProblem,
        {"run_id": "%(run)s", "row": '"row"', "column": f"left({shown}, 200)", "message": "left(message, 1000)"},
        "FROM (SELECT * FROM staged_problem ORDER BY starts_with(field, 'relations.'), n NULLS FIRST, ctid "
        "LIMIT %(most)s) p",
        most=MOST_PROBLEMS,
        **intake.parameters,
        **named,
    )
    return problem_count()
