"""What a board decides: members vote, also before the meeting; its word decides the authorisation at once.

Each vote is an entry of the ledger. When the board has decided, the votes on the winning side become the decisions
of those who cast them, so the policy's own quorum holds for a board too, and nobody decides about their own change.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from changes import rules
from changes.basics import Verdict
from changes.fingerprint import PlanChanged
from changes.models import (
    AgendaItem,
    Authorisation,
    Board,
    BoardMeeting,
    BoardSeat,
    BoardVote,
    ChangeModel,
    ChangeRequest,
    Decision,
)
from changes.operations import agendas, authorisations
from changes.operations.authorisations import AlreadyDecided, OwnChange, WrongRole
from changes.queries import basics
from changes.queries.boards import Tally, awaited, tally_of
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.step_up import require_recent

State = AgendaItem.State
Choice = BoardVote.Choice
Verdicts = list[Verdict]
CHAIRS_WORDS = (State.AUTHORISED, State.REJECTED, State.MORE_INFORMATION, State.DEFERRED)


class NoQuorum(DomainError):
    code = "no_quorum"


class AgainstTheVotes(DomainError):
    code = "against_the_votes"


@dataclass
class Matter:
    """One item with the authorisation that it is about, both locked."""

    meeting: BoardMeeting
    item: AgendaItem
    change: ChangeRequest
    authorisation: Authorisation

    @property
    def board(self) -> Board:
        return self.meeting.board

    @property
    def tally(self) -> Tally:
        return tally_of(self.item, self.board, self.authorisation.fingerprint, rules.involved_in(self.change))


@operation
def vote(
    *, meeting_id: int, item_id: int, vote: str, fingerprint: str, actor: Actor, now: datetime, comment: str = ""
) -> AgendaItem:
    """Cast one's vote about the plan that was read; a vote that makes the outcome certain decides at once."""
    meeting = agendas.live(meeting_id)
    require(rules.may_vote, actor, meeting)
    matter = _matter(meeting, item_id, fingerprint, actor)
    if vote not in Choice.values:
        raise InvalidInput.at("vote", f"Unknown vote. Known: {', '.join(Choice.values)}.")
    if vote == Choice.REJECTED and not comment.strip():
        raise InvalidInput.at("comment", "Say why, so that the requester can act on it.")
    giver = _voice(matter, actor, BoardSeat.VOTES)
    verdicts = _examined(matter, actor, now) if vote == Choice.AUTHORISED else basics.verdicts_of(matter.change, now)
    _cast(matter, vote, comment, giver, verdicts, actor, now)
    tally = matter.tally
    decides = matter.board.decides_by == Board.DecidesBy.VOTES and len(tally.votes) >= matter.board.quorum
    if decides and tally.is_clear and not _lacking(matter, tally.outcome, own=0):
        barred = tally.outcome == Choice.AUTHORISED and any(verdict.blocks for verdict in verdicts)
        if not barred:  # else the chair decides, when it is mended
            _settle(matter, tally.outcome, str(tally), None, verdicts, actor, now)
    return matter.item


@operation
def decide(
    *, meeting_id: int, item_id: int, decision: str, fingerprint: str, actor: Actor, now: datetime, comment: str = ""
) -> AgendaItem:
    """The chair says what the board decides: by itself, or by the votes that were cast; effective at once."""
    meeting = agendas.live(meeting_id)
    require(rules.may_chair, actor, meeting)
    if decision not in CHAIRS_WORDS:
        raise InvalidInput.at("decision", f"Unknown decision. Known: {', '.join(CHAIRS_WORDS)}.")
    if decision != State.AUTHORISED and not comment.strip():
        raise InvalidInput.at("comment", "Say why, so that the requester can act on it.")
    if decision == State.DEFERRED:
        return _put_off(agendas.pending(meeting, item_id, actor), comment, actor, now)
    matter = _matter(meeting, item_id, fingerprint, actor)
    giver = _voice(matter, actor, BoardSeat.CHAIRS, voted=True)
    if decision == State.MORE_INFORMATION:
        authorisations.decide(
            authorisation_id=matter.authorisation.pk, decision=decision, comment=comment, actor=actor, now=now
        )
        return _end(matter.item, decision, comment, actor.label, now)
    own = None if matter.board.decides_by == Board.DecidesBy.VOTES else _own_word(matter, decision, giver, actor)
    _check_votes(matter, decision, own)
    verdicts = (
        _examined(matter, actor, now) if decision == Choice.AUTHORISED else basics.verdicts_of(matter.change, now)
    )
    said = comment or (str(matter.tally) if matter.tally.votes else "")
    _settle(matter, decision, said, own, verdicts, actor, now)
    return matter.item


def _matter(meeting: BoardMeeting, item_id: int, fingerprint: str, actor: Actor) -> Matter:
    """Locked in the order of all decisions: the change, then its authorisation."""
    item = agendas.pending(meeting, item_id, actor)
    change = ChangeRequest.objects.select_related("model").select_for_update(of=("self",)).get(pk=item.change_id)
    found = awaited(meeting.board.role, change).select_related("policy").first()
    if found is None or change.status not in ChangeRequest.DECIDABLE:
        raise agendas.NothingAwaited(f"{change} waits for nothing that this board decides.")
    authorisation: Authorisation = Authorisation.objects.select_related("policy").lock(found.pk)
    authorisation.change = item.change = change
    if fingerprint != authorisation.fingerprint:
        raise PlanChanged(f"The plan of {change} is another than the one you read. Read it again, then decide.")
    return Matter(meeting, item, change, authorisation)


def _voice(matter: Matter, actor: Actor, seats: Any, *, voted: bool = False) -> User | None:
    """In whose name the actor speaks (None: their own). Refuses who has a part in it, or has spoken already."""
    authorisation = matter.authorisation
    if not rules.voices(actor, authorisation):
        raise WrongRole(f"This decision belongs to the role {authorisation.get_role_display().lower()}.")
    voices = rules.board_voices(actor, matter.board, authorisation, seats)
    if not voices:
        raise OwnChange(f"You, or whom you stand in for, requested {matter.change} or have a task in it.")
    spoke = set() if voted else {v.on_behalf_of_id or v.by_id for v in matter.tally.votes}
    heard = spoke | authorisation.heard
    if actor.user_id in heard or (not voted and actor.user_id in {v.by_id for v in matter.tally.votes}):
        raise AlreadyDecided("You have spoken on this already.")
    if None in voices:
        return None
    unheard = [voice for voice in voices if voice not in heard]
    if not unheard:
        raise AlreadyDecided("The one you stand in for has spoken on this already.")
    return User.objects.get(pk=min(unheard))  # type: ignore[type-var]


def _cast(
    matter: Matter, vote: str, comment: str, giver: User | None, verdicts: Verdicts, actor: Actor, now: datetime
) -> None:
    entry = ledger.append(
        actor=actor, subject=matter.change, decision=f"voted_{vote}", comment=comment, on_behalf_of=str(giver or ""),
        policy_version=f"{matter.authorisation.policy}, {matter.authorisation.rule}", at=now,
        evidence={"fingerprint": matter.authorisation.fingerprint, "basics": [v.as_dict() for v in verdicts]},
        details={**_where(matter), "basics": {v.code: v.verdict for v in verdicts}},
    )  # fmt: skip
    BoardVote.objects.create(  # type: ignore[misc]  # a voice is a person's
        item=matter.item, by=actor.user, on_behalf_of=giver, vote=vote, comment=comment, at=now,
        fingerprint=matter.authorisation.fingerprint, ledger_sequence=entry.sequence,
    )  # fmt: skip
    events.record("changes.agenda_item.voted", matter.item, actor=actor)


def _examined(matter: Matter, actor: Actor, now: datetime) -> Verdicts:
    """The basics; a voice for a change that they bar is refused, and an emergency asks who speaks."""
    if matter.change.model.type == ChangeModel.Type.EMERGENCY:
        require_recent(actor, "Authorising an emergency change")
    verdicts = basics.verdicts_of(matter.change, now)
    basics.refuse(matter.change, verdicts)
    return verdicts


def _where(matter: Matter) -> dict[str, Any]:
    return {
        "authorisation": matter.authorisation.number, "role": matter.authorisation.role,
        "point": matter.authorisation.point, "fingerprint": matter.authorisation.fingerprint,
        "board": matter.board.name, "meeting": matter.meeting.number,
    }  # fmt: skip


def _own_word(matter: Matter, decision: str, giver: User | None, actor: Actor) -> "Spoken | None":
    """The chair's own voice, where it was not cast before; it cannot be turned round."""
    who = giver.pk if giver else actor.user_id
    before = next((v for v in matter.tally.votes if (v.on_behalf_of_id or v.by_id) == who), None)
    if before is None:
        return Spoken(actor.user, giver)
    if before.vote != decision:
        raise AgainstTheVotes(f"You voted otherwise about {matter.change} ({before.get_vote_display().lower()}).")
    return None


@dataclass(frozen=True)
class Spoken:
    """Who says it with the board's decision itself, and in whose name."""

    by: User | None
    giver: User | None


def _check_votes(matter: Matter, decision: str, own: Spoken | None) -> None:
    board, tally = matter.board, matter.tally
    if board.decides_by == Board.DecidesBy.VOTES:
        if len(tally.votes) < board.quorum:
            raise NoQuorum(f"{len(tally.votes)} of {board.quorum} have voted. Let the others vote, or put it off.")
        if tally.outcome not in ("", decision):  # in a tie the chair decides
            raise AgainstTheVotes(f"The votes say otherwise: {tally}.")
    if lacking := _lacking(matter, decision, own=int(own is not None)):
        raise NoQuorum(f"The policy asks for {matter.authorisation.quorum} voices for it; {lacking} are lacking.")


def _lacking(matter: Matter, decision: str, *, own: int) -> int:
    """How many voices the policy's own quorum lacks; one against is enough."""
    if decision != Choice.AUTHORISED:
        return 0
    given = matter.authorisation.decisions.filter(verdict=Decision.Verdict.AUTHORISED).count()
    return max(0, matter.authorisation.quorum - given - own - len(matter.tally.of(Choice.AUTHORISED)))


def _settle(
    matter: Matter, decision: str, said: str, own: Spoken | None, verdicts: Verdicts, actor: Actor, now: datetime
) -> None:
    """The board's word decides the authorisation, and the change moves on as after any decision."""
    authorisation, tally = matter.authorisation, matter.tally
    votes = [{"by": str(v.by), "for": str(v.on_behalf_of or ""), "vote": v.vote} for v in tally.votes]
    entry = ledger.append(
        actor=actor, subject=matter.change, decision=decision, comment=said, at=now,
        on_behalf_of=str(own.giver or "") if own else matter.board.name,
        policy_version=f"{authorisation.policy}, {authorisation.rule}",
        evidence={"fingerprint": authorisation.fingerprint, "basics": [v.as_dict() for v in verdicts], "votes": votes},
        details={**_where(matter), "votes": votes, "basics": {v.code: v.verdict for v in verdicts}},
    )  # fmt: skip
    heard = authorisation.heard
    spoken = [v for v in tally.of(decision) if not heard & {v.by_id, v.on_behalf_of_id}]
    rows: list[tuple[User | None, User | None, str, datetime, int]] = [
        (v.by, v.on_behalf_of, v.comment, v.at, v.ledger_sequence) for v in spoken
    ]
    if own is not None or not rows:  # a casting voice in a tie, too, is somebody's
        rows.append((own.by if own else actor.user, own.giver if own else None, said, now, entry.sequence))
    Decision.objects.bulk_create(
        Decision(authorisation=authorisation, verdict=decision, by=by, on_behalf_of=giver, comment=comment, at=at,
                 ledger_sequence=sequence)
        for by, giver, comment, at, sequence in rows
    )  # fmt: skip
    authorisations.conclude(authorisation, decision, now)
    matter.item.authorisation = authorisation
    how = f"{matter.board.name}, {tally}" if tally.votes else actor.label
    _end(matter.item, decision, said, how, now)
    events.record("changes.authorisation.decided", authorisation, actor=actor, decision=decision)
    authorisations.move_on(matter.change, authorisation, actor)


def _put_off(item: AgendaItem, comment: str, actor: Actor, now: datetime) -> AgendaItem:
    _end(item, State.DEFERRED, comment, actor.label, now)
    events.record("changes.agenda_item.deferred", item, actor=actor)
    return item


def _end(item: AgendaItem, state: str, comment: str, who: str, now: datetime) -> AgendaItem:
    item.state, item.comment, item.settled_by, item.settled_at = state, comment, who[:200], now
    item.save(update_fields=["state", "comment", "settled_by", "settled_at", "authorisation"])
    return item


@operation
def take_note(*, authorisation_id: int, actor: Actor, now: datetime) -> int:
    """What was decided elsewhere is settled on each agenda too; told again, nothing is left to do."""
    authorisation = Authorisation.objects.get(pk=authorisation_id)
    if authorisation.state not in (Authorisation.State.AUTHORISED, Authorisation.State.REJECTED):
        return 0
    items = AgendaItem.objects.filter(
        change=authorisation.change_id, state__in=AgendaItem.PENDING, meeting__board__role=authorisation.role
    )
    items = items.filter(meeting__state__in=BoardMeeting.LIVE).select_for_update(of=("self",))
    for item in (found := list(items)):
        item.authorisation = authorisation
        _end(item, authorisation.state, "Decided outside the meeting.", "", now)
    return len(found)
