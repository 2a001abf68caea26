"""Calendars for other programs: secret addresses, what is read under them, and what ends them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from changes.models import CalendarFeed, ChangeRequest
from changes.operations import feeds, freezes, jobs, planning, requests
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, Forbidden, InvalidInput
from itsm.kernel.models import Team
from tests.builders import SYSTEM, make_service
from tests.changes.builders import make_change

pytestmark = pytest.mark.django_db
SOON = timezone.now().replace(microsecond=0) + timedelta(days=3)
URL = "/api/changes/calendar-feeds/"


@pytest.fixture
def change(alice, bob):
    return make_change(requested_by=alice, assignee=bob, status="scheduled", start=SOON, end=SOON + timedelta(hours=2))


def read(client, key: str, **headers):
    return client.get(reverse("changes:calendar-feed", args=[key]), headers=headers)


def events(client, key: str) -> dict[str, object]:
    answer = read(client, key)
    assert answer.status_code == 200
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def made(user, **about) -> str:
    return feeds.make(actor=Actor.person(user), **about)[1]


def test_it_tells_ones_own_changes_and_tasks_without_a_session(client, change, alice, bob, person):
    for user, expected in ((alice, 1), (bob, 1), (person("someone.else"), 0)):
        assert len(events(client, made(user))) == expected


def test_an_entry_keeps_its_uid_and_its_sequence_rises_when_the_window_moves(client, change, alice):
    key = made(alice)
    (before,) = events(client, key).values()
    planning.schedule(
        change_id=change.pk, start=SOON + timedelta(days=1), end=SOON + timedelta(days=1, hours=1), actor=SYSTEM
    )
    (after,) = events(client, key).values()

    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after["dtstart"].dt == (SOON + timedelta(days=1)).astimezone(UTC)
    assert after["dtstamp"].dt == after["last-modified"].dt


def test_what_was_cancelled_stays_as_cancelled(client, change, alice):
    requests.cancel(change_id=change.pk, reason="Not needed.", actor=Actor.person(alice))

    assert [str(event["status"]) for event in events(client, made(alice)).values()] == ["CANCELLED"]


def test_a_service_and_a_team_have_calendars_with_freezes_and_jobs(client, change, alice, bob):
    shop, team = make_service("Online Shop"), Team.objects.create(name="Networks")
    change.services.add(shop)
    team.members.add(bob)
    freezes.create(name="Peak", start=SOON, end=SOON + timedelta(days=1), everywhere=True, actor=SYSTEM)
    jobs.create(
        name="Backup",
        first_start=SOON,
        duration_minutes=30,
        recurrence="FREQ=DAILY;COUNT=2",
        cis=[shop.ci],
        actor=SYSTEM,
    )

    of_service = events(client, made(alice, service=shop))
    assert {"Backup", "Freeze: Peak", f"{change.number} {change.title}"} == set(of_service)
    assert f"{change.number} {change.title}" in events(client, made(alice, team=team))


def test_confidential_work_is_told_by_its_number_to_those_who_may_see_it(client, change, alice, person):
    shop = make_service("Online Shop")
    change.services.add(shop)
    ChangeRequest.objects.filter(pk=change.pk).update(confidential=True)

    assert set(events(client, made(alice, service=shop))) == {change.number}
    assert not events(client, made(person("someone.else"), service=shop))


def test_an_address_ends_when_it_is_revoked_or_its_owner_leaves(client, change, alice):
    feed, key = feeds.make(actor=Actor.person(alice))
    feeds.revoke(feed_id=feed.pk, actor=Actor.person(alice), now=datetime.now(UTC))
    other = made(alice)
    assert read(client, other).status_code == 200
    alice.is_active = False
    alice.save()

    assert [read(client, each).status_code for each in (key, other, "guessed")] == [404, 404, 404]
    with pytest.raises(DomainError, match="revoked already"):
        feeds.revoke(feed_id=feed.pk, actor=SYSTEM, now=datetime.now(UTC))


def test_the_answer_is_private_and_not_sent_twice(client, change, alice):
    key = made(alice)
    answer = read(client, key)
    again = read(client, key, **{"If-None-Match": answer["ETag"]})

    assert again.status_code == 304
    assert "private" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in answer.content
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    assert CalendarFeed.objects.get().digest != key


def test_it_refuses_who_asks_too_often(client, alice, monkeypatch):
    monkeypatch.setattr("changes.views.feeds.A_MINUTE", 1)
    key = made(alice)

    assert [read(client, key).status_code for _ in range(2)] == [200, 429]


def test_machines_have_none_and_nobody_ends_anothers(alice, bob, person):
    with pytest.raises(Forbidden):
        made(person("robot", is_machine=True))
    with pytest.raises(InvalidInput, match="a service or of a team"):
        made(alice, service=make_service("Shop"), team=Team.objects.create(name="Networks"))
    feed, _ = feeds.make(actor=Actor.person(alice))
    with pytest.raises(Forbidden):
        feeds.revoke(feed_id=feed.pk, actor=Actor.person(bob), now=datetime.now(UTC))


def test_by_rest_one_makes_lists_and_revokes_ones_own(api, client, change, alice, bob):
    answer = api(alice).post(URL, {}, format="json")
    address = answer.json()["address"]

    assert answer.status_code == 201
    assert client.get(address.partition("//")[2].partition("/")[2].join(["/", ""])).status_code == 200
    assert api(bob).get(URL).json()["count"] == 0
    (row,) = api(alice).get(URL).json()["results"]
    assert "address" not in row
    assert api(bob).post(f"{row['url']}revoke/").status_code == 404
    assert api(alice).post(f"{row['url']}revoke/").json()["state"] == "revoked"


def test_the_page_shows_an_address_once(browser_of, client, alice):
    browser = browser_of(alice)
    html = browser.post(reverse("changes:feed-new"), {}).content.decode()
    address = html.partition('id="address" value="')[2].partition('"')[0]

    assert client.get("/" + address.split("/", 3)[3]).status_code == 200
    assert address not in browser.get(reverse("changes:feed-list")).content.decode()
    feed = CalendarFeed.objects.get()
    assert browser.post(reverse("changes:feed-revoke", args=[feed.pk])).status_code == 302
    assert client.get("/" + address.split("/", 3)[3]).status_code == 404
