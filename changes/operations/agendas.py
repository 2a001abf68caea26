"""What stands on an agenda: filled by the board's rule, added by hand, taken off, put in order, taken up."""

from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, Q

from changes import rules
from changes.models import AgendaItem, Authorisation, BoardMeeting, BoardVote, ChangeRequest
from changes.queries.boards import awaited
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.inserting import insert_select
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

State = AgendaItem.State
MOST = 500  # nobody looks at more in one meeting


class MeetingOver(DomainError):
    code = "meeting_over"


class OnAgenda(DomainError):
    code = "on_agenda"


class NothingAwaited(DomainError):
    code = "nothing_awaited"


class Settled(DomainError):
    code = "settled"


@operation
def add(
    *, meeting_id: int, change: ChangeRequest, actor: Actor, now: datetime, reason: str = "", reading: str = ""
) -> AgendaItem:
    """Put a change on the agenda by hand; after the agenda is fixed it needs a reason, and is marked as late."""
    hold(Lock.MEETINGS)
    meeting = live(meeting_id)
    item = AgendaItem(meeting=meeting, change=change, reason=reason, reading=_address(reading), added_at=now)
    require(rules.may_place_item, actor, item)
    if not actor.is_system and not ChangeRequest.objects.visible_to(actor).filter(pk=change.pk).exists():
        raise InvalidInput.at("change", "There is no such change.")
    item.late = meeting.state == BoardMeeting.State.FIXED
    if item.late and not reason.strip():
        raise InvalidInput.at("reason", "The agenda is fixed. Say why this cannot wait for the next meeting.")
    if not awaited(meeting.board.role, change).exists():
        role = meeting.board.get_role_display().lower()
        raise NothingAwaited(f"{change} waits for no decision of the role {role}. It must be submitted first.")
    present = meeting.items.exclude(state=State.WITHDRAWN)
    if there := present.filter(change=change).first():
        return _adopted(there, item, actor)
    if present.count() >= MOST:
        raise OnAgenda(f"There are {MOST} changes on this agenda, and no meeting looks at more.")
    item.position, item.added_by = 1 + (meeting.items.aggregate(last=Max("position"))["last"] or 0), actor.user
    item.save()
    events.record("changes.agenda_item.added", item, actor=actor, late=item.late)
    return item


def _adopted(there: AgendaItem, item: AgendaItem, actor: Actor) -> AgendaItem:
    """What the rule brought is from now on there by hand, with this reason and reading. Raises OnAgenda."""
    if there.added_by_id is not None or actor.user is None or not there.is_pending:
        raise OnAgenda(f"{item.change} is on this agenda already.")
    there.added_by, there.reason, there.reading = actor.user, item.reason, item.reading
    there.save(update_fields=["added_by", "reason", "reading"])
    events.record("changes.agenda_item.added", there, actor=actor, late=there.late)
    return there


@operation
def withdraw(*, meeting_id: int, item_id: int, reason: str, actor: Actor, now: datetime) -> AgendaItem:
    """Take a change off the agenda; the board's rule does not bring it back to this one."""
    meeting = live(meeting_id)
    require(rules.may_propose_item, actor, meeting)
    item = pending(meeting, item_id, actor)
    require(rules.may_place_item, actor, item)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it is taken off.")
    item.state, item.reason, item.settled_at, item.settled_by = State.WITHDRAWN, reason, now, actor.label[:200]
    item.save(update_fields=["state", "reason", "settled_at", "settled_by"])
    events.record("changes.agenda_item.withdrawn", item, actor=actor, reason=reason)
    return item


@operation
def order(*, meeting_id: int, items: list[int], actor: Actor) -> BoardMeeting:
    """Put these first, in this order; the others follow as they were."""
    meeting = live(meeting_id)
    require(rules.may_run_meeting, actor, meeting)
    there = {item.pk: item for item in meeting.items.order_by("position", "pk")}
    if unknown := [str(pk) for pk in items if pk not in there]:
        raise InvalidInput.at("items", f"Not on this agenda: {', '.join(unknown[:10])}.")
    ordered = list(dict.fromkeys([*items, *there]))
    for position, pk in enumerate(ordered, 1):
        there[pk].position = position
    AgendaItem.objects.bulk_update(there.values(), ["position"])
    events.record("changes.meeting.ordered", meeting, actor=actor)
    return meeting


@operation
def move(*, meeting_id: int, item_id: int, up: bool, actor: Actor) -> BoardMeeting:
    """One place up or down."""
    meeting = live(meeting_id)
    require(rules.may_run_meeting, actor, meeting)
    ids = list(meeting.items.exclude(state=State.WITHDRAWN).order_by("position", "pk").values_list("pk", flat=True))
    if item_id not in ids:
        raise InvalidInput.at("item", "This is not on the agenda.")
    at = ids.index(item_id)
    to = max(at - 1, 0) if up else min(at + 1, len(ids) - 1)
    ids[at], ids[to] = ids[to], ids[at]
    return order(meeting_id=meeting_id, items=ids, actor=actor)


@operation
def take_up(*, meeting_id: int, item_id: int, actor: Actor, now: datetime) -> AgendaItem:
    """Open this item: its clock runs. The one that was open goes back to waiting."""
    meeting = live(meeting_id)
    require(rules.may_run_meeting, actor, meeting)
    item = pending(meeting, item_id, actor)
    if item.state == State.OPEN:
        return item
    for other in meeting.items.filter(state=State.OPEN):
        other.state = State.WAITING
        other.save(update_fields=["state"])
    item.state, item.opened_at = State.OPEN, now
    item.save(update_fields=["state", "opened_at"])
    events.record("changes.agenda_item.opened", item, actor=actor)
    return item


@operation
def note(
    *, meeting_id: int, item_id: int, actor: Actor, note: str | None = None, reading: str | None = None
) -> AgendaItem:
    """What the minutes say of the item, and what to read before."""
    meeting = live(meeting_id)
    require(rules.may_propose_item, actor, meeting)
    item = _item(meeting, item_id, actor)
    require(rules.may_place_item, actor, item)
    item.note = item.note if note is None else note
    item.reading = item.reading if reading is None else _address(reading)
    item.save(update_fields=["note", "reading"])
    events.record("changes.agenda_item.noted", item, actor=actor)
    return item


def live(meeting_id: int) -> BoardMeeting:
    """The meeting, locked, while something can still be done there. Raises MeetingOver."""
    meeting: BoardMeeting = BoardMeeting.objects.select_related("board").lock(meeting_id)
    if meeting.state not in BoardMeeting.LIVE:
        raise MeetingOver(f"{meeting} is {meeting.get_state_display().lower()}; nothing is decided there any more.")
    return meeting


def pending(meeting: BoardMeeting, item_id: int, actor: Actor) -> AgendaItem:
    """The item, while nothing is settled about it."""
    item = _item(meeting, item_id, actor)
    if not item.is_pending:
        raise Settled(f"{item.change} was settled here: {item.get_state_display().lower()}.")
    return item


def _item(meeting: BoardMeeting, item_id: int, actor: Actor) -> AgendaItem:
    """Who may not see the change learns no more than that there is no such item, whatever their seat."""
    items = AgendaItem.objects.filter(meeting=meeting, pk=item_id).visible_to(actor)
    item = items.select_related("change__model").first()
    if item is None:
        raise InvalidInput.at("item", f"There is no such item on the agenda of {meeting}.")
    item.meeting = meeting
    return item


def _address(reading: str) -> str:
    if reading and not reading.startswith(("https://", "http://")):
        raise InvalidInput.at("reading", "Give an address that begins with https://.")
    return reading


# --- What happens by itself --------------------------------------------------------------------


def fill(now: datetime) -> int:
    """Put what waits for each board on its next agenda, in one statement; what no longer waits goes from there."""
    _clear()
    _reopen()
    return insert_select(
        AgendaItem,
        {
            "meeting_id": "wanted.meeting_id", "change_id": "wanted.change_id", "added_at": "%(now)s",
            "position": "wanted.last + row_number() OVER (PARTITION BY wanted.meeting_id"
            " ORDER BY wanted.begins NULLS LAST, wanted.change_id)",
        },
        WANTED,
        now=now, pending=list(AgendaItem.PENDING), live=list(BoardMeeting.LIVE),
        awaiting=list(Authorisation.OPEN), decidable=list(ChangeRequest.DECIDABLE), most=MOST,
    )  # fmt: skip


WANTED = """
FROM (
    SELECT m.id AS meeting_id, c.id AS change_id, lower(c."window") AS begins, m.last,
        row_number() OVER (PARTITION BY m.id ORDER BY lower(c."window") NULLS LAST, c.id) AS place
    FROM (
        SELECT DISTINCT ON (board_id) id, board_id, starts_at,
            (SELECT coalesce(max(position), 0) FROM changes_agendaitem i WHERE i.meeting_id = n.id) AS last
        FROM changes_boardmeeting n WHERE state = 'planned' AND greatest(starts_at, agenda_due_at) >= %(now)s
        ORDER BY board_id, starts_at, id
    ) m
    JOIN changes_board b ON b.id = m.board_id AND b.active
    JOIN LATERAL (
        SELECT DISTINCT a.change_id FROM changes_authorisation a WHERE a.role = b.role AND a.state = ANY(%(awaiting)s)
    ) a ON true
    JOIN changes_changerequest c ON c.id = a.change_id AND c.status = ANY(%(decidable)s)
    WHERE (b.types = '{}' OR c.type = ANY(b.types))
        AND greatest(
                CASE WHEN c.likelihood * c.impact <= 2 THEN 1 WHEN c.likelihood * c.impact <= 4 THEN 2 ELSE 3 END,
                c.computed_risk
            ) >= b.least_risk
        AND (b.horizon_days IS NULL OR c."window" IS NULL
            OR lower(c."window") < m.starts_at + b.horizon_days * interval '1 day')
        AND (NOT EXISTS (SELECT 1 FROM changes_board_services s WHERE s.board_id = b.id)
            OR EXISTS (SELECT 1 FROM changes_board_services s
                JOIN changes_changerequest_services r ON r.service_id = s.service_id
                WHERE s.board_id = b.id AND r.changerequest_id = c.id))
        AND NOT EXISTS (SELECT 1 FROM changes_agendaitem i JOIN changes_boardmeeting o ON o.id = i.meeting_id
            WHERE i.change_id = c.id AND o.board_id = b.id
                AND (o.id = m.id OR (o.state = ANY(%(live)s) AND i.state = ANY(%(pending)s))))
) wanted WHERE wanted.place <= %(most)s
"""


def _reopen() -> None:
    """What was decided, and is asked of the board again because the plan changed, is to be decided here again."""
    again = Authorisation.objects.filter(
        change=OuterRef("change"), role=OuterRef("meeting__board__role"), asked_at__gte=OuterRef("settled_at"),
        state__in=Authorisation.OPEN, change__status__in=ChangeRequest.DECIDABLE,
    )  # fmt: skip
    decided = AgendaItem.objects.filter(
        state__in=[State.AUTHORISED, State.REJECTED], meeting__state__in=BoardMeeting.LIVE
    )
    decided.filter(Exists(again)).update(
        state=State.WAITING, settled_at=None, settled_by="", comment="Asked again, as the plan changed."
    )


def _clear() -> None:
    """What the rule brought and nobody voted on goes, where nothing waits for the board any more."""
    asked = Authorisation.objects.filter(state__in=Authorisation.OPEN, change__status__in=ChangeRequest.DECIDABLE)
    by_rule = AgendaItem.objects.filter(
        state=State.WAITING, added_by__isnull=True, meeting__state=BoardMeeting.State.PLANNED
    ).exclude(pk__in=BoardVote.objects.values("item"))
    waits = Q(change__authorisations__in=asked, change__authorisations__role=F("meeting__board__role"))
    by_rule.exclude(pk__in=AgendaItem.objects.filter(waits).values("pk")).delete()
