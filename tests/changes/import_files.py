"""Small files of changes for tests of the import, and an ear for what it tells."""

from changes.import_rows import Problem
from changes.models import ChangeRequest
from changes.operations import imports
from changes.queries.imports import Difference
from cmdb.models import ConfigurationItem
from itsm.kernel.models import OutboxEvent

HEADING = "Change;CI;Kind;Component;Type;Risk;Urgent;CAB;From;To;Began;Ended;Opened"
MAPPING = """
source = "old-tool"
[file]
delimiter = ";"
time_format = "%d-%m-%Y %H:%M"
time_zone = "Europe/Amsterdam"
[columns]
key = "Change"
ci = "CI"
ci_class = "Kind"
component = "Component"
type = "Type"
risk = "Risk"
emergency = "Urgent"
cab = "CAB"
planned_start = "From"
planned_end = "To"
actual_start = "Began"
actual_end = "Ended"
opened = "Opened"
[values.type]
"Routine *" = "standard"
"Release" = "normal"
[values.risk]
"small" = "low"
"big" = "high"
[values.emergency]
"Y" = true
"N" = false
[values.cab]
"Y" = true
"N" = false
[values.kind]
"server" = "hardware"
"*" = "other"
"""


class Heard(imports.Listener):
    """Keeps what an import tells."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.differences: list[Difference] = []
        self.read: list[int] = []

    def rows(self, read: int) -> None:
        self.read.append(read)

    def problem(self, problem: Problem) -> None:
        self.problems.append(problem)

    def difference(self, difference: Difference) -> None:
        self.differences.append(difference)


def line(key: str = "C1", ci: str = "srv-1", **said: str) -> str:
    cells = {
        "Kind": "server",
        "Component": "",
        "Type": "Routine 7",
        "Risk": "small",
        "Urgent": "N",
        "CAB": "N",
        "From": "01-07-2013 20:00",
        "To": "01-07-2013 22:00",
        "Began": "",
        "Ended": "",
        "Opened": "",
    } | said
    return ";".join([key, ci, *cells.values()])


def nothing_was_taken_in() -> bool:
    return not (ChangeRequest.objects.exists() or ConfigurationItem.objects.exists() or OutboxEvent.objects.exists())
