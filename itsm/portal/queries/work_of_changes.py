"""What of changes waits: a decision, a question, a plan not yet sent, a review, what an emergency still owes."""

from datetime import datetime

from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone

from changes.models import (
    Authorisation,
    BoardMeeting,
    ChangeProposal,
    ChangeRequest,
    ChangeTask,
    Consultation,
    Policy,
    PreAuthorisation,
    Review,
    RunQuestion,
    WindowExtension,
)
from changes.models.proposal import AUTHORITIES
from changes.queries import authorisations, boards
from itsm.kernel.actor import Actor
from itsm.kernel.roles import Role
from itsm.portal.queries.work_source import TEXT, Row, Source, Step, named, page_of

RFC = ChangeRequest.PREFIX
Status = ChangeRequest.Status


def _decisions(actor: Actor, now: datetime) -> QuerySet:
    return authorisations.waiting_for(actor).filter(change__in=ChangeRequest.objects.visible_to(actor))


def _decision(row: Row) -> tuple[str, Step]:
    page = page_of("changes:request-detail", ChangeRequest.PREFIX, row["w_id"])
    role, point = Role(row["w_detail"]).label, Authorisation.Point(row["w_more"]).label
    return f"RFC-{row['w_id']}, as {str(role).lower()}, {point}", Step("Decide", "d", f"{page}?queue=1")


def _meetings(actor: Actor, now: datetime) -> QuerySet:
    """Meetings of the actor's boards with changes on which they have not voted yet."""
    waiting = boards.to_vote(actor).values("meeting")
    return BoardMeeting.objects.filter(pk__in=waiting)


def _meeting(row: Row) -> tuple[str, Step]:
    page = page_of("changes:meeting-detail", BoardMeeting.PREFIX, row["w_id"])
    return f"BMT-{row['w_id']}, to vote before {row['w_detail']}", Step("Vote", "v", page)


def _proposals(actor: Actor, now: datetime) -> QuerySet:
    """To be assessed, to be decided by its authority, and (whose own it is) to be held against what it brought."""
    status, own = ChangeProposal.Status, Q(requested_by=actor.user_id) | Q(sponsor=actor.user_id)
    held = [code for code, _ in AUTHORITIES if actor.holds(Role(code))]
    waiting = Q(status=status.ASSESSMENT, authority__in=held) & ~own
    waiting |= Q(status=status.REALISED, check_on__lte=timezone.localdate(now)) & own
    if actor.holds(Role.CHANGE_MANAGER, Role.BUSINESS_RELATIONSHIP_MANAGER):
        waiting |= Q(status=status.SUBMITTED)
    return ChangeProposal.objects.visible_to(actor).filter(waiting)


def _proposal(row: Row) -> tuple[str, Step]:
    prefix, about = ChangeProposal.PREFIX, f"PRP-{row['w_id']}, sponsored by {row['w_detail']}"
    if row["w_more"] == ChangeProposal.Status.SUBMITTED:
        return about, Step("Assess", "d", page_of("changes:proposal-assess", prefix, row["w_id"]))
    if row["w_more"] == ChangeProposal.Status.REALISED:
        page = page_of("changes:proposal-close", prefix, row["w_id"])
        return f"{about}: what did it bring?", Step("Close", "c", page)
    return about, Step("Decide", "d", page_of("changes:proposal-detail", prefix, row["w_id"]))


def _owed(actor: Actor, now: datetime) -> QuerySet:
    """Emergencies of the actor's that left something unsaid until they were over."""
    return ChangeRequest.objects.filter(requested_by=actor.user_id, later_due_at__isnull=False, later_said_at=None)


def _owing(row: Row) -> tuple[str, Step]:
    page = page_of("changes:request-fill-in", ChangeRequest.PREFIX, row["w_id"])
    return f"RFC-{row['w_id']}, to be completed by {row['w_more']}", Step("Complete it", "c", page)


def _standards(actor: Actor, now: datetime) -> QuerySet:
    """Models proposed as standard by another, and those whose yearly review is due."""
    state = PreAuthorisation.State
    proposed = Q(state=state.PROPOSED) & ~Q(proposed_by=actor.user_id)
    return PreAuthorisation.objects.filter(proposed | Q(state=state.APPROVED, review_due_at__lte=now))


def _standard(row: Row) -> tuple[str, Step]:
    page = reverse("changes:model-detail", args=[row["w_detail"]]) + "#standard"
    if row["w_more"] == PreAuthorisation.State.PROPOSED:
        return f"PRE-{row['w_id']}, proposed as a standard change", Step("Decide", "d", page)
    return f"PRE-{row['w_id']}, the yearly review of a standard change", Step("Review", "r", page)


def _drafts(actor: Actor, now: datetime) -> QuerySet:
    """The newest version of a policy, written by another, that is not in force yet."""
    newer = Policy.objects.filter(name=OuterRef("name"), version__gt=OuterRef("version"))
    drafted = Policy.objects.filter(~Exists(newer), state=Policy.State.DRAFT)
    return drafted.exclude(drafted_by=actor.user_id)


def _draft(row: Row) -> tuple[str, Step]:
    page = page_of("changes:policy-detail", Policy.PREFIX, row["w_id"])
    return f"POL-{row['w_id']}, version {row['w_more']}, written by {row['w_detail']}", Step("Decide", "d", page)


def _asked(actor: Actor, now: datetime) -> QuerySet:
    """What a decider wants to know first of a change of the actor's."""
    return Authorisation.objects.filter(
        state=Authorisation.State.MORE_INFORMATION,
        change__requested_by=actor.user_id,
        change__status__in=ChangeRequest.DECIDABLE,
    )


def _answer(row: Row) -> tuple[str, Step]:
    about = f"RFC-{row['w_subject']}, asked as {str(Role(row['w_detail']).label).lower()}"
    return about, Step("Answer", "a", page_of("changes:authorisation-answer", Authorisation.PREFIX, row["w_id"]))


def _views(actor: Actor, now: datetime) -> QuerySet:
    """Changes that may hit a service of the actor's, about which they were asked."""
    return Consultation.objects.filter(owner=actor.user_id, view="", change__status__in=ChangeRequest.PLANNABLE)


def _view(row: Row) -> tuple[str, Step]:
    about = f"RFC-{row['w_subject']} may hit a service of yours"
    return about, Step("Say what you think", "s", page_of("changes:request-detail", RFC, row["w_subject"]))


def _unsent(actor: Actor, now: datetime) -> QuerySet:
    """Changes of the actor's that nobody looks at before the actor has sent them (again)."""
    return ChangeRequest.objects.filter(requested_by=actor.user_id, status__in=[Status.DRAFT, Status.REJECTED])


def _send(row: Row) -> tuple[str, Step]:
    if row["w_more"] == Status.REJECTED:
        page = page_of("changes:request-revise", RFC, row["w_id"])
        return f"RFC-{row['w_id']}, rejected: to be revised or cancelled", Step("Revise", "r", page)
    return f"RFC-{row['w_id']}, not submitted yet", Step(
        "Plan it", "p", page_of("changes:request-detail", RFC, row["w_id"])
    )


def _ended(actor: Actor, now: datetime) -> QuerySet:
    """Changes that ended and are to be reviewed, or only closed, when no rule asks for a review or it is written."""
    return ChangeRequest.objects.filter(status=Status.REVIEW, source="")


def _look_back(row: Row) -> tuple[str, Step]:
    if row["w_more"] == "close":
        return f"RFC-{row['w_id']}, to be closed", Step(
            "Close", "c", page_of("changes:request-close", RFC, row["w_id"])
        )
    due = f", due {row['w_detail']}" if row["w_detail"] else ""
    page = page_of("changes:request-review", RFC, row["w_id"])
    return f"RFC-{row['w_id']}, to be reviewed{due}", Step("Review", "r", page)


def _apart(actor: Actor, extensions: QuerySet) -> QuerySet:
    """Without those of changes that the actor asked for or has a task in."""
    doing = ChangeTask.objects.filter(change=OuterRef("change"), assignee=actor.user_id)
    return extensions.exclude(change__requested_by=actor.user_id).exclude(Exists(doing))


def _extensions(actor: Actor, now: datetime) -> QuerySet:
    asked = WindowExtension.objects.filter(state=WindowExtension.State.ASKED, change__status=Status.IMPLEMENTING)
    return _apart(actor, asked)


def _extension(row: Row) -> tuple[str, Step]:
    page = page_of("changes:extension-decide", WindowExtension.PREFIX, row["w_id"])
    return f"RFC-{row['w_subject']}, asked by {row['w_detail']}: {row['w_more']}", Step("Decide", "d", page)


def _stopped(actor: Actor, now: datetime) -> QuerySet:
    """Changes under way whose window is over or in whose way a freeze began: someone says how to go on."""
    stopped = RunQuestion.objects.filter(answer="", change__status=Status.IMPLEMENTING)
    if actor.holds(Role.CHANGE_MANAGER):
        return stopped
    return stopped.filter(Exists(ChangeTask.objects.filter(change=OuterRef("change"), assignee=actor.user_id)))


def _go_on(row: Row) -> tuple[str, Step]:
    page = page_of("changes:request-answer", RFC, row["w_subject"])
    why = str(RunQuestion.Kind(row["w_more"]).label).lower()
    return f"RFC-{row['w_subject']} stands still: {why}", Step("Say how to go on", "g", page)


def _is_someone(actor: Actor) -> bool:
    return actor.user is not None and not actor.user.is_machine


def _manages(actor: Actor) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)


CHANGES = (
    Source(
        "decision",
        "Decision",
        _decisions,
        {"id": "change_id", "since": "asked_at", "title": "change__title", "detail": "role", "more": "point"},
        _decision,
    ),
    Source(
        "question",
        "Question",
        _asked,
        {"since": "updated_at", "title": "change__title", "subject": "change_id", "detail": "role"},
        _answer,
        _is_someone,
    ),
    Source(
        "view",
        "View",
        _views,
        {"since": "asked_at", "title": "change__title", "subject": "change_id"},
        _view,
        _is_someone,
    ),
    Source("unsent", "Plan", _unsent, {"since": "updated_at", "title": "title", "more": "status"}, _send, _is_someone),
    Source(
        "stopped",
        "Change under way",
        _stopped,
        {"since": "asked_at", "title": "change__title", "subject": "change_id", "more": "kind"},
        _go_on,
        _is_someone,
    ),
    Source(
        "extension",
        "More time",
        _extensions,
        {
            "since": "asked_at",
            "title": "change__title",
            "subject": "change_id",
            "detail": named("asked_by"),
            "more": "reason",
        },
        _extension,
        _manages,
    ),
    Source(
        "ended",
        "Review",
        _ended,
        {
            "since": Coalesce("finished_at", "updated_at"),
            "title": "title",
            "detail": Coalesce(
                Func(F("review_due_at"), Value("FMDD FMMon"), function="to_char", output_field=TEXT), Value("")
            ),
            "more": Case(
                When(Q(review_why="") | Exists(Review.objects.filter(change=OuterRef("pk"))), then=Value("close")),
                default=Value(""),
                output_field=TEXT,
            ),
        },
        _look_back,
        _manages,
    ),
    Source(
        "policy",
        "Policy",
        _drafts,
        {"since": "created_at", "title": "title", "detail": named("drafted_by"), "more": Cast("version", TEXT)},
        _draft,
        _manages,
    ),
    Source(
        "meeting",
        "Board",
        _meetings,
        {
            "since": "agenda_due_at",
            "title": "board__name",
            "detail": Func(F("starts_at"), Value("FMDD FMMon"), function="to_char", output_field=TEXT),
        },
        _meeting,
        _is_someone,
    ),
    Source(
        "proposal",
        "Proposal",
        _proposals,
        {"since": "updated_at", "title": "title", "detail": named("sponsor"), "more": "status"},
        _proposal,
        _is_someone,
    ),
    Source(
        "owed",
        "Emergency",
        _owed,
        {
            "since": "finished_at",
            "title": "title",
            "more": Func(F("later_due_at"), Value("FMDD FMMon"), function="to_char", output_field=TEXT),
        },
        _owing,
        _is_someone,
    ),
    Source(
        "standard",
        "Standard change",
        _standards,
        {
            "since": Coalesce("review_due_at", "proposed_at"),
            "title": "model__name",
            "detail": "model__code",
            "more": "state",
        },
        _standard,
        _manages,
    ),
)
