"""What exactly is decided about: a digest of a change's plan, CIs and window.

Acknowledgements and progress are not part of it: they may come after the authorisation.
"""

from collections.abc import Iterable
from typing import Any

from changes.models import ChangeRequest, ChangeTask
from itsm.kernel.errors import DomainError
from itsm.kernel.ledger import digest

PLAN = (
    "title", "reason", "type", "likelihood", "impact", "check_minutes", "back_out_minutes", "margin_minutes",
    "back_out_trigger", "back_out_steps",
)  # fmt: skip
TASK = ("order", "title", "instructions", "offset_minutes", "duration_minutes", "predecessor_id", "ci_id")


class PlanChanged(DomainError):
    """The plan is another than the one that was read."""

    code = "plan_changed"


# In words, where a name does not say it.
PLAN_WORDS = {
    "check_minutes": "checking (min)", "back_out_minutes": "back-out (min)", "margin_minutes": "safety margin (min)",
    "cis": "CIs",
}  # fmt: skip


def plan_of(change: ChangeRequest) -> dict[str, Any]:
    """What is decided about besides the tasks, by name; two queries."""
    return {
        **{name: getattr(change, name) for name in (*PLAN, "answers", "back_out_tried", "window")},
        "cis": set(change.affected.values_list("ci_id", flat=True)),
        "services": set(change.services.values_list("pk", flat=True)),
    }


def fingerprint_of(change: ChangeRequest, *, people: bool = False) -> str:
    """SHA-256 over plan, tasks, touched CIs and window, as hexadecimal digits; three queries.

    Who does a task is not part of the plan that is authorised: a task may be handed over in the night.
    A waiver is about people too (`people`): it ends when somebody else has the task.
    """
    return fingerprint_among(
        change,
        list(change.tasks.order_by("order", "pk")),
        change.affected.values_list("ci_id", flat=True),
        change.services.values_list("pk", flat=True),
        people=people,
    )


def fingerprint_among(
    change: ChangeRequest, tasks: Iterable[ChangeTask], cis: Iterable[int], services: Iterable[int], *, people: bool
) -> str:
    """The same of what was read already."""
    fields = (*TASK, "assignee_id") if people else TASK
    window = [change.window.lower.isoformat(), change.window.upper.isoformat()] if change.window else None
    return digest(
        {
            "plan": {name: getattr(change, name) for name in PLAN} | _answers(change) | _tried(change),
            "tasks": [_said(task, fields) for task in tasks],
            "cis": sorted(cis),
            "services": sorted(services),
            "window": window,
        }
    )


def _answers(change: ChangeRequest) -> dict[str, Any]:
    """Where nothing was asked, the digest is what it was before anything could be."""
    return {"answers": change.answers} if change.answers else {}


def _tried(change: ChangeRequest) -> dict[str, str]:
    return {"back_out_tried": change.back_out_tried} if change.back_out_tried else {}


def _said(task: ChangeTask, fields: Iterable[str]) -> list[Any]:
    """A task of the way back says so; one of the way forward is what it was before there were both."""
    said = [getattr(task, name) for name in fields]
    return [*said, task.phase] if task.phase == ChangeTask.Phase.BACK_OUT else said
