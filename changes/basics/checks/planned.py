"""The plan has tasks, each with instructions and a duration."""

from changes.basics.facts import Snapshot, TaskFact
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted, some


@check("planned", "everyone_knows", "Each task has instructions and a duration", order=10)
def planned(facts: Snapshot) -> Said:
    if facts.by_pipeline:
        return Said("ok", "A pipeline carries it out; its steps are in the pipeline.", skipped="tasks: none")
    if not facts.tasks:
        return Said("block", "The plan has no task.", fix=Fix("Add a task", "add-task"))
    for label, lacking in (
        ("has no instructions", [t for t in facts.tasks if not t.instructions.strip()]),
        ("has no duration", [t for t in facts.tasks if t.duration_minutes < 1]),
    ):
        if lacking:
            return _lacking(label, lacking)
    count = counted(len(facts.tasks), "task")
    return Said("ok", f"{count}, each with instructions and a duration, in order.", examined=count)


def _lacking(label: str, lacking: list[TaskFact]) -> Said:
    names = some([f"“{t.title}”" for t in lacking])
    text = f"{names} {label}." if len(lacking) == 1 else f"{names}: each {label}."
    return Said("block", text, fix=Fix("Complete the task", "edit", lacking[0].number))
