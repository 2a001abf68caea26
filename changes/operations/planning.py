"""Draft an RFC, plan it, and put it into the calendar."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from changes import questions, rules
from changes.fingerprint import PLAN_WORDS, plan_of
from changes.models import AffectedCI, ChangeModel, ChangeProposal, ChangeRequest, ChangeTask
from changes.models.calendar import NO_YEAR, YEARS
from changes.operations import asking
from changes.queries import durations, risk
from cmdb.models import ConfigurationItem, Service
from itsm.kernel import events, rows
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

PLANNED_FIELDS = frozenset(
    {
        "title", "reason", "likelihood", "impact", "check_minutes", "back_out_minutes", "margin_minutes",
        "back_out_trigger", "back_out_steps", "back_out_tried", "confidential", "proposal", "model", "answers",
    }
)  # fmt: skip


class NotPlannable(DomainError):
    code = "not_plannable"


def window_of(start: datetime | None, end: datetime | None) -> DateTimeTZRange | None:
    """[start, end); refuses half a window, one that ends before it starts, and one without a zone."""
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise InvalidInput.at("end" if end is None else "start", "A window has a start and an end.")
    if start.tzinfo is None or end.tzinfo is None:
        raise InvalidInput.at("start", "Say the time zone of the window, such as 2026-11-24T22:00:00Z.")
    for field, moment in (("start", start), ("end", end)):
        if moment.year not in YEARS:
            raise InvalidInput.at(field, NO_YEAR)
    if end <= start:
        raise InvalidInput.at("end", "The window must end after it starts.")
    return DateTimeTZRange(start, end, "[)")


@operation
def draft(
    *,
    title: str,
    model: ChangeModel,
    actor: Actor,
    cis: Iterable[ConfigurationItem] = (),
    services: Iterable[Service] = (),
    proposal: ChangeProposal | None = None,
    requested_by: User | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    **details: Any,
) -> ChangeRequest:
    """Raise an RFC; its tasks come from the model's template."""
    require(rules.may_draft, actor)
    _check_known(details)
    _check_planned(model)
    _check_answers(model, details.get("answers", {}))
    change = ChangeRequest(
        title=title, model=model, proposal=proposal, requested_by=requested_by or actor.user,
        window=window_of(start, end), **details,
    )  # fmt: skip
    touched, concerned = {ci.pk for ci in cis}, {service.pk for service in services}
    risk.assess(change, timezone.now(), cis=touched, services=concerned)
    enter(change=change, cis=touched, services=concerned, actor=actor)
    return change


@operation
def enter(*, change: ChangeRequest, cis: Collection[int], services: Collection[int], actor: Actor) -> list[ChangeTask]:
    """Write down a new change with what belongs to it; its tasks, which come from the model's template."""
    change.type = change.model.type
    if change.pk is None:
        (change.pk,) = rows.next_ids(ChangeRequest)
    concerned = ChangeRequest.services.through
    rows.write(
        change,
        *(AffectedCI(change=change, ci_id=ci) for ci in sorted(cis)),
        *(concerned(changerequest=change, service_id=pk) for pk in sorted(services)),
    )
    template = enumerate(change.model.tasks, 1)
    planned = [ChangeTask(change=change, order=number, **task) for number, task in template]
    durations.fill(planned, change.model_id, timezone.now())
    tasks = ChangeTask.objects.bulk_create(planned)
    events.record("changes.change_request.drafted", change, actor=actor)
    return tasks


@operation
def plan(*, change_id: int, actor: Actor, **changes: Any) -> ChangeRequest:
    """Change what is named of the plan; a given authorisation falls when the plan is no longer what was authorised."""
    moves = "start" in changes or "end" in changes
    if moves:
        hold(Lock.CALENDAR)
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_plan, actor, change)
    _check_plannable(change)
    cis, services = changes.pop("cis", None), changes.pop("services", None)
    if moves:
        change.window = window_of(changes.pop("start", change.starts_at), changes.pop("end", change.ends_at))
    _check_known(changes)
    _check_planned(changes.get("model", change.model))
    _fit_answers(change, changes)
    before = plan_of(change)
    for field, value in changes.items():
        setattr(change, field, value)
    if "model" in changes:
        change.type = change.model.type
    if cis is not None:
        _touch(change, cis)
    if services is not None:
        change.services.set(services)
    risk.assess(change, timezone.now())
    change.save(update_fields=[*sorted(changes), "window", "type", *risk.KEPT])
    asking.keep_true(change=change, actor=actor, why=_what_changed(change, before))
    events.record("changes.change_request.planned", change, actor=actor, fields=sorted(changes))
    return change


@operation
def schedule(*, change_id: int, start: datetime, end: datetime, actor: Actor) -> ChangeRequest:
    """Set or move the window; what it collides with is the basics' matter, what was authorised for another falls."""
    hold(Lock.CALENDAR)
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_plan, actor, change)
    _check_plannable(change)
    change.window = window_of(start, end)
    risk.assess(change, timezone.now())
    change.save(update_fields=["window", *risk.KEPT])
    asking.keep_true(change=change, actor=actor, why="The window was moved.")
    events.record(
        "changes.change_request.window_moved", change, actor=actor, start=start.isoformat(), end=end.isoformat()
    )
    return change


def _what_changed(change: ChangeRequest, before: dict[str, Any]) -> str:
    """In words, such as: The plan was changed: checking (min), CIs."""
    names = [name for name, value in plan_of(change).items() if value != before[name]]
    return f"The plan was changed: {', '.join(PLAN_WORDS.get(name, name.replace('_', ' ')) for name in names)}."


def _check_plannable(change: ChangeRequest) -> None:
    if change.status not in ChangeRequest.PLANNABLE:
        raise NotPlannable(f"{change} is {change.get_status_display().lower()}; its plan can no longer be changed.")


def _check_known(changes: dict[str, Any]) -> None:
    for field in changes:
        if field not in PLANNED_FIELDS:
            raise InvalidInput.at(field, "This cannot be planned here.")


def _check_planned(model: ChangeModel) -> None:
    if model.type not in ChangeModel.PLANNED:
        raise InvalidInput.at("model", f"{model} is for what was found done; nobody can plan with it.")


def _check_answers(model: ChangeModel, answers: Any) -> None:
    if wrong := questions.wrong_answers(model.questions, answers):
        said = "; ".join(f"{code}: {' '.join(each)}" for code, each in wrong.items())
        raise InvalidInput(f"The answers cannot be kept. {said}", errors={"answers": wrong})


def _fit_answers(change: ChangeRequest, changes: dict[str, Any]) -> None:
    """What is answered fits the model's questions; of another model's the answers that still fit stay."""
    model = changes.get("model", change.model)
    if "answers" in changes:
        _check_answers(model, changes["answers"])
    elif model != change.model and change.answers:
        changes["answers"] = questions.kept(model.questions, change.answers)


def _touch(change: ChangeRequest, cis: Iterable[ConfigurationItem]) -> None:
    """Exactly these CIs are touched."""
    wanted = {ci.pk for ci in cis}
    present = set(change.affected.values_list("ci_id", flat=True))
    change.affected.filter(ci_id__in=present - wanted).delete()
    AffectedCI.objects.bulk_create([AffectedCI(change=change, ci_id=ci) for ci in sorted(wanted - present)])
