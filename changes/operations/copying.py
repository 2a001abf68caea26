"""Copy a request: what is still true is kept, what is not is cleared, and said."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from changes import questions, rules
from changes.models import AffectedCI, ChangeProposal, ChangeRequest, ChangeTask
from changes.operations.planning import window_of
from changes.queries import risk
from cmdb.models import ConfigurationItem, Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

# What is said of the plan whoever makes it and whenever it is made.
PLAN = (
    "reason", "likelihood", "impact", "check_minutes", "back_out_minutes", "margin_minutes", "back_out_trigger",
    "back_out_steps", "confidential",
)  # fmt: skip
TASK = ("order", "phase", "title", "instructions", "offset_minutes", "duration_minutes")
GONE = (ConfigurationItem.Status.RETIRED, ConfigurationItem.Status.LOST)
LIVING = (ChangeProposal.Status.AUTHORISED, ChangeProposal.Status.IN_DELIVERY)
NAMED = 10


class NothingToCopy(DomainError):
    code = "nothing_to_copy"


@operation
def copy(
    *,
    change_id: int,
    actor: Actor,
    now: datetime,
    title: str = "",
    requested_by: User | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> ChangeRequest:
    """A draft with the plan, the living CIs and services, and the tasks; `cleared` says what was left behind."""
    require(rules.may_draft, actor)
    source = ChangeRequest.objects.select_related("model", "proposal").get(pk=change_id)
    if source.model.type not in source.model.PLANNED:
        raise NothingToCopy(f"{source} was found done; there is no plan to copy.")
    cleared: list[str] = []
    proposal = source.proposal if source.proposal and source.proposal.status in LIVING else None
    if source.proposal and proposal is None:
        cleared.append(f"Proposal: {source.proposal} is {source.proposal.get_status_display().lower()}.")
    made = ChangeRequest.objects.create(
        title=title or source.title, model=source.model, type=source.model.type, proposal=proposal,
        requested_by=requested_by or actor.user, window=window_of(start, end), copied_from=source,
        answers=questions.kept(source.model.questions, source.answers),
        **{name: getattr(source, name) for name in PLAN},
    )  # fmt: skip
    if lost := sorted(set(source.answers) - set(made.answers)):
        cleared.append(f"Answers that the model no longer asks for: {', '.join(lost)}.")
    living = _touch(made, source, cleared)
    _copy_tasks(made, source, living, cleared)
    made.cleared = [*_always(source, start), *cleared]
    risk.assess(made, now)
    made.save(update_fields=["cleared", *risk.KEPT])
    events.record("changes.change_request.copied", made, actor=actor, source=source.number, cleared=made.cleared)
    return made


def _always(source: ChangeRequest, start: datetime | None) -> list[str]:
    """What belongs to one occasion only, where there was any."""
    found = []
    if source.window is not None and start is None:
        found.append(f"Window: {source.starts_at:%d.%m.%Y} was for {source}.")
    if source.authorisations.exists():
        found.append("Authorisations: they were given for that plan and that window.")
    if source.waivers.exists():
        found.append("Waivers: whoever took a check upon themselves did so once.")
    return found


def _touch(made: ChangeRequest, source: ChangeRequest, cleared: list[str]) -> set[int]:
    """CIs and services that are still there; the ids of the CIs."""
    cis = list(source.cis.order_by("name", "pk"))
    living = [ci for ci in cis if ci.status not in GONE]
    AffectedCI.objects.bulk_create([AffectedCI(change=made, ci=ci) for ci in living])
    gone = [f"{ci.name} ({ci.get_status_display().lower()})" for ci in cis if ci.status in GONE]
    _say(cleared, "CIs that are gone", gone)
    services = list(source.services.select_related("ci").order_by("pk"))
    made.services.set([service for service in services if not _is_retired(service)])
    _say(cleared, "Services that are retired", [str(service) for service in services if _is_retired(service)])
    return {ci.pk for ci in living}


def _is_retired(service: Service) -> bool:
    return bool(service.status == Service.Status.RETIRED)


def _copy_tasks(made: ChangeRequest, source: ChangeRequest, living: set[int], cleared: list[str]) -> None:
    tasks = list(source.tasks.select_related("assignee", "ci").order_by("order", "pk"))
    copies = [_task(made, task) for task in tasks]
    ChangeTask.objects.bulk_create(copies)
    places = {task.pk: copy for task, copy in zip(tasks, copies, strict=True)}
    followers = [(places[task.pk], places.get(task.predecessor_id)) for task in tasks if task.predecessor_id]
    for copy, before in followers:
        copy.predecessor = before
    ChangeTask.objects.bulk_update([copy for copy, _ in followers], ["predecessor"])
    left = [f"{task.title} ({task.assignee})" for task in tasks if task.assignee and not task.assignee.is_active]
    _say(cleared, "Tasks of people who left", left)
    lost = [f"{task.title} ({task.ci.name})" for task in tasks if task.ci and task.ci.status in GONE]
    _say(cleared, "CIs of tasks that are gone", lost)
    if any(task.is_acknowledged for task in tasks):
        cleared.append("Acknowledgements: everybody is asked again.")


def _task(made: ChangeRequest, task: ChangeTask) -> ChangeTask:
    kept: dict[str, Any] = {name: getattr(task, name) for name in TASK}
    assignee = task.assignee if task.assignee and task.assignee.is_active else None
    ci = task.ci if task.ci and task.ci.status not in GONE else None
    return ChangeTask(change=made, assignee=assignee, ci=ci, **kept)


def _say(cleared: list[str], what: str, names: Iterable[str]) -> None:
    named = list(names)
    if named:
        more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
        cleared.append(f"{what}: {', '.join(named[:NAMED])}{more}.")
