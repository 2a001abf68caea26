"""The run sheet: everything that those who carry out a change need to see at once."""

from dataclasses import dataclass, field
from datetime import datetime

from changes.models import ChangeRequest, ChangeTask, RunQuestion, WindowExtension
from changes.queries import running
from changes.queries.durations import Learnt, usual, with_usual

State = ChangeTask.State
Phase = ChangeTask.Phase
OVER = (State.DONE, State.SKIPPED, State.FAILED)
PASSED = (State.DONE, State.SKIPPED)


@dataclass(frozen=True)
class Line:
    task: ChangeTask
    learnt: Learnt | None
    is_late: bool


@dataclass(frozen=True)
class Sheet:
    change: ChangeRequest
    now: datetime
    lines: list[Line]
    questions: list[RunQuestion] = field(default_factory=list)
    extension: WindowExtension | None = None

    @property
    def phase(self) -> str:
        return Phase.IMPLEMENT if self.change.backing_out_at is None else Phase.BACK_OUT

    def of(self, phase: str) -> list[Line]:
        return [line for line in self.lines if line.task.phase == phase]

    @property
    def next(self) -> list[ChangeTask]:
        """What goes on now; if nothing does, what can begin: the first open tasks whose predecessor is done."""
        tasks = [line.task for line in self.of(self.phase)]
        if going := [task for task in tasks if task.state == State.IN_PROGRESS]:
            return going
        return [
            task for task in tasks
            if task.state not in OVER and (task.predecessor is None or task.predecessor.state in PASSED)
        ][:1]  # fmt: skip

    @property
    def done(self) -> int:
        return sum(line.task.state in OVER for line in self.of(self.phase))

    @property
    def is_asked(self) -> bool:
        return bool(self.questions)


def sheet_of(change: ChangeRequest, now: datetime) -> Sheet:
    """Five queries; a question that the clock has not asked yet stands in it already."""
    tasks = with_usual(change.tasks.select_related("assignee", "predecessor").order_by("order", "pk"), now)
    lines = [_line(change, task, now) for task in tasks]
    if change.status != ChangeRequest.Status.IMPLEMENTING:
        return Sheet(change, now, lines)
    asked = running.extensions().filter(change=change, state=WindowExtension.State.ASKED).first()
    return Sheet(change, now, lines, _questions(change, now), asked)


def _line(change: ChangeRequest, task: ChangeTask, now: datetime) -> Line:
    task.change = change
    late = task.state not in OVER and task.ends_at is not None and task.ends_at < now
    return Line(task, usual(task), late)


def _questions(change: ChangeRequest, now: datetime) -> list[RunQuestion]:
    not_yet = [
        RunQuestion(change=change, kind=due.kind, freeze_id=due.freeze_id, moment=due.moment, asked_at=now)
        for due in running.due(now, change.pk)
    ]
    return [*running.open_questions([change.pk]), *not_yet]
