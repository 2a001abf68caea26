"""Who hears of what happened in the CMDB."""

from django.db.models import Q, QuerySet
from django.urls import reverse

from cmdb.models import CIEdit, ImportRun, ImportSchedule, Sample, SampledCI
from cmdb.operations import import_schedules
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.models import OutboxEvent, RoleAssignment, User
from itsm.kernel.models.notification import Mail
from itsm.kernel.notifications import kind, tell
from itsm.kernel.roles import Role

EDIT = kind(
    "cmdb.edit", "A change to a critical CI waits for me", action="Decide", why="You can accept it.", mail=Mail.AT_ONCE
)
CHANGES = ("created", "changed", "retired", "related", "unrelated")
SCHEDULE = kind(
    "cmdb.import_schedule", "A scheduled import of mine fails, works again or waits", action="See it",
    why="You answer for it.", mail=Mail.AT_ONCE,
)  # fmt: skip
SAMPLE = kind("cmdb.sample", "A CI of mine was drawn for a sample", action="Say whether it is true", why="You own it.")
WRONG = kind(
    "cmdb.sample_wrong", "The owner of a CI says that its record is wrong", action="Mend it",
    why="You look after the record.",
)  # fmt: skip
DECIDED = kind("cmdb.edit_decided", "What became of my change to a CI", action="See it", why="You proposed it.")


@events.on("cmdb.ci_edit.proposed")
def tell_who_may_accept(event: OutboxEvent) -> None:
    """The configuration managers and the CI's owner; not who proposed it."""
    edit = _edit(event)
    people = {user.pk: user for user in [*_managers(), edit.ci.owner] if user is not None}
    people.pop(edit.proposed_by_id, None)
    tell(people.values(), text=f"{event.actor} wants to change {edit.ci}.", kind=EDIT, about=edit, event=event)


@events.on("cmdb.ci_edit.decided")
def tell_who_proposed_it(event: OutboxEvent) -> None:
    edit = _edit(event)
    if edit.state == CIEdit.State.WITHDRAWN:
        return
    comment = f" {edit.comment}" if edit.comment else ""
    text = f"{event.actor}: your change to {edit.ci} is {edit.get_state_display().lower()}.{comment}"
    tell([edit.proposed_by], text=text, kind=DECIDED, about=edit, event=event)


@events.on("cmdb.sample.drawn")
def ask_who_answers_for_them(event: OutboxEvent) -> None:
    """Each once, however many of their CIs were drawn; each CI waits in their work."""
    sample = Sample.objects.get(pk=event.subject_id)
    asked = User.objects.filter(pk__in=sample.cis.values("asked"))
    text = f"Are your CIs as they are recorded? Some were drawn for “{sample.name}”; answers by {sample.due_on:%-d %b}."
    tell(asked, text=text, kind=SAMPLE, about=sample, event=event)


@events.on("cmdb.sampled_ci.answered")
def tell_who_mends_it(event: OutboxEvent) -> None:
    """The configuration managers; not the one who said so."""
    sampled = SampledCI.objects.select_related("ci", "answered_by").get(pk=event.subject_id)
    if sampled.verdict != SampledCI.Verdict.WRONG:
        return
    people = [each for each in _managers() if each != sampled.answered_by]
    text = f"{event.actor}: the record of {sampled.ci} is wrong. {sampled.note}"
    tell(
        people,
        text=text,
        kind=WRONG,
        about=sampled,
        link=reverse("cmdb:ci-edit", args=[sampled.ci.number]),
        event=event,
    )


def _managers() -> QuerySet[User]:
    holding = RoleAssignment.objects.current().filter(role=Role.CONFIGURATION_MANAGER, service_id__isnull=True)
    return User.objects.filter(Q(assignments__in=holding) | Q(teams__assignments__in=holding)).distinct()


@events.on("cmdb.import.failed")
@events.on("cmdb.import.merged")
@events.on("cmdb.import.previewed")
def tell_how_a_schedule_does(event: OutboxEvent) -> None:
    """Once when it begins to fail, and once when it works again; each time when a preview waits."""
    run = _run(event)
    schedule = run.schedule if run else None
    if run is None or schedule is None:
        return
    turned = import_schedules.note_outcome(
        schedule_id=schedule.pk, actor=Actor.system("imports"), now=event.occurred_at
    )
    if text := _how_it_does(schedule, run, turned):
        who = [schedule.owner] if schedule.owner.is_active else _managers()
        tell(who, text=text, kind=SCHEDULE, about=schedule, link=run.get_absolute_url(), event=event)


def _how_it_does(schedule: ImportSchedule, run: ImportRun, turned: bool) -> str:
    """Empty where there is nothing new."""
    if run.state == ImportRun.State.FAILED:
        return f"“{schedule}” fails: {run.failure}" if turned else ""
    said = [f"“{schedule}” works again."] if turned else []
    if run.state == ImportRun.State.PREVIEWED and _says_something(run):
        said.append(f"“{schedule}” was read; what it would change waits for you.")
    return " ".join(said)


def _says_something(run: ImportRun) -> bool:
    return bool(run.problem_count or any(run.counts.get(name) for name in CHANGES))


def _run(event: OutboxEvent) -> ImportRun | None:
    return ImportRun.objects.select_related("schedule__owner").filter(pk=event.subject_id).first()


def _edit(event: OutboxEvent) -> CIEdit:
    return CIEdit.objects.select_related("ci__owner", "proposed_by").get(pk=event.subject_id)
