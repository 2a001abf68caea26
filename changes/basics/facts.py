"""What the checks know of a change: plain facts, read beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from changes.basics.verdicts import Taken


@dataclass(frozen=True)
class TaskFact:
    number: str
    order: int
    title: str
    instructions: str
    assignee: str
    assignee_id: int | None
    can_work: bool
    offset_minutes: int
    duration_minutes: int
    is_acknowledged: bool
    is_over: bool
    predecessor_order: int | None = None
    way_back: bool = False  # done only if the change is backed out, and counted from then
    usual_minutes: int = 0  # what nine of ten of its like kept to; 0 where too few were done
    away: str = ""  # why the assignee may not be there

    @property
    def ends(self) -> int:
        """Minutes into the window."""
        return self.offset_minutes + self.duration_minutes


@dataclass(frozen=True)
class Clash:
    """One thing that is in the way, as a sentence, and how serious it is."""

    text: str
    severity: str
    kind: str
    key: str = ""  # stays the same as long as it is the same thing


@dataclass(frozen=True)
class Snapshot:
    """All facts that the checks need, read in a fixed number of queries."""

    now: datetime
    start: datetime | None
    end: datetime | None
    check_minutes: int
    back_out_minutes: int
    margin_minutes: int
    back_out_trigger: str
    back_out_steps: str
    tasks: list[TaskFact]
    touched: int
    impacted: int
    stale: list[str]
    unheard: list[str]  # owners, each with the service: nobody asked them
    clashes: list[Clash]
    examined: dict[str, int]
    more_stale: int = 0  # beside those that are named
    waived: Mapping[str, Taken] = field(default_factory=dict)
    awaited: list[str] = field(default_factory=list)  # owners who are asked and have not answered
    objections: list[str] = field(default_factory=list)  # of owners to this very plan
    by_pipeline: bool = False  # nobody has a task: a program carries it out
    risk: str = "low"
    in_its_hours: bool | None = None  # within those of its model; None: it has none, or there is no window
    model_hours: str = ""
    back_out_tried: str = ""  # where and when somebody did it
    steps_said_later: bool = False  # its model lets the words of the way back be said when it is over
    gone_back_before: int = 0  # changes of this model that were backed out cleanly
    articles: list[str] = field(default_factory=list)  # published, about what is touched
    appointments: list[str] = field(default_factory=list)  # where its people are expected meanwhile

    @property
    def work_minutes(self) -> int:
        """From the start of the window to the end of the last task."""
        return max((task.ends for task in self.tasks if not task.is_over and not task.way_back), default=0)

    @property
    def way_back_minutes(self) -> int:
        """From the moment of turning back to the end of its last task."""
        return max((task.ends for task in self.tasks if task.way_back), default=0)

    @property
    def window_minutes(self) -> int:
        if self.start is None or self.end is None:
            return 0
        return int((self.end - self.start) / timedelta(minutes=1))
