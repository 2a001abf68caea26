"""What a reader yields, whatever the format: CIs, relations between them, and what could not be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from itsm.kernel.errors import InvalidInput


class UnreadableFile(InvalidInput):
    """The file as a whole cannot be read; a reader raises it, and nothing is taken in."""

    code = "unreadable_file"


@dataclass(frozen=True, slots=True)
class FoundCI:
    """A CI as the source knows it. None means that the source does not say: the record stays as it is."""

    row: str  # where in the file, for people: "row 17", "components[3]"
    key: str  # what the source calls it; unique within the source
    ci_class: str  # code of the class
    name: str
    environment: str | None = None
    status: str | None = None
    version: str | None = None
    owner: str | None = None  # user name
    support_team: str | None = None  # team name
    criticality: int | None = None
    attributes: Mapping[str, Any] | None = None  # merged key by key


@dataclass(frozen=True, slots=True)
class FoundRelation:
    """`source type target`, both by the keys of the source."""

    row: str
    source: str
    type: str
    target: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why something in the file cannot be read, and where."""

    row: str
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in the file that is no CI by its nature; counted by what it is, never a problem."""

    what: str


Found = FoundCI | FoundRelation | RowProblem | Skipped
