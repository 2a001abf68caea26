"""What exactly is decided about: a digest of a change's plan, CIs and window.

Acknowledgements and progress are not part of it: they may come after the authorisation.
"""

from changes.models import ChangeRequest
from itsm.kernel.ledger import digest

PLAN = (
    "title", "reason", "type", "likelihood", "impact", "check_minutes", "back_out_minutes", "margin_minutes",
    "back_out_trigger", "back_out_steps",
)  # fmt: skip
TASK = ("order", "title", "instructions", "offset_minutes", "duration_minutes", "predecessor_id", "ci_id")


def fingerprint_of(change: ChangeRequest, *, people: bool = False) -> str:
    """SHA-256 over plan, tasks, touched CIs and window, as hexadecimal digits; three queries.

    Who does a task is not part of the plan that is authorised: a task may be handed over in the night.
    A waiver is about people too (`people`): it ends when somebody else has the task.
    """
    task = (*TASK, "assignee_id") if people else TASK
    window = [change.window.lower.isoformat(), change.window.upper.isoformat()] if change.window else None
    return digest(
        {
            "plan": {name: getattr(change, name) for name in PLAN},
            "tasks": [list(row) for row in change.tasks.order_by("order", "pk").values_list(*task)],
            "cis": sorted(change.affected.values_list("ci_id", flat=True)),
            "services": sorted(change.services.values_list("pk", flat=True)),
            "window": window,
        }
    )
