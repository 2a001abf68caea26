"""Plans, packages and their items: dates that move, gates that hold."""

from datetime import date

import pytest

from changes.models import ChangeProposal
from cmdb.models import ConfigurationItem
from cmdb.queries.impact import reach
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from knowledge.queries.coverage import requirements_of
from tests.builders import SYSTEM, make_service
from tests.transition.builders import at, make_item, make_live, make_package, make_plan, make_requirement, make_stream
from transition.models import DeliveryItem, ReleasePackage, Requirement, TransitionPlan
from transition.operations import items, packages, plans, requirements
from transition.queries.timeline import offset_of, timeline_of

pytestmark = pytest.mark.django_db


def deployed(package, now):
    packages.build(package_id=package.pk, actor=SYSTEM)
    packages.accept(package_id=package.pk, actor=SYSTEM)
    return packages.deploy(package_id=package.pk, actor=SYSTEM, now=now)


def test_a_service_has_one_plan(planner):
    plan = plans.create(service=make_service(), actor=Actor.person(planner))

    with pytest.raises(InvalidInput) as refusal:
        plans.create(service=plan.service, actor=Actor.person(planner))

    assert plan.number in refusal.value.message
    assert TransitionPlan.objects.count() == 1


def test_its_owner_plans_a_service_and_a_viewer_does_not(alice, viewer):
    service = make_service(owner=alice)
    with pytest.raises(Forbidden):
        plans.create(service=service, actor=Actor.person(viewer))
    assert plans.create(service=service, actor=Actor.person(alice)).style == "hybrid"


def test_a_requirement_is_a_ci_of_its_own_kind():
    requirement = make_requirement(make_plan(), "a", text="Product search")

    assert requirement.ci.ci_class.kind == "requirement"
    assert requirement.ci.name == "a Product search · online-shop"
    assert requirements_of(requirement.plan.service) == [requirement.ci]
    assert reach([requirement.plan.service.ci_id], direction="upstream") == {}


def test_it_refuses_the_same_code_twice_and_makes_no_ci():
    plan = make_plan()
    make_requirement(plan, "a")
    before = ConfigurationItem.objects.count()

    with pytest.raises(InvalidInput):
        make_requirement(plan, "a")

    assert ConfigurationItem.objects.count() == before


def test_a_live_requirement_cannot_be_withdrawn():
    requirement = make_live(make_requirement(), at(16))
    with pytest.raises(requirements.Withdrawn):
        requirements.withdraw(requirement_id=requirement.pk, actor=SYSTEM, reason="Changed our mind")
    requirement.refresh_from_db()
    assert requirement.status == "deployed"


def test_an_authorised_proposal_spawns_a_requirement(sponsor, change_manager):
    plan = make_plan()
    proposal = ChangeProposal.objects.create(
        title="Accept PayPal", outcome_wanted="Customers pay with PayPal", sponsor=sponsor, requested_by=sponsor
    )
    proposal.services.add(plan.service)

    requirement = requirements.spawn(proposal=proposal, actor=Actor.person(change_manager))

    assert (requirement.plan, requirement.proposal, requirement.text) == (plan, proposal, "Customers pay with PayPal")
    assert requirement.code == f"{proposal.number}-1"


def test_what_is_due_at_an_offset_moves_with_the_target():
    package = make_package(target_date=date(2026, 11, 30))
    briefing = make_item(package, kind="briefing", title="Operations briefing", offset_days=-21)
    assert briefing.due == date(2026, 11, 9)

    packages.retarget(package_id=package.pk, target_date=date(2026, 12, 14), actor=SYSTEM)

    assert DeliveryItem.objects.select_related("package").get(pk=briefing.pk).due == date(2026, 11, 23)


def test_the_target_of_a_deployed_package_is_history():
    package = make_package(target_date=date(2026, 11, 30))
    deployed(package, at(23))
    with pytest.raises(InvalidInput):
        packages.retarget(package_id=package.pk, target_date=date(2026, 12, 14), actor=SYSTEM)
    package.refresh_from_db()
    assert package.target_date == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("days", "said"), [(0, "T"), (-21, "T−3 weeks"), (-7, "T−1 week"), (5, "T+5 days"), (-1, "T−1 day")]
)
def test_offsets_are_said_as_people_say_them(days, said):
    assert offset_of(days) == said


def test_the_timeline_stands_in_the_order_of_dates_with_today_and_the_target():
    package = make_package(target_date=date(2026, 11, 30), els_days=5)
    late = make_item(package, title="Briefing", offset_days=-21)
    soon = make_item(package, title="Document", offset_days=-2)

    steps = timeline_of(package, [soon, late], date(2026, 11, 23))

    assert [(step.mark or step.item.title, step.word) for step in steps] == [
        ("Briefing", "14 d late"), ("Today", ""), ("Document", "due in 5 d"), ("Target", ""),
        ("Early life support ends", ""),
    ]  # fmt: skip


def test_deploying_a_package_makes_its_requirements_live():
    package = make_package()
    requirement, withdrawn = (make_requirement(package.plan) for _ in range(2))
    for one in (requirement, withdrawn):
        make_item(package, requirement=one)
    requirements.withdraw(requirement_id=withdrawn.pk, actor=SYSTEM, reason="Not wanted")

    deployed(package, at(23, 9))

    requirement.refresh_from_db()
    assert (requirement.status, requirement.deployed_at, requirement.ci.status) == ("deployed", at(23, 9), "live")
    assert Requirement.objects.get(pk=withdrawn.pk).status == "withdrawn"


def test_an_open_critical_gap_blocks_acceptance():
    package = make_package()
    gap = package.plan.service.gaps.create(title="No run book", severity="critical")
    packages.build(package_id=package.pk, actor=SYSTEM)

    with pytest.raises(packages.GapsOpen) as refusal:
        packages.accept(package_id=package.pk, actor=SYSTEM)

    assert refusal.value.checks[0]["label"] == gap.number
    assert ReleasePackage.objects.get(pk=package.pk).state == "building"


def test_early_life_support_is_not_closed_before_its_days_are_over():
    package = make_package(els_days=5)
    deployed(package, at(16))
    packages.begin_early_life(package_id=package.pk, actor=SYSTEM)

    with pytest.raises(packages.StillInEarlyLife):
        packages.close(package_id=package.pk, actor=SYSTEM, now=at(20))
    make_item(package, title="Hand-over")
    with pytest.raises(packages.NotThere) as refusal:
        packages.close(package_id=package.pk, actor=SYSTEM, now=at(23))

    assert "Hand-over" in refusal.value.message
    assert ReleasePackage.objects.get(pk=package.pk).state == "early_life"


def test_cancelling_drops_what_is_not_done():
    package = make_package()
    done, planned = make_item(package), make_item(package)
    items.complete(item_id=done.pk, actor=SYSTEM, now=at(20))

    packages.cancel(package_id=package.pk, actor=SYSTEM, reason="Another way was found")

    assert set(DeliveryItem.objects.values_list("pk", "state")) == {(done.pk, "done"), (planned.pk, "dropped")}


def test_a_package_moves_only_along_its_way():
    package = make_package()
    with pytest.raises(IllegalMove):
        packages.deploy(package_id=package.pk, actor=SYSTEM, now=at(23))


def test_an_item_belongs_to_a_package_or_to_a_stream():
    package = make_package()
    stream = make_stream(package.plan)
    for home in ({}, {"package": package, "stream": stream}):
        with pytest.raises(InvalidInput):
            items.add(kind="code", title="Code", actor=SYSTEM, **home)
    assert not DeliveryItem.objects.exists()


def test_it_refuses_to_complete_an_item_twice(viewer):
    item = make_item(make_package())
    with pytest.raises(Forbidden):
        items.complete(item_id=item.pk, actor=Actor.person(viewer), now=at(20))
    items.complete(item_id=item.pk, actor=SYSTEM, now=at(20))
    with pytest.raises(IllegalMove):
        items.complete(item_id=item.pk, actor=SYSTEM, now=at(21))
    item.refresh_from_db()
    assert item.done_at == at(20)
