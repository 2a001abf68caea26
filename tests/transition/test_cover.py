"""Role cover: who answers for a stream, who is away, whose shift it is, and the days that nobody covers."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from itsm.kernel import organisation
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import Delegation, Notification, RoleAssignment, Team
from itsm.kernel.roles import Role
from itsm.portal.queries import work
from tests.builders import SYSTEM, make_service
from tests.kernel.outbox_builders import deliver_all
from tests.transition.builders import at, make_plan, make_stream
from transition.models import Absence, DeliveryStream, UncoveredDay
from transition.operations import cover, streams
from transition.queries.cover import gaps

pytestmark = pytest.mark.django_db
MONDAY, NEXT = date(2026, 11, 23), date(2026, 11, 30)
SACM = Role.CONFIGURATION_MANAGER


@pytest.fixture
def stream(service_owner):
    return make_stream(make_plan(make_service(owner=service_owner)), roles=[SACM], owner=service_owner)


@pytest.fixture
def manager(config_manager):
    RoleAssignment.objects.filter(user=config_manager).update(since=at(1))
    return config_manager


def lacking(stream, first=MONDAY, after=NEXT):
    return [text for lack in gaps([stream], first, after).of(stream.pk) for text in [lack.text]]


def away(user, first, last):
    return cover.absent(user=user, first=date(2026, 11, first), last=date(2026, 11, last), actor=SYSTEM)


def test_a_role_is_covered_while_somebody_holds_it_and_is_there(stream, manager):
    assert lacking(stream) == []
    away(manager, 25, 26)
    assert lacking(stream) == ["SACM: Wed 25 Nov – Thu 26 Nov"]


def test_weekends_and_days_off_need_no_cover_unless_the_stream_works_then(stream, manager):
    away(manager, 20, 30)
    organisation.update(actor=SYSTEM, days_off={"2026-11-24": "Foundation day"})
    assert lacking(stream, date(2026, 11, 20)) == ["SACM: Fri 20 Nov – Mon 23 Nov, Wed 25 Nov – Fri 27 Nov"]

    streams.change_rhythm(stream_id=stream.pk, working_days_only=False, reason="Shop", actor=SYSTEM, now=at(20))
    assert lacking(stream, date(2026, 11, 20)) == ["SACM: Fri 20 Nov – Sun 29 Nov"]


def test_a_team_a_stand_in_and_another_holder_cover_too(stream, manager, alice, bob):
    away(manager, 23, 27)
    team = Team.objects.create(name="Configuration")
    team.members.add(alice)
    RoleAssignment.objects.create(team=team, role=SACM, since=at(26), service_id=stream.plan.service_id)
    assert lacking(stream) == ["SACM: Mon 23 Nov – Wed 25 Nov"]

    Delegation.objects.create(giver=manager, taker=bob, role=SACM, since=at(24), until=at(25), reason="Away")
    assert lacking(stream) == ["SACM: Mon 23 Nov, Wed 25 Nov"]

    alice.is_active = False
    alice.save()
    assert lacking(stream) == ["SACM: Mon 23 Nov, Wed 25 Nov – Fri 27 Nov"]


def test_where_there_is_a_rota_only_it_covers(stream, manager, alice):
    cover.assign_shift(
        stream=stream, role=SACM, user=alice, first=MONDAY, last=date(2026, 11, 25), actor=SYSTEM
    )  # fmt: skip
    assert lacking(stream) == ["SACM: Thu 26 Nov – Fri 27 Nov"]
    away(alice, 24, 24)
    assert lacking(stream) == ["SACM: Tue 24 Nov, Thu 26 Nov – Fri 27 Nov"]
    with pytest.raises(InvalidInput):
        cover.assign_shift(
            stream=stream, role=Role.CSI_MANAGER, user=alice, first=MONDAY, last=NEXT, actor=SYSTEM
        )  # fmt: skip
    with pytest.raises(InvalidInput):
        cover.assign_shift(stream=stream, role=SACM, user=alice, first=MONDAY, last=NEXT, actor=SYSTEM)


def test_people_say_their_own_absence_and_nobody_else_s(alice, bob):
    said = {"first": MONDAY, "last": NEXT}
    with pytest.raises(Forbidden):
        cover.absent(user=alice, actor=Actor.person(bob), **said)
    absence = cover.absent(user=alice, actor=Actor.person(alice), **said)
    with pytest.raises(InvalidInput):
        cover.absent(user=alice, actor=Actor.person(alice), first=NEXT, last=NEXT)
    with pytest.raises(InvalidInput):
        cover.absent(user=bob, actor=SYSTEM, first=NEXT, last=MONDAY)
    with pytest.raises(Forbidden):
        cover.return_early(absence_id=absence.pk, actor=Actor.person(bob))

    Team.objects.create(name="Shop", lead=bob).members.add(alice)
    cover.return_early(absence_id=absence.pk, actor=Actor.person(bob))
    assert not Absence.objects.exists()


def test_exactly_one_role_answers_for_a_stream_also_past_the_program(stream):
    assert stream.accountable == Role.SERVICE_OWNER
    for nobody in ("", "everybody", None):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeliveryStream.objects.filter(pk=stream.pk).update(accountable=nobody)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryStream.objects.filter(pk=stream.pk).update(informed=[SACM])
    with pytest.raises(InvalidInput) as refusal:
        streams.update(stream_id=stream.pk, accountable=Role.TEST_MANAGER, informed=[Role.TEST_MANAGER], actor=SYSTEM)
    assert "named as accountable already" in str(refusal.value.errors)


def test_owners_are_warned_of_each_day_once_and_it_waits_for_them(stream, service_owner):
    now = at(23, 9)
    assert cover.find_gaps(actor=SYSTEM, now=now) == 10
    assert cover.find_gaps(actor=SYSTEM, now=now) == 0
    deliver_all()
    assert "nobody covers 10 role-days" in Notification.objects.get(user=service_owner).text
    (item,) = [item for item in work.waiting_for(Actor.person(service_owner), now) if item.kind == "cover"]
    assert "nobody covers 10 role-days" in item.about

    assert cover.find_gaps(actor=SYSTEM, now=now + timedelta(days=1)) == 1
    RoleAssignment.objects.create(user=service_owner, role=SACM, since=at(1))
    assert cover.find_gaps(actor=SYSTEM, now=now) == 0
    assert not UncoveredDay.objects.exists()


def test_pages_and_rest_show_who_is_missing(stream, manager, api, browser_of, service_owner):
    today = timezone.localdate()
    streams.change_rhythm(stream_id=stream.pk, working_days_only=False, reason="x", actor=SYSTEM, now=timezone.now())
    DeliveryStream.objects.update(active_from=today - timedelta(days=3))
    RoleAssignment.objects.filter(user=manager).update(since=timezone.now() - timedelta(days=30))
    said = {"user": manager.username, "first": str(today), "last": str(today + timedelta(days=2))}
    answer = api(manager).post("/api/transition/absences/", said, format="json")
    assert answer.status_code == 201, answer.content
    assert api(manager).post("/api/transition/absences/", said, format="json").status_code == 400

    browser = browser_of(service_owner)
    page = browser.get(stream.get_absolute_url()).content.decode()
    board = browser.get(f"/transition/services/{stream.plan.service.slug}/").content.decode()
    found = api(service_owner).get(f"/api/transition/streams/{stream.pk}/cover/").json()

    assert "not covered" in page
    assert "not covered" in board
    assert found["uncovered"][0]["days"] == [str(today + timedelta(days=i)) for i in range(3)]
    browser.post(
        f"{stream.get_absolute_url()}assign-shift/",
        {"role": SACM, "user": service_owner.username, "first": str(today), "last": str(today + timedelta(days=20))},
    )
    assert api(service_owner).get(f"/api/transition/streams/{stream.pk}/cover/").json()["uncovered"] == []
    page = browser.get(stream.get_absolute_url()).content.decode()
    assert "Drop" in page
    assert "Is there after all" in browser.get("/transition/absences/").content.decode()
    number = Absence.objects.get().number
    browser_of(manager).post(f"/transition/absences/{number}/return-early/")
    assert not Absence.objects.exists()
