"""The basics: five groups of small checks over a snapshot of facts; pure, and never silent.

Each check says what it examined, what it skipped and why, and how to mend what fails. A check over
nothing is *unknown*, never *in order*. Adding a check is one file in `checks/`.
"""

from changes.basics.facts import Clash, Snapshot, TaskFact
from changes.basics.registry import GROUPS, check, judge, known, read_all, title_of
from changes.basics.verdicts import SERIOUS, Fix, Said, Taken, Verdict, Word

TITLES = GROUPS
read_all()

__all__ = [
    "GROUPS", "SERIOUS", "TITLES", "Clash", "Fix", "Said", "Snapshot", "Taken", "TaskFact", "Verdict", "Word", "check",
    "judge", "known", "title_of",
]  # fmt: skip
