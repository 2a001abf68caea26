"""Boards, their meetings, and what stands on an agenda."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from changes.models import (
    AgendaItem,
    Authorisation,
    Board,
    BoardMeeting,
    BoardSeat,
    BoardVote,
    ChangeRequest,
    ChangeTask,
    Decision,
)
from itsm.kernel.actor import Actor

Choice = BoardVote.Choice


def boards() -> QuerySet[Board]:
    seats = BoardSeat.objects.select_related("user").order_by("pk")
    return Board.objects.prefetch_related(Prefetch("seats", seats), "services").order_by("name", "pk")


def meetings() -> QuerySet[BoardMeeting]:
    """Each with its board and who sits there, the latest first."""
    seats = BoardSeat.objects.select_related("user").order_by("pk")
    found = BoardMeeting.objects.select_related("board").prefetch_related(Prefetch("board__seats", seats))
    return found.order_by("-starts_at", "-pk")


def in_order_of_work(found: QuerySet[BoardMeeting]) -> QuerySet[BoardMeeting]:
    """The next meeting first, then those to come, then what was, the latest first."""
    live = Q(state__in=BoardMeeting.LIVE)
    return found.order_by(Case(When(live, then="starts_at")).asc(nulls_last=True), "-starts_at", "-pk")


def with_counts(found: QuerySet[BoardMeeting]) -> QuerySet[BoardMeeting]:
    """With how many changes are `on_agenda`, and how many of them are `pending`."""
    items = AgendaItem.objects.filter(meeting=OuterRef("pk")).exclude(state=AgendaItem.State.WITHDRAWN)
    counted = items.order_by().values("meeting").annotate(n=Count("pk")).values("n")
    pending = items.filter(state__in=AgendaItem.PENDING).order_by().values("meeting").annotate(n=Count("pk"))
    return found.annotate(on_agenda=Coalesce(Subquery(counted), 0), pending=Coalesce(Subquery(pending.values("n")), 0))


def next_of(board: Board, now: datetime) -> BoardMeeting | None:
    return meetings().filter(board=board, state__in=BoardMeeting.LIVE, starts_at__gte=now).order_by("starts_at").first()


def awaited(role: str, change: ChangeRequest) -> QuerySet[Authorisation]:
    """What this role still has to decide about the change; first what it takes to build."""
    return Authorisation.objects.filter(change=change, role=role, state__in=Authorisation.OPEN).order_by("point", "pk")


@dataclass(frozen=True)
class Tally:
    """The voices about the plan as it is now."""

    votes: list[BoardVote]
    left: int  # voices that have not been heard and may yet be

    def of(self, choice: str) -> list[BoardVote]:
        return [vote for vote in self.votes if vote.vote == choice]

    @cached_property
    def counts(self) -> dict[str, int]:
        return {choice: len(self.of(choice)) for choice in Choice.values}

    @property
    def lead(self) -> int:
        """By how many voices those who are for it lead; below zero those against."""
        return self.counts[Choice.AUTHORISED] - self.counts[Choice.REJECTED]

    @property
    def outcome(self) -> str:
        """What the majority says; empty while both sides have as many."""
        return "" if not self.lead else str(Choice.AUTHORISED if self.lead > 0 else Choice.REJECTED)

    @property
    def is_clear(self) -> bool:
        """Whether nobody who has not voted yet can change it."""
        return abs(self.lead) > self.left

    def __str__(self) -> str:
        said = [("for", Choice.AUTHORISED), ("against", Choice.REJECTED), ("abstained", Choice.ABSTAINED)]
        return ", ".join(f"{self.counts[choice]} {word}" for word, choice in said if self.counts[choice]) or "no vote"


def tally_of(item: AgendaItem, board: Board, fingerprint: str, involved: Iterable[int]) -> Tally:
    """Votes about another plan do not count; nor may those vote who have a part in the change."""
    votes = [vote for vote in item.votes.all() if vote.fingerprint == fingerprint]
    spoke = {vote.on_behalf_of_id or vote.by_id for vote in votes}
    may = {one.user_id for one in board.seated if one.seat in BoardSeat.VOTES} - set(involved)
    return Tally(sorted(votes, key=lambda vote: vote.pk), len(may - spoke))


def agenda_of(meeting: BoardMeeting, actor: Actor) -> list[AgendaItem]:
    """The items that the actor may see, in order, those taken off last; each with what its change still awaits.

    Three queries, however many there are.
    """
    votes = BoardVote.objects.select_related("by", "on_behalf_of").order_by("pk")
    items = AgendaItem.objects.filter(meeting=meeting).visible_to(actor).order_by("position", "pk")
    found = list(
        items.select_related("change__requested_by", "change__model", "added_by", "authorisation").prefetch_related(
            Prefetch("votes", votes), "change__services", "change__tasks"
        )
    )
    open_ones = Authorisation.objects.filter(
        change__in=[item.change_id for item in found], role=meeting.board.role, state__in=Authorisation.OPEN
    )
    waits: dict[int, Authorisation] = {}
    for authorisation in open_ones.select_related("policy").order_by("point", "pk"):
        waits.setdefault(authorisation.change_id, authorisation)
    for item in found:
        item.meeting = meeting
        item.awaited = waits.get(item.change_id) if item.is_pending else None  # type: ignore[attr-defined]
        if item.awaited is not None:  # type: ignore[attr-defined]
            item.awaited.change = item.change  # type: ignore[attr-defined]
    return sorted(found, key=lambda item: item.state == AgendaItem.State.WITHDRAWN)


def hidden_on(meeting: BoardMeeting, actor: Actor) -> int:
    """How many items there are that the actor may not see."""
    items = AgendaItem.objects.filter(meeting=meeting).exclude(state=AgendaItem.State.WITHDRAWN)
    return items.count() - items.visible_to(actor).count()


def to_vote(actor: Actor) -> QuerySet[AgendaItem]:
    """Items of live meetings on which the actor, or whom they stand in for, has a vote that was not cast yet."""
    mine = Q(board__seats__user=actor.user_id)
    for role, giver in sorted(actor.holdings.givers):
        mine |= Q(board__seats__user=giver, board__role=role)
    seated = BoardMeeting.objects.filter(
        mine, pk=OuterRef("meeting"), state__in=BoardMeeting.LIVE, board__seats__seat__in=BoardSeat.VOTES
    )
    asked = Authorisation.objects.filter(
        change=OuterRef("change"), role=OuterRef("meeting__board__role"), state__in=Authorisation.OPEN
    )
    spoken = Q(by=actor.user_id) | Q(on_behalf_of=actor.user_id)
    current = Exists(
        Authorisation.objects.filter(
            change=OuterRef("item__change"), fingerprint=OuterRef("fingerprint"), state__in=Authorisation.OPEN
        )
    )
    voted = BoardVote.objects.filter(spoken, current, item=OuterRef("pk"))
    decided = Decision.objects.filter(
        spoken, authorisation__change=OuterRef("change"), authorisation__state__in=Authorisation.OPEN,
        authorisation__role=OuterRef("meeting__board__role"), verdict__in=["authorised", "rejected"],
    )  # fmt: skip
    task = ChangeTask.objects.filter(change=OuterRef("change"), assignee=actor.user_id)
    return (
        AgendaItem.objects.filter(Exists(seated), Exists(asked), state__in=AgendaItem.PENDING)
        .filter(~Exists(voted), ~Exists(decided), ~Exists(task), ~Q(change__requested_by=actor.user_id))
        .filter(change__status__in=ChangeRequest.DECIDABLE)
        .visible_to(actor)
    )
