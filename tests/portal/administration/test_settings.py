"""The settings of the organisation, and all tokens."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from itsm.kernel import history, organisation, tokens
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import ApiToken, Organisation, OutboxEvent
from itsm.kernel.scopes import Scope

pytestmark = pytest.mark.django_db
PAGE = "/administration/organisation/"
SAID = {
    "name": "Example Ltd", "time_zone": "Asia/Tokyo", "working_days": ["1", "2", "3", "4"], "day_begins": "08:00",
    "day_ends": "16:30", "country": "DE", "days_off": "2026-12-24 Christmas Eve\n2026-12-31", "digest_hour": "6",
    "mail_name": "Service desk", "mail_address": "desk@example.org", "seen_revision": "1",
}  # fmt: skip


def test_it_has_defaults_before_anybody_says_anything(browser):
    said = organisation.current()
    assert (said.pk, said.working_days, Organisation.objects.count()) == (1, [1, 2, 3, 4, 5], 0)
    assert browser.get(PAGE).status_code == 200


def test_an_administrator_sets_it_and_who_did_is_shown(browser):
    assert browser.post(f"{PAGE}edit/", SAID).status_code == 302
    said = Organisation.objects.get()
    assert (said.working_days, said.days_off) == ([1, 2, 3, 4], {"2026-12-24": "Christmas Eve", "2026-12-31": ""})
    assert organisation.sender() == "Service desk <desk@example.org>"
    calendar = organisation.calendar(said)
    assert calendar.works(date(2026, 12, 23))
    for off in (date(2026, 12, 24), date(2026, 12, 4), date(2026, 10, 3), date(2026, 5, 14)):
        assert not calendar.works(off)

    page = browser.get(PAGE).content.decode()
    for told in ("Christmas Eve", "Monday, Tuesday, Wednesday, Thursday", "08:00–16:30", "organisation.update"):
        assert told in page
    assert "mail_address" in OutboxEvent.objects.get().payload["fields"]
    assert browser.post(f"{PAGE}edit/", {**SAID, "name": "Late"}).status_code == 422


def test_times_are_shown_in_the_organisations_zone_unless_one_has_ones_own(browser, browser_of, alice, bob, admin):
    organisation.update(time_zone="Asia/Tokyo", actor=admin)
    alice.time_zone = "America/Lima"
    alice.save()

    for user, clock in ((alice, "15:00"), (bob, "05:00")):
        tokens.make(user, name="x", expires_at=datetime(2099, 1, 1, 20, 0, tzinfo=UTC))
        assert clock in browser_of(user).get("/account/tokens/").content.decode()


@pytest.mark.parametrize(("wrong", "where"), [
    ({"time_zone": "Nowhere"}, "time_zone"), ({"country": "XX"}, "country"), ({"working_days": []}, "working_days"),
    ({"day_ends": datetime(2026, 1, 1, 3).time()}, "day_ends"), ({"days_off": {"tomorrow": "x"}}, "days_off"),
    ({"digest_hour": -1}, "digest_hour"), ({"mail_address": "nobody"}, "mail_address"), ({"revision": 7}, "revision"),
])  # fmt: skip
def test_it_refuses_what_cannot_be_and_keeps_what_was(admin, wrong, where):
    with pytest.raises(InvalidInput) as refusal:
        organisation.update(actor=admin, name="New", **wrong)
    assert list(refusal.value.errors) == [where]
    assert organisation.current().name == ""
    assert not OutboxEvent.objects.exists()


def test_nobody_else_sets_it(alice):
    with pytest.raises(Forbidden):
        organisation.update(actor=Actor.person(alice), name="Mine")


def test_a_day_off_is_refused_at_its_line(browser):
    answer = browser.post(f"{PAGE}edit/", {**SAID, "days_off": "2026-12-24 ok\nsoon perhaps"})

    assert (answer.status_code, "“soon perhaps” does not begin" in answer.content.decode()) == (422, True)


def test_all_tokens_are_listed_without_keys_and_revoked(browser, api, alice, bob, django_assert_max_num_queries):
    key = tokens.make(alice, name="script", scopes=[Scope.READ])
    for n in range(5):
        tokens.make(bob, name=f"old {n}", expires_at=timezone.now() - timedelta(days=1))
    with django_assert_max_num_queries(15):
        page = browser.get("/administration/tokens/").content.decode()
    token = ApiToken.objects.get(name="script")
    assert ("script" in page, "old 3" in page, key in page, token.digest in page) == (True, True, False, False)
    narrowed = browser.get("/administration/tokens/?state=valid&owner=alice").content.decode()
    assert ("script" in narrowed, "old 3" in narrowed) == (True, False)

    client = api(alice)
    answer = browser.post(f"/administration/tokens/{token.pk}/revoke/", {"reason": "leaked"})
    assert answer.status_code == 302
    assert tokens.find(key) is None
    assert client.get("/api/users/").status_code == 200
    told = OutboxEvent.objects.get(name="kernel.token.revoked")
    assert told.payload == {"owner": "alice", "reason": "leaked"}
    assert "leaked" in {entry["reason"] for entry in history.story_of(alice)}


def test_the_overview_counts_and_leads_everywhere(browser, alice, pipeline, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page = browser.get("/administration/").content.decode()
    for url in ("people", "teams", "access", "tokens", "webhooks", "organisation"):
        assert f'href="/administration/{url}/"' in page
    assert "for machines" in page
