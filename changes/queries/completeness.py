"""What a request's model wants to be said before it is submitted, and is not."""

from collections.abc import Callable
from typing import Any

from changes.models import ChangeRequest
from changes.questions import unanswered
from itsm.kernel.errors import DomainError


class Incomplete(DomainError):
    code = "incomplete"


# What a model may require: its name on the page, and whether a request says it.
REQUIRABLE: dict[str, tuple[str, Callable[[ChangeRequest], Any]]] = {
    "reason": ("Reason", lambda change: change.reason.strip()),
    "services": ("Services", lambda change: change.services.exists()),
    "cis": ("CIs that it touches", lambda change: change.affected.exists()),
    "proposal": ("Proposal", lambda change: change.proposal_id),
    "tasks": ("Tasks", lambda change: change.tasks.exists()),
    "check_minutes": ("Checking (min)", lambda change: change.check_minutes),
    "back_out_minutes": ("Back-out (min)", lambda change: change.back_out_minutes),
    "back_out_trigger": ("What triggers the back-out", lambda change: change.back_out_trigger.strip()),
    "back_out_steps": ("Steps of the back-out", lambda change: change.back_out_steps.strip()),
}


def refuse(change: ChangeRequest) -> None:
    """Raises Incomplete, with every field and every question that is missing."""
    fields = [name for name in change.model.required_fields if name in REQUIRABLE and not REQUIRABLE[name][1](change)]
    asked = unanswered(change.model.questions, change.answers)
    if not fields and not asked:
        return
    errors: dict[str, Any] = {name: [f"{change.model} wants it to be said."] for name in fields}
    if asked:
        errors["answers"] = {one["code"]: ["It must be answered."] for one in asked}
    missing = [*[REQUIRABLE[name][0] for name in fields], *[one["text"] for one in asked]]
    raise Incomplete(
        f"{change.model} wants to be told first: {'; '.join(missing)}.",
        errors=errors,
        checks=[_check(change, name) for name in fields] + [_unanswered(change, one) for one in asked],
    )


def _check(change: ChangeRequest, name: str) -> dict[str, Any]:
    page = f"{change.get_absolute_url()}{'add-task' if name == 'tasks' else 'edit'}/"
    return {"code": name, "label": REQUIRABLE[name][0], "message": "is empty.", "url": page, "fix": "Say it"}


def _unanswered(change: ChangeRequest, one: dict[str, Any]) -> dict[str, Any]:
    page = f"{change.get_absolute_url()}edit/"
    return {"code": one["code"], "label": one["text"], "message": "is not answered.", "url": page, "fix": "Answer it"}
