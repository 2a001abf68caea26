"""Change models: the agreed way to make one kind of change."""

from typing import Any

from changes import questions, rules, task_fields
from changes.models import ChangeModel
from changes.queries.completeness import LATER, REQUIRABLE
from cmdb.service_hours import Unreadable, sentence, week_in
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.uniqueness import unique

UNAUTHORISED = ChangeModel.Type.UNAUTHORISED
A_YEAR = 366 * 24  # hours
NUMBERS = {
    "window_minutes": (1, A_YEAR * 60), "review_hours": (0, A_YEAR), "review_percent": (0, 100),
    "later_hours": (0, A_YEAR),
}  # fmt: skip
EDITABLE = frozenset(
    {
        "name", "type", "description", "tasks", "window_minutes", "policy_name", "review_hours", "review_percent",
        "clean_back_out", "required_fields", "questions", "windows", "later_fields", "later_hours",
    }
)  # fmt: skip


@operation
def create(*, code: str, name: str, type: str, policy_name: str, actor: Actor, **details: Any) -> ChangeModel:
    """A model. One that is `pre_authorised` elsewhere already is entered as such by an administrator alone."""
    require(rules.may_edit_model, actor, None)
    if type == UNAUTHORISED:
        raise _not_planned()
    if details.get("pre_authorised") and not (actor.is_admin or actor.is_system):
        raise _by_the_catalogue()
    model = ChangeModel(code=code, name=name, type=type, policy_name=policy_name, **details)
    _check(model)
    with unique("code", f"There is a change model {code!r} already."):
        model.save(force_insert=True)
    if model.pre_authorised:
        ledger.append(actor=actor, subject=model, decision="standard_model_adopted", details={"model": model.code})
    events.record("changes.model.created", model, actor=actor)
    return model


@operation
def update(*, model_id: int, actor: Actor, **changes: Any) -> ChangeModel:
    model = ChangeModel.objects.lock(model_id)
    require(rules.may_edit_model, actor, model)
    for field, value in changes.items():
        if field in ("code", "pre_authorised") and value == getattr(model, field):
            continue
        if field == "pre_authorised":
            raise _by_the_catalogue()
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        if field == "type" and value != model.type and UNAUTHORISED in (value, model.type):
            raise _not_planned()
        setattr(model, field, value)
    _check(model)
    model.save()
    events.record("changes.model.updated", model, actor=actor, fields=sorted(changes))
    return model


def _by_the_catalogue() -> InvalidInput:
    said = "Propose the model as standard; another change manager approves or revokes it. Nobody simply sets this."
    return InvalidInput.at("pre_authorised", said)


def _not_planned() -> InvalidInput:
    return InvalidInput.at("type", "Unauthorised changes are found, not planned; they have one model of their own.")


def _check(model: ChangeModel) -> None:
    _check_numbers(model)
    if model.type not in ChangeModel.Type.values:
        raise InvalidInput.at("type", f"Unknown type. Known: {', '.join(ChangeModel.Type.values)}.")
    if model.pre_authorised and model.type != ChangeModel.Type.STANDARD:
        raise InvalidInput.at("type", "It is pre-authorised, so it stays standard. Revoke that first.")
    try:
        model.windows = sentence(week_in(model.windows)) if model.windows.strip() else ""
    except Unreadable as error:
        raise InvalidInput.at("windows", str(error)) from error
    if wrong := task_fields.problems(model.tasks):
        raise InvalidInput("The tasks cannot be made so.", errors={"tasks": wrong})
    if not isinstance(model.required_fields, list) or (odd := set(model.required_fields) - set(REQUIRABLE)):
        named = ", ".join(sorted(map(str, odd))) if isinstance(model.required_fields, list) else "no list"
        raise InvalidInput.at("required_fields", f"Unknown: {named}. Known: {', '.join(REQUIRABLE)}.")
    _check_later(model)
    if wrong := questions.problems(model.questions):
        raise InvalidInput("The questions cannot be asked.", errors={"questions": wrong})


def _check_numbers(model: ChangeModel) -> None:
    wrong = {
        name: [f"Say a whole number from {least} to {most:,}."]
        for name, (least, most) in NUMBERS.items()
        if (said := getattr(model, name)) is not None and not least <= said <= most
    }
    if wrong:
        raise InvalidInput("These numbers cannot be.", errors=wrong)


def _check_later(model: ChangeModel) -> None:
    """Only an emergency has no time to say everything first, and only words may wait."""
    if not isinstance(model.later_fields, list) or (odd := set(model.later_fields) - set(LATER)):
        named = ", ".join(sorted(map(str, odd))) if isinstance(model.later_fields, list) else "no list"
        raise InvalidInput.at("later_fields", f"Unknown: {named}. Known: {', '.join(LATER)}.")
    if model.later_fields and model.type != ChangeModel.Type.EMERGENCY:
        raise InvalidInput.at("later_fields", "Only an emergency change says things afterwards.")
