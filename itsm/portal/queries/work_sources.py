"""What can wait for a person: each source asks for its rows in the same columns, so that all are one query."""

from datetime import date, datetime

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from changes.models import (
    ChangeTask,
)
from changes.queries import tasks
from cmdb.models import CIEdit, RelationProposal, SampledCI
from cmdb.queries import edits, samples
from itsm.kernel.actor import Actor
from itsm.kernel.roles import Role
from itsm.portal.queries.work_of_changes import CHANGES
from itsm.portal.queries.work_of_streams import STREAMS
from itsm.portal.queries.work_source import TEXT, Row, Source, Step, named, page_of
from knowledge.models import Article
from knowledge.queries.articles import to_test
from transition.models import (
    AcceptanceReview,
    Gap,
    Improvement,
    Incident,
    Suspect,
)
from transition.queries.measures import takes

# --- Acceptance -----------------------------------------------------------------------------


def _scoped(actor: Actor, *roles: Role, service: str = "service") -> Q:
    """Rows of the services for which the actor holds one of the roles; all rows if held everywhere."""
    held = [scope for role, scope in actor.assignments if role in roles]
    return Q() if None in held or actor.is_admin else Q(**{f"{service}__in": sorted(s for s in held if s is not None)})


def _reviews(actor: Actor, now: datetime) -> QuerySet:
    mine = _scoped(actor, Role.SUPPORT_LEAD, Role.TEST_MANAGER)
    return AcceptanceReview.objects.filter(mine, state=AcceptanceReview.State.OPEN)


def _review(row: Row) -> tuple[str, Step]:
    page = page_of("transition:acceptance-detail", AcceptanceReview.PREFIX, row["w_id"])
    return f"ACR-{row['w_id']}, acceptance into support", Step("Decide", "d", page)


# --- Tasks, runs, tests -------------------------------------------------------------------

TASK_STEPS = {
    ChangeTask.State.PLANNED: ("Acknowledge", "a", "changes:task-acknowledge", True),
    ChangeTask.State.ACKNOWLEDGED: ("Start", "s", "changes:task-start", True),
    ChangeTask.State.IN_PROGRESS: ("Finish", "f", "changes:task-finish", False),
}


def _tasks(actor: Actor, now: datetime) -> QuerySet:
    """What cannot be started yet, because another task comes before it, does not wait for the actor."""
    before_is_done = Q(predecessor__state__in=[ChangeTask.State.DONE, ChangeTask.State.SKIPPED])
    can_go_on = Q(predecessor__isnull=True) | before_is_done | ~Q(state=ChangeTask.State.ACKNOWLEDGED)
    return tasks.waiting_for(actor).filter(can_go_on)


def _task(row: Row) -> tuple[str, Step]:
    label, key, page, right_here = TASK_STEPS[row["w_more"]]
    about = f"Task of RFC-{row['w_subject']} {row['w_detail']}"
    return about, Step(label, key, page_of(page, ChangeTask.PREFIX, row["w_id"]), right_here)


def _article(row: Row) -> tuple[str, Step]:
    page = page_of("knowledge:article-record-test", Article.PREFIX, row["w_id"])
    return f"KA-{row['w_id']}, written by {row['w_detail']}", Step("Record a test", "t", page)


# --- Operation ----------------------------------------------------------------------------


def _gap(row: Row) -> tuple[str, Step]:
    about = f"{Gap.Severity(row['w_more']).label} gap of {row['w_detail']}"
    return about, Step("Answer", "g", page_of("transition:gap-detail", Gap.PREFIX, row["w_id"]))


def _suspected() -> Exists:
    return Exists(Suspect.objects.filter(incident=OuterRef("pk"), verdict=Suspect.Verdict.OPEN))


def _incidents(actor: Actor, now: datetime) -> QuerySet:
    """Of the services that the actor owns or supports: open, or with suspects that nobody has decided on."""
    mine = Q(service__owner=actor.user_id)
    held = {service for role, service in actor.assignments if role in (Role.SUPPORT_LEAD, Role.IMPLEMENTER)}
    if None in held:
        mine |= Q(service__support_team__members=actor.user_id)
    if scoped := sorted(service for service in held if service is not None):
        mine |= Q(service__in=scoped)
    waiting = Q(state=Incident.State.OPEN) | Q(_suspected(), cause=Incident.Cause.UNDECIDED)
    visible: QuerySet = Incident.objects.visible_to(actor)
    return visible.filter(waiting, pk__in=Incident.objects.filter(mine).values("pk"))


def _incident(row: Row) -> tuple[str, Step]:
    about = f"INC-{row['w_id']} of {row['w_detail']}"
    if row["w_more"] == "cause":
        return about, Step("Decide the cause", "c", page_of("transition:incident-detail", Incident.PREFIX, row["w_id"]))
    return about, Step("Resolve", "v", page_of("transition:incident-resolve", Incident.PREFIX, row["w_id"]))


def _checks(actor: Actor, now: datetime) -> QuerySet:
    """Improvements that are done and whose day to be measured again has come."""
    mine = Q(owner=actor.user_id) | Q(service__owner=actor.user_id)
    if actor.holds_anywhere(Role.CSI_MANAGER) and not actor.is_admin:
        mine |= _scoped(actor, Role.CSI_MANAGER)
    due = Improvement.objects.filter(state=Improvement.State.CHECKING, check_on__lte=now.date())
    return due.filter(mine) if mine else due


def _check(row: Row) -> tuple[str, Step]:
    page = page_of("transition:improvement-check", Improvement.PREFIX, row["w_id"])
    return f"IMP-{row['w_id']}, did it work?", Step("Measure again", "m", page, right_here=takes(row["w_more"]))


def _relation(row: Row) -> tuple[str, Step]:
    page = page_of("cmdb:relation-proposal-detail", RelationProposal.PREFIX, row["w_id"])
    return f"RLP-{row['w_id']}, shown by {row['w_detail']}", Step("Decide", "d", page)


def _edit(row: Row) -> tuple[str, Step]:
    about = f"EDT-{row['w_id']}, proposed by {row['w_detail']}"
    return about, Step("Decide", "d", page_of("cmdb:ci-edit-detail", CIEdit.PREFIX, row["w_id"]))


def _sampled(row: Row) -> tuple[str, Step]:
    about = f"{row['w_detail']}, answers by {date.fromisoformat(row['w_more']):%-d %b}"
    return about, Step("Say whether it is true", "y", page_of("cmdb:sampled-ci-answer", SampledCI.PREFIX, row["w_id"]))


def _works_with_knowledge(actor: Actor) -> bool:
    return actor.holds_anywhere(Role.TEST_MANAGER, Role.KNOWLEDGE_MANAGER, Role.SUPPORT_LEAD)


SOURCES = (
    *CHANGES,
    Source(
        "review",
        "Acceptance",
        _reviews,
        {"since": "created_at", "title": "service__name"},
        _review,
        lambda actor: actor.holds_anywhere(Role.SUPPORT_LEAD, Role.TEST_MANAGER),
    ),
    Source(
        "task",
        "Task",
        _tasks,
        {"since": "updated_at", "title": "title", "subject": "change_id", "detail": "change__title", "more": "state"},
        _task,
    ),
    *STREAMS,
    Source(
        "test",
        "Test",
        lambda actor, now: to_test(actor),
        {"since": "updated_at", "title": "title", "detail": named("current__author")},
        _article,
        _works_with_knowledge,
    ),
    Source(
        "gap",
        "Gap",
        lambda actor, now: Gap.objects.filter(owner=actor.user_id, state=Gap.State.OPEN),
        {"since": "created_at", "title": "title", "detail": "service__name", "more": "severity"},
        _gap,
    ),
    Source(
        "edit",
        "Change to a CI",
        lambda actor, now: edits.waiting_for(actor),
        {"since": "created_at", "title": "ci__name", "detail": named("proposed_by")},
        _edit,
    ),
    Source(
        "sample",
        "Record to check",
        lambda actor, now: samples.waiting_for(actor),
        {"since": "created_at", "title": "ci__name", "detail": "sample__name", "more": Cast("sample__due_on", TEXT)},
        _sampled,
    ),
    Source(
        "incident",
        "Incident",
        _incidents,
        {
            "since": "opened_at",
            "title": "title",
            "detail": "service__name",
            "more": Case(When(Q(_suspected(), cause="undecided"), then=Value("cause")), default=Value("")),
        },
        _incident,
    ),
    Source(
        "check",
        "Check",
        _checks,
        {
            "since": Cast("check_on", DateTimeField()),
            "title": "title",
            "more": Case(When(target__isnull=False, then="measure"), default=Value("")),
        },
        _check,
    ),
    Source(
        "relation",
        "Missing relation",
        lambda actor, now: RelationProposal.objects.filter(state=RelationProposal.State.OPEN),
        {
            "since": "created_at",
            "title": Concat("source__name", Value(" – "), "target__name", output_field=TEXT),
            "detail": "evidence",
        },
        _relation,
        lambda actor: actor.holds(Role.CONFIGURATION_MANAGER),
    ),
)
