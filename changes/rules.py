"""Who may raise, plan, authorise and carry out changes."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from changes.models import (
    AgendaItem,
    Authorisation,
    Board,
    BoardMeeting,
    BoardSeat,
    ChangeProposal,
    ChangeRequest,
    ChangeTask,
    Freeze,
    Policy,
    PreAuthorisation,
    RecurringChange,
    WindowExtension,
)
from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.permissions import rule
from itsm.kernel.roles import Role
from knowledge.rules import may_draft as may_draft_article

RAISES = (
    Role.REQUESTER, Role.IMPLEMENTER, Role.SERVICE_OWNER, Role.BUSINESS_SPONSOR, Role.RELEASE_MANAGER,
    Role.TECHNICAL_MANAGER, Role.APPLICATION_MANAGER, Role.SUPPORT_LEAD, Role.CONFIGURATION_MANAGER,
    Role.CHANGE_MANAGER, Role.CSI_MANAGER, Role.TRANSITION_PLANNER, Role.BUSINESS_RELATIONSHIP_MANAGER,
)  # fmt: skip


# --- Proposals ----------------------------------------------------------------------------


@rule("You have no role that raises proposals.")
def may_draft_proposal(actor: Actor, proposal: Any) -> bool:
    return actor.holds_anywhere(*RAISES)


@rule("Only who wrote the proposal, its sponsor or a change manager may do this.")
def may_edit_proposal(actor: Actor, proposal: ChangeProposal) -> bool:
    own = actor.user_id is not None and actor.user_id in (proposal.requested_by_id, proposal.sponsor_id)
    return own or actor.holds(Role.CHANGE_MANAGER)


@rule("Only a change manager or a business relationship manager may assess a proposal.")
def may_assess_proposal(actor: Actor, proposal: ChangeProposal) -> bool:
    return actor.holds(Role.CHANGE_MANAGER, Role.BUSINESS_RELATIONSHIP_MANAGER)


@rule("Only its authority decides on a proposal, and nobody who wrote or sponsors it.")
def may_decide_proposal(actor: Actor, proposal: ChangeProposal) -> bool:
    own, authority = (proposal.requested_by_id, proposal.sponsor_id), Role(proposal.authority)
    if authority != Role.SERVICE_OWNER:
        return actor.holds_apart_from(own, authority)
    services = list(proposal.services.all())
    owns = actor.user_id not in own and actor.user_id in {service.owner_id for service in services}
    return owns or actor.holds_apart_from(own, authority, services=[service.pk for service in services])


# --- Requests -----------------------------------------------------------------------------


@rule("A calendar's address belongs to a person.")
def may_make_feed(actor: Actor, _: Any = None) -> bool:
    return actor.kind == "person"


@rule("Only its owner or an administrator revokes a calendar's address.")
def may_revoke_feed(actor: Actor, feed: Any) -> bool:
    return actor.is_admin or (actor.user_id is not None and feed.user_id == actor.user_id)


@rule("You have no role that raises changes.")
def may_draft(actor: Actor, change: Any) -> bool:
    return actor.holds_anywhere(*RAISES)


@rule("Only a change manager or a configuration manager may write down an unauthorised change.")
def may_record_unauthorised(actor: Actor, change: Any) -> bool:
    return actor.holds_anywhere(Role.CHANGE_MANAGER, Role.CONFIGURATION_MANAGER)


@rule("Only the requester or a change manager may plan this change.")
def may_plan(actor: Actor, change: ChangeRequest) -> bool:
    return plans_for(actor, change.requested_by_id)


def plans_for(actor: Actor, requester: int | None) -> bool:
    """Whether the actor may plan the changes of this requester."""
    own = actor.user_id is not None and actor.user_id == requester
    return own or actor.holds(Role.CHANGE_MANAGER)


@rule("Only a change manager or somebody with a task in the change may do this.")
def may_implement(actor: Actor, change: ChangeRequest) -> bool:
    if actor.holds(Role.CHANGE_MANAGER):
        return True
    return actor.user_id is not None and change.tasks.filter(assignee_id=actor.user_id).exists()


@rule("Only a change manager who neither asked for the change nor has a task in it may grant more time.")
def may_decide_extension(actor: Actor, extension: WindowExtension) -> bool:
    return may_go_on(actor, extension.change)


@rule("Only a change manager who neither asked for the change nor has a task in it may say: go on.")
def may_go_on(actor: Actor, change: ChangeRequest) -> bool:
    return actor.holds_apart_from(involved_in(change), Role.CHANGE_MANAGER)


@rule("Only a change manager may review and close a change.")
def may_review(actor: Actor, change: ChangeRequest) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)


@rule("Viewers and machines only read; ask for a role that writes.")
def may_learn(actor: Actor, change: ChangeRequest) -> bool:
    """Make an article of a review's lesson: whoever may write articles."""
    return may_draft_article(actor, None)


@rule("Only a change manager, or who makes the exceptions from a freeze, may take a failed check upon themselves.")
def may_waive(actor: Actor, change: ChangeRequest) -> bool:
    """Something of this change; who may except it from a freeze may waive nothing but that."""
    if may_waive_checks(actor, change):
        return True
    roles = sorted({role for role, _ in actor.assignments})
    if change.window is None or not roles:
        return False
    barring = Freeze.objects.filter(window__overlap=change.window, override_role__in=roles)
    return any(may_except(actor, change, freeze) for freeze in barring)


@rule("Only a change manager may take a failed check upon themselves.")
def may_waive_checks(actor: Actor, change: ChangeRequest) -> bool:
    return actor.holds_apart_from((change.requested_by_id,), Role.CHANGE_MANAGER)


def may_except(actor: Actor, change: ChangeRequest, freeze: Freeze) -> bool:
    """Whoever holds the role that the freeze names, for its services, and did not ask for the change."""
    services = freeze.services.values_list("pk", flat=True)
    return actor.holds_apart_from((change.requested_by_id,), Role(freeze.override_role), services=services)


# --- Authorisations -----------------------------------------------------------------------


def voices(actor: Actor, authorisation: Authorisation) -> Sequence[int | None]:
    """In whose names the actor may speak in the role that is asked for: None is one's own, the others lend it."""
    role, held = Role(authorisation.role), actor.holdings
    if actor.holds_oneself(role):
        return [None]
    if role != Role.SERVICE_OWNER and role not in {name for name, *_ in (*held.own, *held.givers)}:
        return []
    services = authorisation.change.services.all()
    scopes, owners = {None, *[s.pk for s in services]}, {s.owner_id for s in services if role == Role.SERVICE_OWNER}
    if (actor.user_id and actor.user_id in owners) or any((role, scope) in held.own for scope in scopes):
        return [None]
    lenders = {who for name, scope, who in held.lent if name == role and scope in scopes}
    return sorted(lenders | {who for name, who in held.givers if name == role and who in owners})


def holds_role(actor: Actor, authorisation: Authorisation) -> bool:
    """Whether the actor has the role that is asked for: everywhere, or for a service that the change is about."""
    return bool(voices(actor, authorisation))


def unbiased_voices(
    actor: Actor, authorisation: Authorisation, tasks: Iterable[ChangeTask] | None = None
) -> Sequence[int | None]:
    """Separation of duties: of `voices` those without a part in the change; none where the actor has one."""
    involved = involved_in(authorisation.change, tasks)
    found: Sequence[int | None] = [] if actor.user_id in involved else voices(actor, authorisation)
    return [voice for voice in found if voice not in involved]


def involved_in(change: ChangeRequest, tasks: Iterable[ChangeTask] | None = None) -> set[int]:
    """Who requested the change or has a task in it (`tasks`, if they are at hand)."""
    assignees = {task.assignee_id for task in (change.tasks.all() if tasks is None else tasks)}
    return {who for who in (change.requested_by_id, *assignees) if who is not None}


def is_own_change(actor: Actor, change: ChangeRequest, tasks: Iterable[ChangeTask] | None = None) -> bool:
    return actor.user_id is not None and actor.user_id in involved_in(change, tasks)


@rule("You may not decide this: it needs another role, or the change is your own.")
def may_decide(actor: Actor, authorisation: Authorisation) -> bool:
    return bool(unbiased_voices(actor, authorisation))


@rule("Only the owner of a service may say what they think of it.")
def may_give_view(actor: Actor, change: Any) -> bool:
    """Asked once a request; whether the change reaches one of their services is the operation's business."""
    if actor.user_id is None:
        return False
    if "changes.owns" not in actor.memory:
        actor.memory["changes.owns"] = Service.objects.filter(owner=actor.user_id).exists()
    return bool(actor.memory["changes.owns"])


@rule("Only the requester or a change manager may answer.")
def may_answer(actor: Actor, authorisation: Authorisation) -> bool:
    return may_plan(actor, authorisation.change)


# --- Tasks --------------------------------------------------------------------------------


@rule("Only the task's assignee may do this.")
def may_work(actor: Actor, task: ChangeTask) -> bool:
    return actor.user_id is not None and actor.user_id == task.assignee_id


@rule("Only the task's assignee or a change manager may hand it over.")
def may_hand_over(actor: Actor, task: ChangeTask) -> bool:
    return may_work(actor, task) or actor.holds(Role.CHANGE_MANAGER)


@rule("Only the requester or a change manager may change the plan.")
def may_plan_task(actor: Actor, task: ChangeTask) -> bool:
    return may_plan(actor, task.change)


# --- Calendar, models, policies -----------------------------------------------------------


@rule("Only a change manager, a technical manager or the job's owner may change it.")
def may_edit_job(actor: Actor, job: Any) -> bool:
    own = job is not None and actor.user_id is not None and job.owner_id == actor.user_id
    return own or actor.holds(Role.CHANGE_MANAGER, Role.TECHNICAL_MANAGER)


@rule("Only a change manager may call a freeze.")
def may_edit_freeze(actor: Actor, freeze: Any) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)


@rule("Only a change manager may define change models.")
def may_edit_model(actor: Actor, model: Any) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)


@rule("Only its owner or a change manager may change what recurs.")
def may_edit_recurring(actor: Actor, recurring: RecurringChange) -> bool:
    own = actor.user_id is not None and actor.user_id == recurring.owner_id
    return own or actor.holds(Role.CHANGE_MANAGER)


@rule("Viewers only read; ask for a role that raises changes.")
def may_propose_standard(actor: Actor, model: Any) -> bool:
    return actor.holds_anywhere(*RAISES)


@rule("Only who proposed it or a change manager may take it back.")
def may_withdraw_standard(actor: Actor, asked: PreAuthorisation) -> bool:
    own = actor.user_id is not None and actor.user_id == asked.proposed_by_id
    return own or actor.holds(Role.CHANGE_MANAGER)


@rule("Only a change manager decides what needs nobody's word any more.")
def may_decide_standard(actor: Actor, asked: PreAuthorisation) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)


@rule("Another change manager than who proposed it decides.")
def may_approve_standard(actor: Actor, asked: PreAuthorisation) -> bool:
    return actor.holds_apart_from((asked.proposed_by_id,) if asked.proposed_by_id else (), Role.CHANGE_MANAGER)


@rule("Only a change manager may write policies and put them in force.")
def may_edit_policy(actor: Actor, policy: Any) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)


@rule("Sign in to try a policy.")
def may_try_policy(actor: Actor, policy: Policy) -> bool:
    """It reads only, and of a change only what the actor may see."""
    return actor.kind != "nobody"


@rule("Another change manager than its author puts a draft in force.")
def may_enforce_policy(actor: Actor, policy: Policy) -> bool:
    return actor.holds_apart_from((policy.drafted_by_id,) if policy.drafted_by_id else (), Role.CHANGE_MANAGER)


# --- Boards and their meetings ------------------------------------------------------------


def sits(actor: Actor, board: Board, seats: Collection[str]) -> bool:
    """Whether the actor has one of these seats, or stands in for somebody who has."""
    return bool(_seats_of(actor, board, seats))


def _seats_of(actor: Actor, board: Board, seats: Collection[str]) -> set[int]:
    """Whose seats of these the actor may take: their own, and of those who lend them the board's role."""
    mine = {who for role, who in actor.holdings.givers if role == board.role} | {actor.user_id}
    return {one.user_id for one in board.seated if one.seat in seats and one.user_id in mine}


def board_voices(
    actor: Actor, board: Board, authorisation: Authorisation, seats: Collection[str]
) -> Sequence[int | None]:
    """In whose names the actor may speak about it at the board: with a seat, the role, and no part in the change."""
    seated = _seats_of(actor, board, seats)
    return [v for v in unbiased_voices(actor, authorisation) if (actor.user_id if v is None else v) in seated]


@rule("Only a change manager may set up boards.")
def may_edit_board(actor: Actor, board: Any) -> bool:
    return actor.holds(Role.CHANGE_MANAGER)


@rule("Only a change manager, or the board's chair, deputy chair or secretary may do this.")
def may_run_meeting(actor: Actor, meeting: BoardMeeting) -> bool:
    return actor.holds(Role.CHANGE_MANAGER) or sits(actor, meeting.board, BoardSeat.RUNS)


@rule("Only a change manager, or the board's chair, deputy chair or secretary may call its meeting.")
def may_call_meeting(actor: Actor, board: Board | None) -> bool:
    return actor.holds(Role.CHANGE_MANAGER) or (board is not None and sits(actor, board, BoardSeat.RUNS))


@rule("Viewers only read; ask for a role that raises changes.")
def may_propose_item(actor: Actor, meeting: BoardMeeting) -> bool:
    return may_run_meeting(actor, meeting) or actor.holds_anywhere(*RAISES)


@rule("Only who runs the meeting, the change's requester or a change manager may do this.")
def may_place_item(actor: Actor, item: AgendaItem) -> bool:
    return may_run_meeting(actor, item.meeting) or may_plan(actor, item.change)


@rule("Only who has a seat with a vote on this board may vote.")
def may_vote(actor: Actor, meeting: BoardMeeting) -> bool:
    return sits(actor, meeting.board, BoardSeat.VOTES)


@rule("Only the board's chair or deputy chair may say what it decides.")
def may_chair(actor: Actor, meeting: BoardMeeting) -> bool:
    return sits(actor, meeting.board, BoardSeat.CHAIRS)
