"""The basics: five groups of checks over a snapshot of facts; pure, and never silent.

Each check says what it examined, what it skipped and why, and how to mend what fails.
A check over nothing is *unknown*, never *in order*. Adding a check is one function here.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

Word = Literal["ok", "warn", "block", "unknown"]
SERIOUS: dict[str, int] = {"block": 0, "unknown": 1, "warn": 2, "ok": 3}


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
    unheard: list[str]
    clashes: list[Clash]
    examined: dict[str, int]
    waived: dict[str, str] = field(default_factory=dict)
    by_pipeline: bool = False  # nobody has a task: a program carries it out

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


@dataclass(frozen=True)
class Fix:
    """What mends it: words, the action's name, and the record (a task's number) when it is not the change."""

    label: str
    action: str
    target: str = ""


@dataclass(frozen=True)
class Verdict:
    code: str
    title: str
    verdict: Word
    explanation: str
    examined: str = ""
    skipped: str = ""
    fix: Fix | None = None
    waived_by: str = ""

    @property
    def group(self) -> str:
        return self.code

    @property
    def blocks(self) -> bool:
        return self.verdict == "block" and not self.waived_by

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


Check = Callable[[Snapshot], Verdict]
TITLES = {
    "everyone_knows": "Everyone knows what to do",
    "nobody_assumes": "Nobody assumes somebody else does it",
    "no_surprise": "No surprise breakage",
    "nothing_else": "Nothing else is going on",
    "time_to_go_back": "Time to go back",
}


def _verdict(code: str, verdict: Word, explanation: str, **more: Any) -> Verdict:
    return Verdict(code, TITLES[code], verdict, explanation, **more)


def _some(things: list[str], most: int = 3) -> str:
    """“a, b and 2 more”."""
    shown = ", ".join(things[:most])
    return f"{shown} and {len(things) - most} more" if len(things) > most else shown


def _n(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def everyone_knows(facts: Snapshot) -> Verdict:
    code = "everyone_knows"
    if facts.by_pipeline:
        return _verdict(code, "ok", "A pipeline carries it out; its steps are in the pipeline.", skipped="tasks: none")
    if not facts.tasks:
        return _verdict(code, "block", "The plan has no task.", fix=Fix("Add a task", "add-task"))
    for label, lacking in (
        ("has no instructions", [t for t in facts.tasks if not t.instructions.strip()]),
        ("has no duration", [t for t in facts.tasks if t.duration_minutes < 1]),
    ):
        if lacking:
            names = _some([f"“{t.title}”" for t in lacking])
            text = f"{names} {label}." if len(lacking) == 1 else f"{names}: each {label}."
            return _verdict(code, "block", text, fix=Fix("Complete the task", "edit", lacking[0].number))
    if early := _too_early(facts.tasks):
        task, before = early
        text = f"Task {task.order} begins before task {before.order} has ended, which it must follow."
        return _verdict(code, "block", text, fix=Fix("Put them in order", "edit", task.number))
    count = _n(len(facts.tasks), "task")
    return _verdict(code, "ok", f"{count}, each with instructions and a duration, in order.", examined=count)


def _too_early(tasks: list[TaskFact]) -> tuple[TaskFact, TaskFact] | None:
    by_order = {task.order: task for task in tasks}
    for task in tasks:
        before = by_order.get(task.predecessor_order) if task.predecessor_order is not None else None
        if before is not None and task.offset_minutes < before.ends:
            return task, before
    return None


def _at_once(tasks: list[TaskFact]) -> tuple[TaskFact, TaskFact] | None:
    """Two tasks of one person that overlap."""
    latest: dict[tuple[int | None, bool], TaskFact] = {}
    for task in sorted(tasks, key=lambda t: t.offset_minutes):
        before = latest.get((task.assignee_id, task.way_back))
        if before is not None and task.offset_minutes < before.ends:
            return before, task
        latest[task.assignee_id, task.way_back] = task
    return None


def nobody_assumes(facts: Snapshot) -> Verdict:
    code = "nobody_assumes"
    open_tasks = [t for t in facts.tasks if not t.is_over]
    if facts.by_pipeline:
        return _verdict(code, "ok", "A pipeline carries it out; nobody has a part in it.", skipped="people: none")
    if not facts.tasks:
        return _verdict(code, "unknown", "There is no task that somebody could do.", fix=Fix("Add a task", "add-task"))
    if unassigned := [t for t in open_tasks if t.assignee_id is None]:
        text = f"Nobody is named for {_some([f'task {t.order}, “{t.title}”' for t in unassigned])}."
        return _verdict(code, "block", text, fix=Fix("Name somebody", "edit", unassigned[0].number))
    if unable := [t for t in open_tasks if not t.can_work]:
        text = f"{_some([f'{t.assignee} (task {t.order})' for t in unable])} cannot sign in."
        return _verdict(code, "block", text, fix=Fix("Name somebody else", "edit", unable[0].number))
    booked = [clash.text for clash in facts.clashes if clash.kind == "person"]
    if silent := [t for t in open_tasks if not t.is_acknowledged]:
        first = silent[0]
        text = f"Task {first.order}, “{first.title}”, is assigned to {first.assignee} but not acknowledged."
        if len(silent) > 1:
            text += f" {_n(len(silent) - 1, 'more task')} likewise."
        fix = Fix(f"Ask {first.assignee}", "acknowledge", first.number)
        return _verdict(code, "block", " ".join([text, *booked[:1]]), fix=fix)
    if booked:
        return _verdict(code, "block", " ".join(booked[:2]), fix=Fix("Find a free slot", "schedule"))
    if both := _at_once(open_tasks):
        text = f"{both[0].assignee} has task {both[0].order} and task {both[1].order} at the same time."
        return _verdict(code, "warn", text, fix=Fix("Plan one after the other", "edit", both[1].number))
    people = len({t.assignee_id for t in facts.tasks})
    text = f"{_n(people, 'person', 'people')} acknowledged {_n(len(open_tasks), 'task')}; nobody is booked twice."
    return _verdict(code, "ok", text, examined=_n(people, "person", "people"))


def no_surprise(facts: Snapshot) -> Verdict:
    code = "no_surprise"
    examined = f"{_n(facts.touched, 'CI')} touched, {facts.impacted:,} impacted"
    if not facts.touched:
        text = "No CI is named, so nothing could be examined."
        return _verdict(code, "unknown", text, skipped="impact: no CI", fix=Fix("Name the CIs", "edit"))
    warnings = []
    if facts.stale:
        total = facts.touched + facts.impacted
        text = (
            f"{len(facts.stale):,} of {_n(total, 'CI')} ({_some(facts.stale)}) were not verified in the last 90 days."
        )
        warnings.append(text)
    if facts.unheard:
        warnings.append(f"Not heard: {_some(facts.unheard)}.")
    if warnings:
        fix = Fix("Request verification", "verify") if facts.stale else None
        return _verdict(code, "warn", " ".join(warnings), examined=examined, fix=fix)
    return _verdict(code, "ok", f"{examined}, all verified lately; owners heard.", examined=examined)


def nothing_else(facts: Snapshot) -> Verdict:
    code = "nothing_else"
    seen = facts.examined
    examined = ", ".join(_n(seen.get(name, 0), name[:-1]) for name in ("changes", "jobs", "freezes"))
    if facts.start is None:
        text = "There is no window yet, so nothing could be compared."
        return _verdict(code, "unknown", text, skipped="no window", fix=Fix("Choose a window", "schedule"))
    others = [clash for clash in facts.clashes if clash.kind != "person"]
    blocking = [clash for clash in others if clash.severity == "block"]
    if blocking or others:
        shown = sorted(others, key=lambda clash: clash.severity != "block")
        text = " ".join(clash.text for clash in shown[:2])
        if len(shown) > 2:
            text += f" And {len(shown) - 2} more."
        word: Word = "block" if blocking else "warn"
        return _verdict(code, word, text, examined=examined, fix=Fix("Find a free slot", "schedule"))
    if not facts.touched:
        text = "No CI is named, so nothing could be compared but people and freezes."
        return _verdict(code, "unknown", text, skipped="no CI", examined=examined, fix=Fix("Name the CIs", "edit"))
    return _verdict(code, "ok", f"Nothing among {examined} in this window is in the way.", examined=examined)


def time_to_go_back(facts: Snapshot) -> Verdict:
    code, fix = "time_to_go_back", Fix("Plan the way back", "edit")
    if facts.start is None:
        return _verdict(code, "unknown", "There is no window yet.", fix=Fix("Choose a window", "schedule"))
    if facts.by_pipeline and facts.back_out_minutes < 1:
        return _verdict(code, "warn", "The pipeline rolls back; how long that takes is not said.", fix=fix)
    if facts.back_out_minutes < 1 or not facts.back_out_steps.strip():
        return _verdict(code, "block", "There is no way back: it needs steps and a duration.", fix=fix)
    if facts.way_back_minutes > facts.back_out_minutes:
        text = f"The tasks of the way back take {facts.way_back_minutes} min, planned are {facts.back_out_minutes}."
        return _verdict(code, "block", text, fix=fix)
    parts = (facts.work_minutes, facts.check_minutes, facts.back_out_minutes, facts.margin_minutes)
    needed = sum(parts)
    budget = "{} min work + {} min check + {} min back-out + {} min margin".format(*parts)
    text = f"{budget} = {needed} of {facts.window_minutes} min."
    if needed > facts.window_minutes:
        over = f" The window is {needed - facts.window_minutes} min too short."
        return _verdict(code, "block", text + over, fix=Fix("Find a longer slot", "schedule"))
    if not facts.back_out_trigger.strip():
        return _verdict(code, "warn", text + " Nobody has said what triggers the back-out.", fix=fix)
    return _verdict(code, "ok", text, examined="the window's budget")


CHECKS: tuple[Check, ...] = (nothing_else, nobody_assumes, no_surprise, everyone_knows, time_to_go_back)


def judge(facts: Snapshot) -> list[Verdict]:
    """All verdicts, the most serious first; what was waived says by whom."""
    found = [replace(verdict, waived_by=facts.waived.get(verdict.code, "")) for verdict in (c(facts) for c in CHECKS)]
    return sorted(found, key=lambda verdict: (SERIOUS[verdict.verdict], bool(verdict.waived_by)))
