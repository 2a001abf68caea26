"""My work: what waits for whom, oldest first, each done with one action, counted in the navigation."""

import re
from datetime import timedelta

import pytest

from changes.models import ChangeRequest, ChangeTask, PreAuthorisation
from changes.operations import policies
from itsm.kernel.actor import Actor
from itsm.kernel.models import RoleAssignment
from itsm.kernel.roles import Role
from itsm.portal.queries import work
from tests.builders import SYSTEM, make_service
from tests.changes.builders import make_change, make_model
from transition.models import Improvement, Incident
from transition.operations import gaps, incidents

pytestmark = pytest.mark.django_db
RULES = [{"name": "all", "require": [{"role": "change_manager"}]}]


def kinds(user, now) -> list[str]:
    return [item.kind for item in work.waiting_for(Actor.person(user), now)]


def place(html: str, key: str) -> str:
    return re.search(rf'id="count-{key}"[^>]*>([^<]*)<', html)[1].strip()


def test_a_decision_waits_for_whoever_holds_the_role_and_for_nobody_else(alice, change_manager, bob, now):
    change = make_change(requested_by=alice, assignee=bob, status="assessment")
    item, *rest = work.waiting_for(Actor.person(change_manager), now)

    assert (item.label, item.title, item.step.label, rest) == ("Decision", change.title, "Decide", [])
    assert item.step.url == f"/changes/requests/RFC-{change.pk}/?queue=1"
    assert kinds(alice, now) == []


def test_a_draft_of_a_policy_waits_for_another_change_manager_than_its_author(change_manager, person, now):
    other = person("other", Role.CHANGE_MANAGER)
    for author in (other, change_manager):
        policies.draft(name="normal", title="Normal", rules=RULES, actor=Actor.person(author))

    assert kinds(change_manager, now) == []
    (item,) = work.waiting_for(Actor.person(other), now)
    assert (item.kind, item.title, item.step.label) == ("policy", "Normal", "Decide")
    policies.enforce(policy_id=item.id, actor=Actor.person(other), now=now)
    assert kinds(other, now) == []


def test_a_confidential_change_is_nobodys_work_who_may_not_see_it(alice, change_manager, bob, now):
    make_change(requested_by=alice, assignee=bob, status="assessment")
    ChangeRequest.objects.update(confidential=True)
    seen = ChangeRequest.objects.visible_to(Actor.person(change_manager)).exists()

    assert ("decision" in kinds(change_manager, now)) is seen


def test_a_task_is_acknowledged_from_the_list_and_the_rest_comes_back(browser_of, alice, bob, now):
    change = make_change(requested_by=alice, assignee=bob, status="assessment", acknowledged=False)
    task = ChangeTask.objects.get(change=change)
    browser = browser_of(bob)
    assert "Acknowledge" in browser.get("/").content.decode()

    answer = browser.post(f"/my-work/task/{task.pk}/", {"place": "0"}, headers={"HX-Request": "true"})

    task.refresh_from_db()
    assert task.state == ChangeTask.State.ACKNOWLEDGED
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "worked")
    assert "is acknowledged" in answer.content.decode()
    assert "Nothing waits for you" in answer.content.decode()


def test_what_does_not_wait_for_the_actor_is_not_done(browser_of, alice, bob):
    change = make_change(requested_by=alice, assignee=bob, status="assessment", acknowledged=False)
    task = ChangeTask.objects.get(change=change)

    answer = browser_of(alice).post(f"/my-work/task/{task.pk}/", headers={"HX-Request": "true"})

    task.refresh_from_db()
    assert answer.status_code == 409
    assert "no longer waits for you" in answer.content.decode()
    assert task.state == ChangeTask.State.PLANNED


@pytest.mark.parametrize("path", ["/my-work/nonsense/1/", "/my-work/task/99999999999/"])
def test_nonsense_is_answered_in_words(browser_of, bob, path):
    answer = browser_of(bob).post(path, {"place": "x" * 300}, headers={"HX-Request": "true"})

    assert answer.status_code == 409


def test_gaps_and_incidents_wait_for_the_owner_of_the_service(service_owner, viewer, now):
    shop = make_service(owner=service_owner)
    incidents.report(service=shop, title="Shop is slow", opened_at=now - timedelta(days=2), actor=SYSTEM)
    incidents.report(service=make_service("Other"), title="Not ours", opened_at=now, actor=SYSTEM)
    gaps.name(service=shop, title="No monitoring", severity="major", actor=SYSTEM)

    found = work.waiting_for(Actor.person(service_owner), now)

    assert [(item.kind, item.title) for item in found] == [("incident", "Shop is slow"), ("gap", "No monitoring")]
    assert kinds(viewer, now) == []
    Incident.objects.update(state=Incident.State.RESOLVED)
    assert kinds(service_owner, now) == ["gap"]


def test_a_role_for_one_service_brings_the_work_of_that_service_only(person, now):
    shop, other = make_service(), make_service("Other")
    kim = person("kim")
    RoleAssignment.objects.create(user=kim, role=Role.SUPPORT_LEAD, service_id=shop.pk)
    for service in (shop, other):
        incidents.report(service=service, title=service.name, opened_at=now, actor=SYSTEM)

    assert [item.title for item in work.waiting_for(Actor.person(kim), now)] == ["Online Shop"]


def test_improvements_wait_from_the_day_of_their_check(csi_manager, service_owner, now):
    due = {"title": "Fewer calls", "state": Improvement.State.CHECKING, "owner": csi_manager}
    shop = make_service(owner=service_owner)
    Improvement.objects.create(service=shop, check_on=now.date(), **due)
    Improvement.objects.create(service=shop, check_on=now.date() + timedelta(days=1), **due)

    assert kinds(csi_manager, now) == ["check"]
    assert kinds(service_owner, now) == ["check"]


def test_the_navigation_counts_it_and_is_asked_again(browser_of, alice, change_manager, bob):
    browser = browser_of(change_manager)
    before = browser.get("/counts/").content.decode()
    make_change(requested_by=alice, assignee=bob, status="assessment")
    after = browser.get("/counts/").content.decode()

    assert (place(before, "home"), place(after, "home")) == ("", "1")
    assert place(after, "changes-request-waiting") == "1"


def test_much_work_costs_the_same_queries(browser_of, alice, change_manager, bob, django_assert_max_num_queries):
    for _ in range(5):
        make_change(requested_by=alice, assignee=bob, status="assessment", acknowledged=False)
    decider, doer = browser_of(change_manager), browser_of(bob)
    with django_assert_max_num_queries(8):
        page = decider.get("/")
    with django_assert_max_num_queries(6):
        doer.get("/counts/")

    assert page.content.decode().count("data-row-key") == 5


def test_one_kind_is_looked_at_alone(browser_of, alice, change_manager, bob):
    make_change(requested_by=alice, assignee=bob, status="assessment")
    make_change(requested_by=alice, assignee=change_manager, status="assessment", acknowledged=False)
    browser = browser_of(change_manager)

    assert browser.get("/").content.decode().count("data-row-key") == 2
    assert browser.get("/?kind=task").content.decode().count("data-row-key") == 1
    assert browser.get("/?kind=<nonsense>").status_code == 200


def counted(user) -> int:
    return work.counts_for(Actor.person(user)).total()


def test_a_role_that_is_given_or_taken_away_counts_at_once(alice, bob, person, now):
    make_change(requested_by=alice, assignee=bob, status="assessment")
    kim = person("kim")
    before = counted(kim)
    role = RoleAssignment.objects.create(user=kim, role=Role.CHANGE_MANAGER)
    held = counted(kim)
    role.delete()

    assert (before, held, counted(kim)) == (0, 1, 0)


def test_what_falls_due_later_in_the_day_is_counted_then(change_manager, alice, now):
    PreAuthorisation.objects.create(
        model=make_model(), state="approved", type_before="normal", proposed_by=alice, proposed_at=now, propose_entry=1,
        decided_by=change_manager, decided_at=now, decide_entry=2, review_due_at=now + timedelta(hours=2),
    )  # fmt: skip
    actor = Actor.person(change_manager)

    found = [len(work._counted(actor, now + timedelta(hours=hours))) for hours in (0, 1, 3)]

    assert found == [0, 0, 1]
