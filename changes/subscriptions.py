"""Who hears of what happened to a change."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from changes.models import (
    AgendaItem,
    Authorisation,
    BoardMeeting,
    BoardSeat,
    ChangeProposal,
    ChangeRequest,
    ChangeTask,
    Consultation,
    Decision,
    PreAuthorisation,
    RunQuestion,
    WindowExtension,
)
from changes.operations import board_decisions, discrepancies
from changes.queries import authorisations
from changes.queries.completeness import owed
from changes.queries.explaining import by_changes
from cmdb.auditing.explaining import EXPLAINERS
from cmdb.operations.discrepancies import RAISERS
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.models import OutboxEvent, RoleAssignment, User
from itsm.kernel.models.notification import Mail
from itsm.kernel.notifications import kind, tell
from itsm.kernel.roles import Role

DECISION = kind(
    "changes.decision", "A change waits for my decision", action="Decide", why="You can decide it.", mail=Mail.AT_ONCE
)
TASK = kind("changes.task", "A task waits for me", action="Acknowledge", why="The task is yours.", mail=Mail.AT_ONCE)
OUTCOME = kind(
    "changes.outcome", "What became of my change", action="See the change", why="You asked for it or decided on it."
)
VIEW = kind(
    "changes.view", "A change may hit a service of mine", action="Say what you think", why="You own the service.",
    mail=Mail.AT_ONCE,
)  # fmt: skip
OWED = kind(
    "changes.owed", "An emergency change of mine still owes something", action="Say it", why="You asked for it.",
    mail=Mail.AT_ONCE,
)  # fmt: skip
PLAN = kind(
    "changes.plan", "A change with my task moved", action="See the change", why="You have a task in it.",
    mail=Mail.AT_ONCE,
)  # fmt: skip
COLLISION = kind(
    "changes.collision", "Something new is in the way of my change", action="See the change",
    why="You asked for it, or have a task in it.", mail=Mail.AT_ONCE,
)  # fmt: skip
RUN = kind(
    "changes.run", "Something comes up while a change is implemented", action="See the run sheet",
    why="You have a part in it, or are a change manager.", mail=Mail.AT_ONCE,
)  # fmt: skip
UNAUTHORISED = kind(
    "changes.unauthorised", "Something was done without authorisation", action="Review it",
    why="You are a change manager, or own the service.",
)  # fmt: skip
PROPOSAL = kind(
    "changes.proposal", "What became of my proposal", action="See the proposal", why="You wrote or sponsor it."
)
STANDARD = kind(
    "changes.standard", "What changes of a model need nobody's word", action="See the model",
    why="You are a change manager, or proposed it.", mail=Mail.AT_ONCE,
)  # fmt: skip
BOARD = kind(
    "changes.board", "A board of mine meets", action="See the agenda", why="You have a seat on the board.",
    mail=Mail.AT_ONCE,
)  # fmt: skip

# What an audit finds may be explained by a change, or becomes one.
RAISERS.update(rfc=discrepancies.raise_rfc, unauthorised=discrepancies.record_unauthorised)
EXPLAINERS.append(by_changes)


@events.on("changes.change_request.submitted")
@events.on("changes.change_request.reassessed")
def tell_the_deciders(event: OutboxEvent) -> None:
    change = _change(event)
    waiting = change.authorisations.filter(state__in=Authorisation.OPEN).order_by("pk")
    people = [person for authorisation in waiting for person in authorisations.deciders(authorisation)]
    text, link = f"{change.display} waits for your decision.", f"{change.get_absolute_url()}#decision"
    tell(people, text=text, kind=DECISION, about=change, link=link, event=event)


@events.on("changes.authorisation.overdue")
def escalate(event: OutboxEvent) -> None:
    """The deciders once more, the change managers, and who waits for it."""
    found = Authorisation.objects.select_related("change__requested_by").get(pk=event.subject_id)
    if found.state not in Authorisation.OPEN:
        return
    change, people = found.change, [*authorisations.deciders(found), *_managers(), found.change.requested_by]
    text = f"{change.display} should have been decided by now, by the role {found.get_role_display().lower()}."
    tell(people, text=text, kind=DECISION, about=change, link=f"{change.get_absolute_url()}#decision", event=event)


@events.on("changes.authorisation.answered")
def tell_who_asked(event: OutboxEvent) -> None:
    """The answer goes to those who had asked; they decide."""
    asked = Authorisation.objects.select_related("change").get(pk=event.subject_id)
    said = asked.decisions.filter(verdict=Decision.Verdict.MORE_INFORMATION).select_related("by")
    last = asked.decisions.filter(verdict=Decision.Verdict.ANSWERED).order_by("-pk").first()
    people = list({one.by_id: one.by for one in said}.values())
    text = f"{event.actor} answered about {asked.change.display}: {last.comment if last else ''}"
    link = f"{asked.change.get_absolute_url()}#decision"
    tell(people, text=text, kind=DECISION, about=asked.change, link=link, event=event)


@events.on("changes.authorisation.decided")
def tell_the_requester(event: OutboxEvent) -> None:
    authorisation = Authorisation.objects.select_related("change__requested_by").get(pk=event.subject_id)
    change, last = authorisation.change, authorisation.decisions.order_by("-pk").first()
    said = last.get_verdict_display().lower() if last else "decided"
    comment = f": {last.comment}" if last and last.comment else "."
    text = f"{event.actor} said “{said}” about {change.display}{comment}"
    tell([change.requested_by], text=text, kind=OUTCOME, about=change, event=event)


@events.on("changes.consultation.asked")
def ask_the_owner(event: OutboxEvent) -> None:
    asked = Consultation.objects.select_related("change", "owner").get(pk=event.subject_id)
    if asked.view:
        return
    text = f"{asked.change.display} may hit a service of yours. Say whether you object."
    link = f"{asked.change.get_absolute_url()}#decision"
    tell([asked.owner], text=text, kind=VIEW, about=asked.change, link=link, event=event)


@events.on("changes.consultation.said")
def tell_of_an_objection(event: OutboxEvent) -> None:
    """Who asked for it and who decides: without an objection there is no news."""
    said = Consultation.objects.select_related("change__requested_by", "owner").get(pk=event.subject_id)
    if said.view != Consultation.View.OBJECTION:
        return
    waiting = said.change.authorisations.filter(state__in=Authorisation.OPEN).order_by("pk")
    people = [person for one in waiting for person in authorisations.deciders(one)]
    text = f"{said.owner} objects to {said.change.display}: {said.comment}"
    tell([said.change.requested_by, *people], text=text, kind=OUTCOME, about=said.change, event=event)


@events.on("changes.authorisation.fell")
def tell_whose_word_fell(event: OutboxEvent) -> None:
    """Who had authorised it, and who asked for it; an authorisation that nobody had given is no news."""
    if event.payload.get("was") != Authorisation.State.AUTHORISED:
        return
    authorisation = Authorisation.objects.select_related("change__requested_by").get(pk=event.subject_id)
    change = authorisation.change
    people: list[User | None] = [decision.by for decision in authorisation.decisions.select_related("by")]
    text = f"The authorisation of {change.display} no longer holds. {event.payload.get('why', '')}"
    tell(
        [*people, change.requested_by],
        text=text,
        kind=OUTCOME,
        about=change,
        event=event,
    )


@events.on("changes.task.added")
@events.on("changes.task.handed_over")
def tell_the_assignee(event: OutboxEvent) -> None:
    task = ChangeTask.objects.select_related("assignee", "change").get(pk=event.subject_id)
    text = f"You have “{task.title}” to do in {task.change.display}. Please acknowledge it."
    tell([task.assignee], text=text, kind=TASK, about=task.change, link=task.get_absolute_url(), event=event)


@events.on("changes.change_request.window_moved")
@events.on("changes.change_request.cancelled")
def tell_those_at_work(event: OutboxEvent) -> None:
    change = _change(event)
    if change.status == ChangeRequest.Status.DRAFT:
        return
    people = User.objects.filter(change_tasks__change=change).distinct()
    what = "has another window" if event.name.endswith("window_moved") else "was cancelled"
    tell(people, text=f"{change.display} {what}.", kind=PLAN, about=change, event=event)


@events.on("changes.change_request.collided")
def tell_whose_change_is_hit(event: OutboxEvent) -> None:
    """Who asked for it and who works on it: another change, a freeze or a job came into the way of theirs."""
    change = ChangeRequest.objects.select_related("requested_by").get(pk=event.subject_id)
    people: list[User | None] = [*User.objects.filter(change_tasks__change=change).distinct(), change.requested_by]
    text = f"Something new is in the way of {change.display}: {' '.join(event.payload['what'][:3])}"
    tell(people, text=text, kind=COLLISION, about=change, event=event)


@events.on("changes.question.asked")
def ask_who_can_answer(event: OutboxEvent) -> None:
    """Everybody who may say how it goes on: a freeze or a clock waits for nobody."""
    question = RunQuestion.objects.select_related("change__requested_by").get(pk=event.subject_id)
    text = f"{question.change.display}: {question.get_kind_display().lower()}. Say whether to go on, hold or back out."  # type: ignore[attr-defined]
    tell(
        _at_work(question.change),
        text=text,
        kind=RUN,
        about=question.change,
        link=question.get_absolute_url(),
        event=event,
    )


@events.on("changes.extension.asked")
def ask_for_more_time(event: OutboxEvent) -> None:
    asked = WindowExtension.objects.select_related("change").get(pk=event.subject_id)
    link = reverse("changes:extension-decide", args=[asked.number])
    text = f"{asked.change.display} needs more time, until {timezone.localtime(asked.until):%H:%M}: {asked.reason}"
    tell(_managers(), text=text, kind=RUN, about=asked.change, link=link, event=event)


@events.on("changes.extension.granted")
@events.on("changes.extension.refused")
def tell_of_the_time(event: OutboxEvent) -> None:
    asked = WindowExtension.objects.select_related("change", "asked_by").get(pk=event.subject_id)
    text = f"More time for {asked.change.display} was {asked.state}. {asked.comment}".strip()
    tell([asked.asked_by], text=text, kind=RUN, about=asked.change, link=asked.get_absolute_url(), event=event)


@events.on("changes.change_request.turned_back")
def tell_of_the_way_back(event: OutboxEvent) -> None:
    change = _change(event)
    text = f"{change.display} is being backed out: {change.backing_out_why}"
    link = reverse("changes:request-run-sheet", args=[change.number])
    tell(_at_work(change), text=text, kind=RUN, about=change, link=link, event=event)


def _at_work(change: ChangeRequest) -> list[User | None]:
    """Who has a task in it, who asked for it, and the change managers."""
    return [*User.objects.filter(change_tasks__change=change).distinct(), change.requested_by, *_managers()]


def _managers() -> list[User]:
    holding = RoleAssignment.objects.current().filter(role=Role.CHANGE_MANAGER, service_id__isnull=True)
    able = Q(assignments__in=holding) | Q(teams__assignments__in=holding)
    return list(User.objects.filter(able, is_active=True, is_machine=False).distinct().order_by("pk"))


@events.on("changes.change_request.found_unauthorised")
def tell_of_what_was_found(event: OutboxEvent) -> None:
    change = _change(event)
    text = f"{change.display} was done without authorisation. Review it by {_day(change)}."
    tell(_reviewers(change), text=text, kind=UNAUTHORISED, about=change, event=event)


@events.on("changes.change_request.review_overdue")
def tell_of_the_overdue_review(event: OutboxEvent) -> None:
    change = _change(event)
    text = f"The review of {change.display} was due on {_day(change)}."
    tell(_reviewers(change), text=text, kind=OUTCOME, about=change, event=event)


@events.on("changes.change_request.words_overdue")
def tell_of_overdue_words(event: OutboxEvent) -> None:
    """Whoever asked for it owes them; of a change without a requester the change managers hear."""
    change = ChangeRequest.objects.select_related("requested_by", "model").get(pk=event.subject_id)
    owing = [one.label for one in owed(change)]
    people: list[User | None] = [change.requested_by] if change.requested_by else [*_managers()]
    text = f"{change.display} was to be completed afterwards. Still missing: {'; '.join(owing) or 'nothing'}."
    link = reverse("changes:request-fill-in", args=[change.number])
    tell(people, text=text, kind=OWED, about=change, link=link, event=event)


@events.on("changes.pre_authorisation.proposed")
@events.on("changes.pre_authorisation.approved")
@events.on("changes.pre_authorisation.declined")
@events.on("changes.pre_authorisation.review_due")
@events.on("changes.pre_authorisation.revoked")
def tell_of_the_standard(event: OutboxEvent) -> None:
    """Change managers hear what they have to decide or to mind; the proposer hears what became of it."""
    asked = PreAuthorisation.objects.select_related("model", "proposed_by").get(pk=event.subject_id)
    said = {
        "proposed": f"{event.actor} proposes “{asked.model}” as a standard change.",
        "approved": f"“{asked.model}” is a standard change now.",
        "declined": f"“{asked.model}” does not become a standard change: {asked.decide_comment}",
        "review_due": f"The yearly review of the standard change “{asked.model}” is due.",
        "revoked": f"“{asked.model}” is no longer a standard change: {asked.revoked_because}",
    }[event.name.rpartition(".")[2]]
    managers = [] if event.name.endswith(("approved", "declined")) else _managers()
    own = [] if event.name.endswith(("proposed", "review_due")) else [asked.proposed_by]
    tell([*managers, *own], text=said, kind=STANDARD, about=asked, event=event)


def _day(change: ChangeRequest) -> str:
    due = change.review_due_at
    return f"{due:%A} {due.day} {due:%B}" if due else "no set day"


def _reviewers(change: ChangeRequest) -> list[User]:
    """Change managers, and who owns what it touched; a confidential change is none of the owners' business."""
    owners = (
        []
        if change.confidential
        else User.objects.filter(pk__in=change.services.values("owner"), is_active=True, is_machine=False)
    )
    return list({person.pk: person for person in (*_managers(), *owners)}.values())


@events.on("changes.proposal.authorised")
@events.on("changes.proposal.declined")
@events.on("changes.proposal.deferred")
def tell_the_sponsor(event: OutboxEvent) -> None:
    proposal = ChangeProposal.objects.select_related("sponsor", "requested_by").get(pk=event.subject_id)
    text = f"{proposal.display}: {proposal.get_status_display().lower()}. {proposal.decision_comment}".strip()
    people = [proposal.sponsor, proposal.requested_by]
    tell(people, text=text, kind=PROPOSAL, about=proposal, event=event)


@events.on("changes.proposal.check_due")
def remind_of_the_benefit(event: OutboxEvent) -> None:
    proposal = ChangeProposal.objects.select_related("sponsor", "requested_by").get(pk=event.subject_id)
    text = f"What did {proposal.display} bring? Hold it against what was wanted, and close it."
    people = [proposal.sponsor, proposal.requested_by]
    link = reverse("changes:proposal-close", args=[proposal.number])
    tell(people, text=text, kind=PROPOSAL, about=proposal, link=link, event=event)


def _change(event: OutboxEvent) -> ChangeRequest:
    change: ChangeRequest = ChangeRequest.objects.get(pk=event.subject_id)
    return change


@events.on("changes.meeting.agenda_fixed")
@events.on("changes.meeting.called")
@events.on("changes.meeting.cancelled")
def tell_the_board(event: OutboxEvent) -> None:
    meeting = BoardMeeting.objects.select_related("board").get(pk=event.subject_id)
    words = {"agenda_fixed": "its agenda is fixed. You can vote before the meeting", "called": "was called"}
    said = words.get(event.name.rpartition(".")[2], f"is not held: {meeting.reason}")
    tell(_seated(meeting), text=f"{meeting.display}: {said}.", kind=BOARD, about=meeting, event=event)


@events.on("changes.agenda_item.added")
def tell_the_board_of_the_late(event: OutboxEvent) -> None:
    """A late item is what nobody has read; of a confidential change only those hear who may see it."""
    item = AgendaItem.objects.select_related("meeting__board", "change").get(pk=event.subject_id)
    if not item.late:
        return
    people = [
        person for person in _seated(item.meeting)
        if AgendaItem.objects.filter(pk=item.pk).visible_to(Actor.person(person)).exists()
    ]  # fmt: skip
    text = f"{item.change.display} came late to {item.meeting.display}: {item.reason}"
    tell(people, text=text, kind=BOARD, about=item.change, link=item.get_absolute_url(), event=event)


def _seated(meeting: BoardMeeting) -> list[User]:
    seats = BoardSeat.objects.filter(board=meeting.board_id, user__is_active=True).select_related("user")
    return [one.user for one in seats.order_by("user")]


@events.on("changes.authorisation.decided")
def settle_on_agendas(event: OutboxEvent) -> None:
    board_decisions.take_note(
        authorisation_id=event.subject_id, actor=Actor.system("boards"), now=timezone.now()
    )  # fmt: skip
