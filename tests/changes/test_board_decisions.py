"""A board's word decides the authorisation: by votes with a quorum, or by its chair; never about one's own change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from changes.models import AgendaItem, Authorisation, BoardVote, Decision
from changes.operations import agendas, board_decisions, requests
from changes.operations.authorisations import AlreadyDecided, OwnChange, WrongRole
from changes.queries.basics import BasicsBlock
from changes.queries.boards import to_vote
from changes.queries.minutes import minutes_of
from itsm.kernel import delegations, ledger, outbox
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import LedgerEntry
from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_ci
from tests.changes.board_builders import call, item_of, make_board, put_on, rule, seen, vote
from tests.changes.builders import END, NOW, START, decide, make_change, make_policy, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def five(person):
    return [person(f"member{n}", Role.CAB_MEMBER, first_name="Member", last_name=str(n)) for n in range(5)]


def waiting_change(alice, bob, quorum: int = 1, **details):
    make_policy(rules=[{"name": "the board", "require": [{"role": "cab_member", "quorum": quorum}]}])
    return make_change(requested_by=alice, assignee=bob, cis=[make_ci()], status="assessment", **details)


@pytest.fixture
def change(alice, bob):
    return waiting_change(alice, bob)


@pytest.fixture
def item(change, five):
    """On the agenda of a board of five that decides by votes with a quorum of three; the first is the chair."""
    return item_of(call(make_board(*five[1:], chair=five[0], quorum=3), change), change)


def status_of(change) -> str:
    change.refresh_from_db()
    return str(change.status)


def test_it_is_decided_by_the_vote_that_makes_the_outcome_certain(change, item, five):
    vote(item, five[0])
    vote(item, five[1], "rejected", "The window is short.")
    assert vote(item, five[2]).state == "waiting"
    assert status_of(change) == "assessment"

    assert vote(item, five[3]).state == "authorised"
    assert status_of(change) == "scheduled"
    assert Authorisation.objects.get(change=change).state == "authorised"


def test_one_voice_against_does_not_end_it_but_a_majority_does(change, item, five):
    vote(item, five[0])
    for member in five[1:4]:
        vote(item, member, "rejected", "Not before the sale.")

    assert status_of(change) == "rejected"
    assert set(Decision.objects.values_list("verdict", flat=True)) == {"rejected"}


def test_every_vote_and_the_decision_stand_in_the_ledger_by_name(change, item, five):
    for member in five[:3]:
        vote(item, member)

    voted = LedgerEntry.objects.filter(decision="voted_authorised")
    entry = LedgerEntry.objects.get(decision="authorised")
    assert [e.actor for e in voted.order_by("sequence")] == ["Member 0", "Member 1", "Member 2"]
    assert entry.on_behalf_of == "CAB"
    assert [one["vote"] for one in entry.details["votes"]] == ["authorised"] * 3
    assert set(Decision.objects.values_list("ledger_sequence", flat=True)) == set(
        voted.values_list("sequence", flat=True)
    )
    assert ledger.verify().intact


def test_nobody_votes_twice(item, five):
    vote(item, five[0])
    with pytest.raises(AlreadyDecided):
        vote(item, five[0], "rejected", "On second thought.")

    assert BoardVote.objects.count() == 1


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_it_refuses_the_requester_and_the_implementer_though_they_sit_there(change, who, request, five):
    user = request.getfixturevalue(who)
    user.assignments.create(role=Role.CAB_MEMBER)
    item = item_of(call(make_board(user, *five), change), change)

    with pytest.raises(OwnChange):
        vote(item, user)
    assert not BoardVote.objects.exists()
    assert not LedgerEntry.objects.filter(decision__startswith="voted").exists()


def test_it_refuses_who_has_no_seat_and_who_has_no_longer_the_role(change, item, five, person):
    with pytest.raises(Forbidden):
        vote(item, person("sixth", Role.CAB_MEMBER))
    five[1].assignments.all().delete()
    with pytest.raises(WrongRole):
        vote(item, five[1])
    assert not BoardVote.objects.exists()


def test_a_secretary_runs_the_meeting_but_has_no_vote(change, five, person):
    from changes.operations import boards

    secretary = person("secretary", Role.CAB_MEMBER)
    board = boards.establish(name="CAB", members={"secretary": [secretary], "member": five}, actor=SYSTEM)
    item = item_of(call(board, change), change)
    with pytest.raises(Forbidden):
        vote(item, secretary)
    agendas.take_up(meeting_id=item.meeting_id, item_id=item.pk, actor=Actor.person(secretary), now=NOW)


def test_who_stands_in_for_a_member_votes_in_their_name_once(item, five, person):
    deputy, now = person("deputy"), timezone.now()
    delegations.give(
        taker=deputy, role=Role.CAB_MEMBER, until=now + timedelta(days=2), reason="Leave",
        actor=Actor.person(five[4]), now=now - timedelta(minutes=1),
    )  # fmt: skip
    vote(item, deputy)

    cast = BoardVote.objects.get()
    assert (cast.by, cast.on_behalf_of) == (deputy, five[4])
    with pytest.raises(AlreadyDecided):
        vote(item, five[4])


def test_a_vote_is_about_the_plan_that_was_read(change, item, five):
    read = seen(item)
    vote(item, five[0])
    requests.schedule(change_id=change.pk, start=START + timedelta(hours=1), end=END + timedelta(hours=1), actor=SYSTEM)

    with pytest.raises(board_decisions.PlanChanged):
        vote(item, five[1], fingerprint=read)
    vote(item, five[0])  # about the new plan, anew
    vote(item, five[1])
    assert vote(item, five[2]).state == "authorised"
    assert Decision.objects.count() == 3


def test_it_refuses_a_voice_for_what_the_basics_bar(alice, bob, five):
    change = waiting_change(alice, bob, back_out_minutes=0, back_out_trigger="", back_out_steps="")
    item = item_of(call(make_board(*five), change), change)

    with pytest.raises(BasicsBlock):
        vote(item, five[0])
    vote(item, five[0], "abstained")


def test_a_vote_against_needs_its_reason(item, five):
    with pytest.raises(InvalidInput) as refusal:
        vote(item, five[0], "rejected")
    assert "comment" in refusal.value.errors


def test_the_policys_own_quorum_holds_for_a_board_too(alice, bob, five):
    change = waiting_change(alice, bob, quorum=3)
    item = item_of(call(make_board(*five[1:], chair=five[0], quorum=1, decides_by="chair"), change), change)
    vote(item, five[1])

    with pytest.raises(board_decisions.NoQuorum):
        rule(item, five[0])
    assert status_of(change) == "assessment"
    vote(item, five[2])
    rule(item, five[0])
    assert status_of(change) == "scheduled"
    assert Decision.objects.filter(verdict="authorised").count() == 3


# --- The chair ------------------------------------------------------------------------------------


@pytest.fixture
def chaired(change, five):
    return item_of(call(make_board(*five[1:], chair=five[0], decides_by="chair"), change), change)


def test_the_chair_decides_and_votes_are_advice(change, chaired, five):
    vote(chaired, five[1], "rejected", "I would wait.")
    assert rule(chaired, five[0]).state == "authorised"

    assert status_of(change) == "scheduled"
    assert Decision.objects.get().by == five[0]


def test_it_refuses_a_member_the_chairs_word(change, chaired, five, change_manager):
    for who in (five[1], change_manager):
        with pytest.raises(Forbidden):
            rule(chaired, who)
    assert status_of(change) == "assessment"


def test_a_chair_who_requested_the_change_does_not_decide_it(alice, bob, five):
    alice.assignments.create(role=Role.CAB_MEMBER)
    change = waiting_change(alice, bob)
    item = item_of(call(make_board(*five, chair=alice, decides_by="chair"), change), change)

    with pytest.raises(OwnChange):
        rule(item, alice)


def test_the_chair_cannot_say_other_than_the_votes_and_not_without_a_quorum(change, item, five):
    vote(item, five[1])
    with pytest.raises(board_decisions.NoQuorum):
        rule(item, five[0])
    vote(item, five[2])
    vote(item, five[3], "abstained")
    with pytest.raises(board_decisions.AgainstTheVotes):
        rule(item, five[0], "rejected", "No.")

    assert rule(item, five[0]).state == "authorised"


def test_in_a_tie_the_chair_decides(change, item, five):
    vote(item, five[1])
    vote(item, five[2], "rejected", "No.")
    vote(item, five[3], "abstained")

    rule(item, five[0], "rejected", "Not this week.")
    assert status_of(change) == "rejected"


def test_putting_off_and_asking_leave_the_change_where_it_was(change, chaired, five, alice, bob):
    other = make_change(requested_by=alice, assignee=bob, cis=[make_ci()], status="assessment")
    second = put_on(chaired.meeting, other, reason="Late.")

    assert rule(chaired, five[0], "more_information", "Was it tried?").state == "more_information"
    assert rule(second, five[0], "deferred", "The owner is away.").state == "deferred"
    assert status_of(change) == status_of(other) == "assessment"
    assert waiting(change, "cab_member").state == "more_information"
    with pytest.raises(agendas.Settled):
        rule(second, five[0])


def test_what_is_decided_outside_is_settled_on_the_agenda(change, item, five):
    decide(waiting(change, "cab_member"), five[0])
    outbox.publish()
    for subscriber in outbox.waiting_subscribers():
        outbox.drain(subscriber)

    item.refresh_from_db()
    assert item.state == "authorised"


# --- What waits for whom, and the minutes ---------------------------------------------------------


def test_what_one_has_to_vote_on_waits_for_them_until_they_have(change, item, five, alice, viewer):
    assert list(to_vote(Actor.person(five[0]))) == [item]
    assert not to_vote(Actor.person(alice)).exists()
    assert not to_vote(Actor.person(viewer)).exists()

    vote(item, five[0])
    assert not to_vote(Actor.person(five[0])).exists()


def test_a_confidential_change_is_on_the_agenda_of_those_who_may_see_it_only(alice, bob, five, person, viewer):
    change = waiting_change(alice, bob, confidential=True, title="Zugzwang")
    meeting = call(make_board(*five), change)

    assert AgendaItem.objects.visible_to(Actor.person(five[0])).count() == 1
    assert not AgendaItem.objects.visible_to(Actor.person(viewer)).exists()
    told = minutes_of(meeting, Actor.person(viewer))
    assert (told.lines, told.hidden) == ([], 1)


def test_the_minutes_write_themselves(change, item, five):
    agendas.take_up(meeting_id=item.meeting_id, item_id=item.pk, actor=SYSTEM, now=NOW - timedelta(minutes=4))
    agendas.note(meeting_id=item.meeting_id, item_id=item.pk, note="The owner was heard.", actor=SYSTEM)
    for member in five[:3]:
        vote(item, member)

    (line,) = minutes_of(item.meeting, SYSTEM).lines
    assert (line.outcome, line.how, line.minutes) == ("Authorised", "CAB, 3 for", 4)
    assert line.note == "The owner was heard."
    assert line.votes[0] == "Member 0: for"
    assert minutes_of(item.meeting, SYSTEM).took_part == ["Member 0", "Member 1", "Member 2"]
