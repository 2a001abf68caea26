"""What a request's model wants to be said, and is not: before it is submitted, or of an emergency afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
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
ANSWERS = "answers"
# What may be said after the fact: words about it, and nothing that anybody works by while it is made.
LATER = {name: REQUIRABLE[name][0] for name in ("reason", "services", "back_out_trigger", "back_out_steps")} | {
    ANSWERS: "Answers to the model's questions"
}


@dataclass(frozen=True)
class Missing:
    """A field that is empty, or a question without an answer."""

    code: str
    label: str
    is_question: bool = False

    @property
    def field(self) -> str:
        return ANSWERS if self.is_question else self.code


def missing(change: ChangeRequest) -> list[Missing]:
    fields = [name for name in change.model.required_fields if name in REQUIRABLE and not REQUIRABLE[name][1](change)]
    asked = unanswered(change.model.questions, change.answers)
    return [Missing(name, REQUIRABLE[name][0]) for name in fields] + [
        Missing(one["code"], one["text"], is_question=True) for one in asked
    ]


def owed(change: ChangeRequest) -> list[Missing]:
    """What its model lets be said afterwards, and nobody has said yet."""
    later = set(change.model.later_fields)
    return [one for one in missing(change) if one.field in later] if later else []


def refuse(change: ChangeRequest) -> None:
    """Before it is submitted. Raises Incomplete, with every field and every question that is missing."""
    later = set(change.model.later_fields)
    if found := [one for one in missing(change) if one.field not in later]:
        raise _incomplete(change, found, f"{change.model} wants to be told first", "edit")


def refuse_owed(change: ChangeRequest) -> None:
    """Before it is closed. Raises Incomplete, with all that was to be said afterwards and is not."""
    if found := owed(change):
        raise _incomplete(change, found, f"{change} still owes", "fill-in")


def _incomplete(change: ChangeRequest, found: list[Missing], said: str, page: str) -> Incomplete:
    errors: dict[str, Any] = {
        one.code: [f"{change.model} wants it to be said."] for one in found if not one.is_question
    }
    if asked := {one.code: ["It must be answered."] for one in found if one.is_question}:
        errors[ANSWERS] = asked
    checks = [_check(change, one, page) for one in found]
    return Incomplete(f"{said}: {'; '.join(one.label for one in found)}.", errors=errors, checks=checks)


def _check(change: ChangeRequest, one: Missing, page: str) -> dict[str, Any]:
    url = f"{change.get_absolute_url()}{'add-task' if one.code == 'tasks' else page}/"
    message, fix = ("is not answered.", "Answer it") if one.is_question else ("is empty.", "Say it")
    return {"code": one.code, "label": one.label, "message": message, "url": url, "fix": fix}
