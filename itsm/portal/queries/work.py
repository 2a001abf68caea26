"""My work: what waits for this person, oldest first, each with its one action."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F
from django.urls import reverse

from changes.models import Authorisation, ChangeTask
from changes.queries import authorisations, tasks
from itsm.kernel.actor import Actor
from itsm.kernel.roles import Role
from knowledge.queries.articles import to_test
from transition.models import Gap, Incident, StreamPeriod
from transition.rules.delivery import may_record_run

PER_KIND = 20
STEPS = {
    ChangeTask.State.PLANNED: ("Acknowledge", "changes:task-acknowledge"),
    ChangeTask.State.ACKNOWLEDGED: ("Start", "changes:task-start"),
    ChangeTask.State.IN_PROGRESS: ("Finish", "changes:task-finish"),
}


@dataclass(frozen=True)
class Item:
    """One thing to do: what it is, since when it waits, and where it is done."""

    kind: str
    title: str
    about: str
    since: datetime
    action: str
    url: str


def work_of(actor: Actor, now: datetime) -> list[Item]:
    """Everything that waits for the actor, what waits longest first; a fixed number of queries."""
    found = [
        *_decisions(actor),
        *_tasks(actor),
        *_runs(actor, now),
        *_tests(actor),
        *_gaps(actor),
        *_causes(actor),
    ]
    return sorted(found, key=lambda item: item.since)


def _decisions(actor: Actor) -> list[Item]:
    waiting: list[Authorisation] = list(authorisations.waiting_for(actor)[:PER_KIND])
    return [
        Item("Decide", a.change.title, f"{a.change.number}, {a.get_role_display()}", a.asked_at, "Decide",
             f"{a.change.get_absolute_url()}?queue=1")
        for a in waiting
    ]  # fmt: skip


def _tasks(actor: Actor) -> list[Item]:
    if actor.user_id is None:
        return []
    found = []
    for task in tasks.waiting_for(actor)[:PER_KIND]:
        label, page = STEPS[ChangeTask.State(task.state)]
        about = f"Task {task.order} of {task.change.display}"
        found.append(Item("Task", task.title, about, task.updated_at, label, reverse(page, args=[task.number])))
    return found


def _runs(actor: Actor, now: datetime) -> list[Item]:
    """Open periods that still lack a run and whose stream this actor serves."""
    lacking = (
        StreamPeriod.objects.filter(state=StreamPeriod.State.OPEN, span__contains=now, stream__state="active")
        .select_related("stream__plan__service", "stream__owner")
        .annotate(done=Count("runs"))
        .filter(done__lt=F("expected_min"))
        .order_by("span", "pk")[:200]
    )
    mine = [period for period in lacking if not actor.is_admin and may_record_run(actor, period.stream)]
    return [
        Item("Run", f"{p.stream.display} of {p.stream.plan.service}", f"{p.done} of {p.expected_min} in this period",
             p.span.lower, "Record a run", reverse("transition:stream-record-run", args=[p.stream.number]))
        for p in mine[:PER_KIND]
    ]  # fmt: skip


def _tests(actor: Actor) -> list[Item]:
    if not actor.holds_anywhere(Role.TEST_MANAGER, Role.KNOWLEDGE_MANAGER, Role.SUPPORT_LEAD) or actor.is_admin:
        return []
    return [
        Item("Test", a.title, f"{a.number}, by {a.current.author if a.current else a.owner}", a.updated_at,
             "Record a test", reverse("knowledge:article-record-test", args=[a.number]))
        for a in to_test(actor)[:PER_KIND]
    ]  # fmt: skip


def _gaps(actor: Actor) -> list[Item]:
    if actor.user_id is None:
        return []
    mine = Gap.objects.filter(owner=actor.user_id, state=Gap.State.OPEN).select_related("service").order_by("pk")
    return [
        Item(
            "Gap",
            g.title,
            f"{g.get_severity_display()} gap of {g.service}",
            g.created_at,
            "Answer",
            g.get_absolute_url(),
        )
        for g in mine[:PER_KIND]
    ]


def _causes(actor: Actor) -> list[Item]:
    """Incidents of the actor's services with suspects that nobody has decided on."""
    undecided: Any = Incident.objects.visible_to(actor).filter(
        cause=Incident.Cause.UNDECIDED, suspects__isnull=False, service__owner=actor.user_id
    )
    return [
        Item("Cause", i.title, i.number, i.opened_at, "Decide the cause", i.get_absolute_url())
        for i in undecided.distinct().order_by("opened_at")[:PER_KIND]
    ]
