"""A proposal's way from a wish to the benefit reached."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from changes import subscriptions
from changes.criteria import CRITERIA
from changes.models import ChangeProposal, ChangeRequest
from changes.operations import proposals
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from itsm.kernel.models import LedgerEntry, Notification, OutboxEvent
from tests.builders import SYSTEM, make_service
from tests.changes.builders import NOW, make_model

pytestmark = pytest.mark.django_db
FAIR = dict.fromkeys(CRITERIA, 2)


@pytest.fixture
def proposal(sponsor):
    return proposals.draft(
        title="Accept PayPal", outcome_wanted="Customers pay with PayPal.", sponsor=sponsor,
        services=[make_service("Shop")], actor=Actor.person(sponsor),
    )  # fmt: skip


@pytest.fixture
def authorised(proposal, sponsor, change_manager):
    manager = Actor.person(change_manager)
    proposals.submit(proposal_id=proposal.pk, actor=Actor.person(sponsor))
    proposals.assess(proposal_id=proposal.pk, assessment="Worth it.", marks=FAIR, actor=manager)
    return proposals.authorise(proposal_id=proposal.pk, comment="Do it.", actor=manager, now=NOW)


def test_a_wish_becomes_a_request_and_is_closed_against_its_benefit(authorised, sponsor, change_manager):
    wants = Actor.person(sponsor)
    change = proposals.spawn(proposal_id=authorised.pk, model=make_model(), actor=wants)

    authorised.refresh_from_db()
    assert authorised.status == "in_delivery"
    assert (change.title, change.status, change.proposal) == ("Accept PayPal", "draft", authorised)
    assert [service.slug for service in change.services.all()] == ["shop"]

    proposals.realise(proposal_id=authorised.pk, actor=wants, now=NOW)
    with pytest.raises(InvalidInput):
        proposals.close(proposal_id=authorised.pk, actor=wants)
    closed = proposals.close(
        proposal_id=authorised.pk, benefit_reached="2.1 % more orders.", cost_actual_eur=Decimal(20), actor=wants
    )
    assert (closed.status, closed.benefit_reached, closed.cost_actual_eur) == ("closed", "2.1 % more orders.", 20)


def test_the_decision_is_in_the_ledger(authorised, change_manager):
    entry = LedgerEntry.objects.get()

    assert (entry.decision, entry.subject, entry.comment, entry.user) == (
        "authorised", authorised.number, "Do it.", change_manager,
    )  # fmt: skip
    assert (authorised.decided_by, authorised.decided_at) == (change_manager, NOW)


def test_the_event_does_not_tell_the_title_of_what_was_spawned(authorised, sponsor):
    change = proposals.spawn(proposal_id=authorised.pk, model=make_model(), actor=Actor.person(sponsor))

    event = OutboxEvent.objects.get(name="changes.proposal.spawned")
    assert event.payload["spawned"] == change.pk
    assert change.title not in str(event.payload)


def test_nothing_is_spawned_before_it_is_authorised(proposal, sponsor):
    with pytest.raises(proposals.NotYetAuthorised):
        proposals.spawn(proposal_id=proposal.pk, model=make_model(), actor=Actor.person(sponsor))
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize("data", [{"kind": "unicorn"}, {}, {"model": None}, {"model": "m", "colour": "red"}])
def test_what_cannot_be_spawned_is_said_and_leaves_the_proposal(authorised, sponsor, data):
    if data.get("model"):
        data = data | {"model": make_model()}
    with pytest.raises(InvalidInput):
        proposals.spawn(proposal_id=authorised.pk, actor=Actor.person(sponsor), **data)

    authorised.refresh_from_db()
    assert authorised.status == "authorised"


def test_nobody_decides_on_the_own_proposal(change_manager):
    own = proposals.draft(
        title="x", outcome_wanted="y", sponsor=change_manager, actor=Actor.person(change_manager)
    )  # fmt: skip
    proposals.submit(proposal_id=own.pk, actor=Actor.person(change_manager))
    proposals.assess(proposal_id=own.pk, assessment="Fine.", marks=FAIR, actor=SYSTEM)

    with pytest.raises(Forbidden):
        proposals.authorise(proposal_id=own.pk, actor=Actor.person(change_manager), now=NOW)
    own.refresh_from_db()
    assert own.status == "assessment"
    assert not LedgerEntry.objects.exists()


def test_who_says_no_says_why(proposal, sponsor, change_manager):
    proposals.submit(proposal_id=proposal.pk, actor=Actor.person(sponsor))
    manager = Actor.person(change_manager)
    with pytest.raises(InvalidInput):
        proposals.decline(proposal_id=proposal.pk, comment="", actor=manager, now=NOW)
    with pytest.raises(InvalidInput):
        proposals.defer(proposal_id=proposal.pk, until=NOW.date(), comment="Later", actor=manager, now=NOW)

    proposal.refresh_from_db()
    assert proposal.status == "submitted"


def test_a_deferred_proposal_comes_back_on_its_day_and_once(proposal, sponsor, change_manager):
    proposals.submit(proposal_id=proposal.pk, actor=Actor.person(sponsor))
    day = NOW + timedelta(days=30)
    proposals.defer(
        proposal_id=proposal.pk, until=day.date(), comment="After the holidays.", actor=Actor.person(change_manager),
        now=NOW,
    )  # fmt: skip

    assert proposals.resume_due(actor=SYSTEM, now=day - timedelta(days=1)) == []
    assert proposals.resume_due(actor=SYSTEM, now=day) == [proposal]
    assert proposals.resume_due(actor=SYSTEM, now=day) == []
    proposal.refresh_from_db()
    assert proposal.status == "submitted"


def test_a_decided_proposal_stays_as_it_was_decided(authorised, sponsor):
    with pytest.raises(proposals.DomainError, match="can no longer be changed"):
        proposals.update(proposal_id=authorised.pk, title="Accept gold", actor=Actor.person(sponsor))
    with pytest.raises(IllegalMove):
        proposals.submit(proposal_id=authorised.pk, actor=Actor.person(sponsor))


def test_what_it_costs_has_two_ends_in_order(proposal, sponsor):
    proposals.update(proposal_id=proposal.pk, cost_low_eur=Decimal(10), actor=Actor.person(sponsor))
    with pytest.raises(InvalidInput):
        proposals.update(proposal_id=proposal.pk, cost_high_eur=Decimal(9), actor=Actor.person(sponsor))
    assert ChangeProposal.objects.get().cost_high_eur is None


def test_others_do_not_change_it(proposal, alice, viewer):
    for user in (alice, viewer):
        with pytest.raises(Forbidden):
            proposals.update(proposal_id=proposal.pk, title="x", actor=Actor.person(user))
    with pytest.raises(Forbidden):
        proposals.draft(title="x", outcome_wanted="y", sponsor=alice, actor=Actor.person(viewer))


# --- Its own criteria, its authority, and what came of it -----------------------------------------------


def assess(proposal, who, **said):
    about = {"assessment": "Looked at.", "marks": FAIR, **said}
    return proposals.assess(proposal_id=proposal.pk, actor=Actor.person(who), **about)


@pytest.mark.parametrize(
    "marks", [{}, {"worth": 2}, FAIR | {"worth": 4}, FAIR | {"worth": True}, FAIR | {"colour": 1}, [2, 2]]
)
def test_each_criterion_is_marked(proposal, sponsor, change_manager, marks):
    proposals.submit(proposal_id=proposal.pk, actor=Actor.person(sponsor))
    with pytest.raises(InvalidInput) as refusal:
        assess(proposal, change_manager, marks=marks)
    assert list(refusal.value.errors) == ["marks"]
    proposal.refresh_from_db()
    assert (proposal.status, proposal.marks) == ("submitted", {})


@pytest.mark.parametrize(
    ("cost", "marks", "said", "authority"),
    [
        (None, FAIR, "", "change_manager"), (Decimal(99_999), FAIR, "", "change_manager"),
        (Decimal(100_000), FAIR, "", "cab_member"), (None, FAIR | {"risk": 1}, "", "cab_member"),
        (Decimal(100_000), FAIR, "service_owner", "service_owner"),
    ],
)  # fmt: skip
def test_its_authority_follows_from_size_and_marks_unless_said(
    proposal, sponsor, change_manager, cost, marks, said, authority
):
    proposals.update(proposal_id=proposal.pk, cost_high_eur=cost, actor=Actor.person(sponsor))
    proposals.submit(proposal_id=proposal.pk, actor=Actor.person(sponsor))
    assert assess(proposal, change_manager, marks=marks, authority=said).authority == authority


def test_its_authority_decides_and_nobody_else(proposal, sponsor, change_manager, alice):
    proposals.submit(proposal_id=proposal.pk, actor=Actor.person(sponsor))
    assess(proposal, change_manager, authority="service_owner")
    service = proposal.services.get()
    type(service).objects.filter(pk=service.pk).update(owner=alice)
    with pytest.raises(Forbidden):
        proposals.authorise(proposal_id=proposal.pk, actor=Actor.person(change_manager), now=NOW)
    assert proposals.authorise(proposal_id=proposal.pk, actor=Actor.person(alice), now=NOW).decided_by == alice


@pytest.mark.parametrize("what", ["cost", "value"])
def test_a_range_is_not_upside_down(proposal, sponsor, what):
    bounds = {f"{what}_low_eur": Decimal(9), f"{what}_high_eur": Decimal(3)}
    with pytest.raises(InvalidInput):
        proposals.update(proposal_id=proposal.pk, actor=Actor.person(sponsor), **bounds)


@pytest.mark.parametrize("field", ["value_low_eur", "value_high_eur", "cost_low_eur", "cost_high_eur"])
def test_nothing_is_worth_or_costs_less_than_nothing(proposal, sponsor, field):
    with pytest.raises(InvalidInput) as refused:
        proposals.update(proposal_id=proposal.pk, actor=Actor.person(sponsor), **{field: Decimal(-1)})
    assert refused.value.errors == {field: ["Less than nothing. Say an amount of 0 or more."]}


def test_all_that_cannot_be_so_is_said_at_once(proposal, sponsor):
    nonsense = {"value_low_eur": Decimal(-1), "cost_low_eur": Decimal(9), "cost_high_eur": Decimal(3)}
    with pytest.raises(InvalidInput) as refused:
        proposals.update(proposal_id=proposal.pk, actor=Actor.person(sponsor), deadline=date(1, 1, 1), **nonsense)
    assert [*refused.value.errors] == ["value_low_eur", "cost_high_eur", "deadline"]
    assert "9" in refused.value.errors["cost_high_eur"][0]


def test_somebody_is_reminded_once_to_look_what_it_brought(authorised, sponsor):
    wants = Actor.person(sponsor)
    proposals.spawn(proposal_id=authorised.pk, model=make_model(), actor=wants)
    done = proposals.realise(proposal_id=authorised.pk, actor=wants, now=NOW)
    due = NOW + timedelta(days=90)
    assert done.check_on == due.date()
    assert proposals.remind_of_benefits(actor=SYSTEM, now=due - timedelta(days=1)) == []
    assert proposals.remind_of_benefits(actor=SYSTEM, now=due) == [authorised]
    assert proposals.remind_of_benefits(actor=SYSTEM, now=due) == []
    subscriptions.remind_of_the_benefit(OutboxEvent.objects.get(name="changes.proposal.check_due"))
    assert Notification.objects.get(kind="changes.proposal").user == sponsor


def test_who_withdraws_it_says_why(proposal, sponsor):
    gone = proposals.withdraw(proposal_id=proposal.pk, reason="The budget is gone.", actor=Actor.person(sponsor))
    assert (gone.status, gone.decision_comment) == ("withdrawn", "The budget is gone.")
