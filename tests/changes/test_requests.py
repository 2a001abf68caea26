"""A request's way: planned, submitted, asked about anew when it changes, cancelled, revised, reviewed."""

from datetime import timedelta

import pytest

from changes.models import Authorisation, ChangeRequest, Freeze, Review
from changes.operations import asking, authorisations, planning, requests, waivers
from changes.queries import authorisations as ask
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from itsm.kernel.models import LedgerEntry, OutboxEvent
from itsm.kernel.roles import Role
from itsm.portal.queries import work
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import END, NOW, START, decide, make_change, make_model, make_policy, waiting

pytestmark = pytest.mark.django_db
BUILD_FIRST = [
    {"name": "two points", "require": [{"role": "change_manager", "point": "build"}, {"role": "cab_member"}]},
]  # fmt: skip


def work_of(user) -> list[tuple[str, str]]:
    """What they do next of changes that they asked for, or that ended: (title, its step)."""
    found = work.waiting_for(Actor.person(user), END, ["question", "unsent", "ended", "stopped", "extension"])
    return [(item.title, item.step.label) for item in found]


@pytest.fixture
def change(alice, bob):
    return make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw-1")], status="assessment")


def test_a_draft_takes_its_tasks_from_the_model(alice):
    model = make_model("patch", tasks=[{"title": "Save"}, {"title": "Patch", "duration_minutes": 20}])
    change = requests.draft(title="Patch it", model=model, actor=Actor.person(alice))

    assert list(change.tasks.order_by("order").values_list("order", "title", "duration_minutes")) == [
        (1, "Save", 0), (2, "Patch", 20),
    ]  # fmt: skip
    assert (change.requested_by, change.type, change.status) == (alice, "normal", "draft")


def test_a_viewer_raises_nothing(viewer):
    with pytest.raises(Forbidden):
        requests.draft(title="x", model=make_model(), actor=Actor.person(viewer))
    assert not ChangeRequest.objects.exists()


def test_it_is_not_submitted_without_a_window(alice):
    change = requests.draft(title="x", model=make_model(), actor=Actor.person(alice))
    make_policy()

    with pytest.raises(requests.Incomplete):
        requests.submit(change_id=change.pk, actor=Actor.person(alice), now=NOW)
    change.refresh_from_db()
    assert change.status == "draft"


def test_it_is_not_submitted_without_a_policy_in_force(alice):
    change = make_change(requested_by=alice)

    with pytest.raises(asking.NoPolicy):
        requests.submit(change_id=change.pk, actor=Actor.person(alice), now=NOW)
    change.refresh_from_db()
    assert change.status == "draft"
    assert not OutboxEvent.objects.filter(name="changes.change_request.submitted").exists()


def test_a_policy_that_devolves_asks_no_person_and_says_so(alice):
    make_policy(rules=[{"name": "pipeline", "devolve": [{"fact": "tests.failed", "at_most": 0}]}])
    change = make_change(requested_by=alice)

    with pytest.raises(asking.RefusedByPolicy, match=r"nothing is known of tests\.failed"):
        requests.submit(change_id=change.pk, actor=Actor.person(alice), now=NOW)


@pytest.mark.parametrize(
    ("start", "end"), [(START, START), (END, START), (START, None), (START.replace(tzinfo=None), END)]
)
def test_a_window_that_is_none_is_refused(change, start, end):
    with pytest.raises(InvalidInput):
        requests.plan(change_id=change.pk, start=start, end=end, actor=SYSTEM)
    change.refresh_from_db()
    assert (change.window.lower, change.window.upper) == (START, END)


def test_only_the_requester_and_the_change_manager_plan(change, alice, bob, change_manager):
    for user in (alice, change_manager):
        requests.plan(change_id=change.pk, reason=f"by {user}", actor=Actor.person(user))
    with pytest.raises(Forbidden):
        requests.plan(change_id=change.pk, reason="by Bob", actor=Actor.person(bob))

    change.refresh_from_db()
    assert change.reason == f"by {change_manager}"


def test_a_status_cannot_be_planned(change):
    with pytest.raises(InvalidInput):
        requests.plan(change_id=change.pk, status="scheduled", actor=SYSTEM)


def test_the_same_plan_again_leaves_what_was_given(change, change_manager):
    decide(waiting(change), change_manager)
    requests.plan(change_id=change.pk, title=change.title, actor=SYSTEM)

    change.refresh_from_db()
    assert change.status == "scheduled"


def test_a_touched_ci_more_makes_an_authorisation_fall(change, change_manager):
    decide(waiting(change), change_manager)
    requests.plan(change_id=change.pk, cis=[*change.cis.all(), make_ci("fw-2")], actor=SYSTEM)

    change.refresh_from_db()
    assert change.status == "assessment"
    assert sorted(change.authorisations.values_list("state", flat=True)) == ["fallen", "pending"]


def test_a_higher_risk_asks_those_whom_the_policy_wants_now(change):
    assert [a.role for a in change.authorisations.all()] == ["change_manager"]
    requests.plan(change_id=change.pk, likelihood=3, impact=3, actor=SYSTEM)

    standing = change.authorisations.exclude(state="fallen").order_by("role")
    assert [(a.role, a.quorum, a.rule) for a in standing] == [
        ("cab_member", 2, "high risk"), ("change_manager", 1, "high risk"),
    ]  # fmt: skip

    requests.plan(change_id=change.pk, likelihood=1, impact=1, actor=SYSTEM)
    assert [a.role for a in change.authorisations.exclude(state="fallen")] == ["change_manager"]


def test_building_comes_first_where_the_policy_asks_for_it(alice, bob, change_manager, cab_member):
    make_policy(rules=BUILD_FIRST)
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], status="assessment")

    decide(waiting(change), change_manager)
    change.refresh_from_db()
    assert change.status == "building"

    decide(waiting(change, "cab_member"), cab_member)
    change.refresh_from_db()
    assert change.status == "scheduled"


def test_a_new_plan_takes_a_change_back_from_building(alice, bob, change_manager):
    make_policy(rules=BUILD_FIRST)
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], status="assessment")
    decide(waiting(change), change_manager)

    requests.plan(change_id=change.pk, back_out_minutes=30, actor=SYSTEM)

    change.refresh_from_db()
    assert change.status == "assessment"


def test_nobody_decides_about_a_change_that_was_rejected_by_another(alice, bob, change_manager, cab_member):
    change = make_change(
        requested_by=alice, assignee=bob, cis=[make_ci("fw")], likelihood=3, impact=3, status="assessment"
    )
    decide(waiting(change, "cab_member"), cab_member, "rejected", "Not before Christmas.")

    with pytest.raises(authorisations.NotWaiting):
        decide(waiting(change), change_manager)
    assert waiting(change).state == Authorisation.State.PENDING
    assert not ask.waiting_for(Actor.person(change_manager)).exists()


def test_a_question_waits_for_the_requester_and_a_new_plan_asks_again(change, alice, change_manager):
    decide(waiting(change), change_manager, "more_information", "Which ranges?")
    assert (work_of(alice), work_of(change_manager)) == ([(change.title, "Answer")], [])

    requests.plan(change_id=change.pk, reason="198.51.100.0/24", actor=Actor.person(alice))

    assert waiting(change).state == Authorisation.State.PENDING
    assert work_of(alice) == []


def test_a_cancelled_change_waits_for_nobody(change, alice, change_manager):
    with pytest.raises(InvalidInput):
        requests.cancel(change_id=change.pk, reason=" ", actor=Actor.person(alice))
    requests.cancel(change_id=change.pk, reason="Not needed.", actor=Actor.person(alice))

    change.refresh_from_db()
    assert change.status == "cancelled"
    assert set(change.authorisations.values_list("state", flat=True)) == {"fallen"}


def test_a_rejected_change_is_revised_and_asked_about_anew(change, alice, change_manager):
    decide(waiting(change), change_manager, "rejected", "Too short.")
    assert work_of(alice) == [(change.title, "Revise")]
    requests.revise(change_id=change.pk, actor=Actor.person(alice))
    assert work_of(alice) == [(change.title, "Plan it")]
    requests.submit(change_id=change.pk, actor=Actor.person(alice), now=NOW)
    decide(waiting(change), change_manager)

    change.refresh_from_db()
    assert change.status == "scheduled"
    assert LedgerEntry.objects.filter(subject=change.number).count() == 2


def test_a_change_in_review_waits_for_the_change_manager(change, bob, change_manager):
    decide(waiting(change), change_manager)
    requests.start(change_id=change.pk, actor=Actor.person(bob), now=START)
    requests.back_out(change_id=change.pk, reason="Shop down", actor=Actor.person(bob), now=START)

    assert (work_of(change_manager), work_of(bob)) == ([(change.title, "Review")], [])
    requests.review(change_id=change.pk, objectives_met=False, actor=Actor.person(change_manager), now=END)
    assert work_of(change_manager) == [(change.title, "Close")]
    requests.close(change_id=change.pk, actor=Actor.person(change_manager))
    assert work_of(change_manager) == []


def test_a_plan_is_closed_to_changes_once_the_work_begins(change, bob, change_manager):
    decide(waiting(change), change_manager)
    requests.start(change_id=change.pk, actor=Actor.person(bob), now=START)

    with pytest.raises(planning.NotPlannable):
        requests.plan(change_id=change.pk, title="Other", actor=SYSTEM)
    with pytest.raises(IllegalMove):
        requests.cancel(change_id=change.pk, reason="x", actor=SYSTEM)


def test_a_review_is_corrected_until_the_change_is_closed(change, bob, change_manager):
    decide(waiting(change), change_manager)
    manager = Actor.person(change_manager)
    requests.start(change_id=change.pk, actor=Actor.person(bob), now=START)
    requests.finish(change_id=change.pk, outcome="failed", actor=Actor.person(bob), now=END)
    with pytest.raises(InvalidInput):
        requests.review(change_id=change.pk, objectives_met=False, causes=["weather"], actor=manager, now=END)
    for met in (True, False):
        requests.review(change_id=change.pk, objectives_met=met, causes=["concurrent_activity"], actor=manager, now=END)

    assert Review.objects.get().objectives_met is False


def test_a_waiver_ends_with_the_plan_it_was_for(alice, bob, change_manager):
    change = make_change(requested_by=alice, assignee=bob, acknowledged=False, cis=[make_ci("fw")], status="assessment")
    waivers.waive(
        change_id=change.pk, check_code="nobody_assumes", reason="He said so.", actor=Actor.person(change_manager),
        now=NOW,
    )  # fmt: skip
    requests.schedule(change_id=change.pk, start=START, end=END + timedelta(hours=1), actor=SYSTEM)

    with pytest.raises(requests.basics.BasicsBlock):
        decide(waiting(change), change_manager)


def test_the_requester_waives_nothing_and_nothing_that_is_in_order_is_waived(alice, bob, change_manager, change):
    alice.assignments.create(role=Role.CHANGE_MANAGER)
    with pytest.raises(Forbidden):
        waivers.waive(change_id=change.pk, check_code="no_surprise", reason="x", actor=Actor.person(alice), now=NOW)
    with pytest.raises(waivers.NothingToWaive):
        waivers.waive(
            change_id=change.pk, check_code="nothing_else", reason="x", actor=Actor.person(change_manager), now=NOW
        )
    assert not change.waivers.exists()


def test_a_service_owner_decides_for_the_own_service_only(alice, bob, person):
    make_policy(rules=[{"name": "owner", "require": [{"role": "service_owner"}]}])
    shop, mail = make_service("Shop"), make_service("Mail")
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], services=[shop], status="assessment")
    stranger, owner = person("stranger"), person("owner")
    stranger.assignments.create(role=Role.SERVICE_OWNER, service_id=mail.pk)
    owner.assignments.create(role=Role.SERVICE_OWNER, service_id=shop.pk)

    assert not ask.waiting_for(Actor.person(stranger)).exists()
    with pytest.raises(authorisations.WrongRole):
        decide(waiting(change, "service_owner"), stranger)

    assert list(ask.waiting_for(Actor.person(owner))) == [waiting(change, "service_owner")]
    assert list(ask.deciders(waiting(change, "service_owner"))) == [owner]
    decide(waiting(change, "service_owner"), owner)
    change.refresh_from_db()
    assert change.status == "scheduled"


def test_a_confidential_change_is_seen_by_those_involved_and_those_who_decide(alice, bob, viewer, cab_member, person):
    make_policy(rules=[{"name": "sponsor", "require": [{"role": "business_sponsor"}]}])
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci("fw")], confidential=True, status="assessment")
    sponsor = person("money", Role.BUSINESS_SPONSOR)

    def sees(user):
        return ChangeRequest.objects.visible_to(Actor.person(user)).filter(pk=change.pk).exists()

    assert [sees(user) for user in (alice, bob, cab_member, sponsor, viewer)] == [True, True, True, True, False]


def frozen(role, service):
    freeze = Freeze.objects.create(name="Year end", window=(START - timedelta(hours=1), END), override_role=role)
    freeze.services.add(service)
    return freeze


def test_only_the_role_that_a_freeze_names_makes_exceptions_from_it(alice, bob, change_manager, person):
    service = make_service("Shop")
    change = make_change(requested_by=alice, assignee=bob, cis=[service.ci], status="assessment")
    frozen(Role.RELEASE_MANAGER, service)
    said = {"change_id": change.pk, "check_code": "nothing_else", "reason": "A tested fix.", "now": NOW}

    with pytest.raises(Forbidden, match="only a release manager"):
        waivers.waive(**said, actor=Actor.person(change_manager))
    manager = Actor.person(person("rm", Role.RELEASE_MANAGER))
    waivers.waive(**said, actor=manager)

    assert change.waivers.get().by.username == "rm"
    with pytest.raises(Forbidden, match="Only a change manager"):
        waivers.waive(**said | {"check_code": "no_surprise"}, actor=manager)


def test_without_a_freeze_its_role_waives_nothing(alice, bob, person):
    change = make_change(requested_by=alice, assignee=bob, cis=[make_ci()], status="assessment")
    with pytest.raises(Forbidden):
        waivers.waive(
            change_id=change.pk, check_code="nothing_else", reason="x", now=NOW,
            actor=Actor.person(person("rm", Role.RELEASE_MANAGER)),
        )  # fmt: skip


def test_the_role_of_a_freeze_does_not_waive_what_else_goes_on(alice, bob, person):
    service = make_service("Shop")
    change = make_change(requested_by=alice, assignee=bob, cis=[service.ci], status="assessment")
    make_change(requested_by=alice, cis=[service.ci], status="scheduled", title="Another on the same CI")
    frozen(Role.RELEASE_MANAGER, service)

    with pytest.raises(Forbidden, match="Only a change manager"):
        waivers.waive(
            change_id=change.pk, check_code="nothing_else", reason="A tested fix.", now=NOW,
            actor=Actor.person(person("rm", Role.RELEASE_MANAGER)),
        )  # fmt: skip
