"""Scheduled imports on their pages and by REST."""

import pytest

from cmdb.models import ImportRun, ImportSchedule
from tests.cmdb.test_import_schedules import NIGHTLY

pytestmark = pytest.mark.django_db
PAGES, REST = "/cmdb/import-schedules/", "/api/cmdb/import-schedules/"
SAID = {
    "name": "NetBox", "format": "netbox", "address": "https://netbox.example.org", "source": "netbox",
    "token": "s3cret-token",
}  # fmt: skip
TYPED = {
    **SAID, "rhythm": "FREQ=DAILY", "first_start": "2026-11-01T02:30", "time_zone": "Europe/Amsterdam",
    "owner": "config.manager", "options": "{}", "enabled": "on",
}  # fmt: skip


@pytest.fixture
def browser(browser_of, config_manager):
    return browser_of(config_manager)


@pytest.fixture
def client(api, config_manager):
    return api(config_manager)


def text_of(answer) -> str:
    return answer.content.decode()


class TestPages:
    def test_the_list_says_what_to_do_when_there_is_none(self, browser):
        page = text_of(browser.get(PAGES))
        assert "Nothing is imported by itself yet." in page
        assert f"{PAGES}new/" in page

    def test_it_is_kept_shown_changed_run_and_removed(self, browser):
        assert "Europe/" in text_of(browser.get(f"{PAGES}new/")) or browser.get(f"{PAGES}new/").status_code == 200
        answer = browser.post(f"{PAGES}new/", TYPED)
        assert answer.status_code == 302, text_of(answer)
        schedule = ImportSchedule.objects.get()
        own = f"{PAGES}{schedule.number}/"
        assert answer["Location"] == own
        assert (schedule.recurrence, schedule.next_at.minute, schedule.has_token) == ("FREQ=DAILY", 30, True)

        page = text_of(browser.get(own))
        assert "Every day" in page
        assert "kept, and never shown" in page
        assert "s3cret" not in page + text_of(browser.get(f"{own}edit/"))

        assert browser.post(f"{own}run/").status_code == 302
        run = ImportRun.objects.get()
        assert "Being fetched" in text_of(browser.get(own))
        assert "NetBox" in text_of(browser.get(f"/cmdb/imports/{run.number}/"))
        assert run.number in text_of(browser.get(PAGES))
        assert browser.post(f"{own}run/").status_code == 422

        answer = browser.post(f"{own}remove/")
        assert (answer.status_code, answer["Location"]) == (302, PAGES)
        assert not ImportSchedule.objects.exists()

    def test_a_token_stays_when_none_is_typed_and_goes_when_asked(self, browser):
        browser.post(f"{PAGES}new/", TYPED)
        own = f"{PAGES}{ImportSchedule.objects.get().number}/"
        assert browser.post(f"{own}edit/", {**TYPED, "token": "", "name": "Other"}).status_code == 302
        assert ImportSchedule.objects.get().has_token
        assert browser.post(f"{own}edit/", {**TYPED, "token": "", "forget_token": "on"}).status_code == 302
        assert not ImportSchedule.objects.get().has_token

    def test_a_rule_of_its_own_is_shown_again(self, browser):
        rule = "FREQ=WEEKLY;BYDAY=SU"
        browser.post(f"{PAGES}new/", {**TYPED, "rhythm": "own", "rule": rule})
        schedule = ImportSchedule.objects.get()
        assert schedule.recurrence == rule
        assert rule in text_of(browser.get(f"{PAGES}{schedule.number}/edit/"))

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"rhythm": "own"}, "Give the rule"),
            ({"rhythm": "own", "rule": "FREQ=MINUTELY"}, "hourly at most"),
            ({"rhythm": "often"}, "Select a valid choice"),
            ({"address": "https://10.0.0.1/"}, "not a public address"),
            ({"owner": "nobody"}, "There is no person"),
            ({"options": "[1]"}, "Give an object"),
            ({"options": '{"colour": "red"}'}, "There is no such option"),
            ({"format": "csv"}, "nobody is there to say what the columns are"),
            ({"source": "people"}, "stands for what people type"),
            ({"name": "\0"}, "Null characters are not allowed"),
            ({"time_zone": "Mars"}, "There is no time zone"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_place(self, browser, said, told):
        answer = browser.post(f"{PAGES}new/", {**TYPED, **said})
        assert answer.status_code == 422
        assert told in text_of(answer)
        assert not ImportSchedule.objects.exists()

    def test_whoever_may_not_import_sees_them_and_gets_no_form(self, browser, browser_of, alice):
        browser.post(f"{PAGES}new/", TYPED)
        own = f"{PAGES}{ImportSchedule.objects.get().number}/"
        reader = browser_of(alice)
        assert reader.get(own).status_code == 200
        for page in (f"{PAGES}new/", f"{own}edit/", f"{own}run/", f"{own}remove/"):
            assert reader.get(page).status_code == 403

    def test_the_pages_take_few_queries_however_many_there_are(self, browser, django_assert_max_num_queries):
        for number in range(12):
            browser.post(f"{PAGES}new/", {**TYPED, "name": f"N{number}"})
        own = f"{PAGES}{ImportSchedule.objects.latest('pk').number}/"
        with django_assert_max_num_queries(16):
            browser.get(PAGES)
        with django_assert_max_num_queries(20):
            browser.get(own)


class TestRest:
    def test_it_is_kept_read_changed_run_and_removed(self, client, config_manager):
        made = client.post(REST, {**SAID, "recurrence": "FREQ=DAILY"}, format="json")
        assert made.status_code == 201, made.data
        own = f"{REST}{made.data['number']}/"
        assert (made.data["owner"], made.data["has_token"]) == ("config.manager", True)
        assert made.data["next_at"] is not None
        assert "s3cret" not in str(client.get(own).data) + str(client.get(REST).data)
        assert client.get(own).data["last_run"] is None

        tag = client.get(own)["ETag"]
        changed = client.patch(own, {"enabled": False}, format="json", headers={"If-Match": tag})
        assert (changed.data["enabled"], changed.data["next_at"], changed.data["has_token"]) == (False, None, True)
        assert client.patch(own, {"name": "x"}, format="json", headers={"If-Match": tag}).status_code == 412

        run = client.post(f"{own}run/")
        schedule = run.data["schedule"]["number"]
        assert (run.status_code, run.data["state"], schedule) == (202, "fetching", made.data["number"])
        assert client.get(own).data["last_run"]["number"] == run.data["number"]
        assert client.post(f"{own}run/").data["code"] == "under_way"
        (found,) = client.get(f"/api/cmdb/imports/?schedule={made.data['id']}").data["results"]
        assert found["id"] == run.data["id"]

        assert client.delete(own).status_code == 204
        assert client.get(own).status_code == 404

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"address": "https://192.168.1.1"}, "address"), ({"token": "a b"}, "token"), ({"name": "a\0b"}, "name"),
            ({"recurrence": "FREQ=SECONDLY"}, "recurrence"), ({"format": "xml"}, "format"),
            ({"source": "people"}, "source"),
            ({"profile": 99}, "profile"), ({"owner": "nobody"}, "owner"), ({"options": []}, "options"),
            ({"first_start": "0001-01-01T00:00:00Z"}, "first_start"), ({"next_at": "now"}, "next_at"),
            ({"options": {"device_classes": "x"}}, "options.device_classes"), ({"time_zone": "\u0000"}, "time_zone"),
        ],
    )  # fmt: skip
    def test_nonsense_is_refused_by_field(self, client, said, pointer):
        answer = client.post(REST, {**SAID, **said}, format="json")
        assert answer.status_code == 400
        assert pointer in str(answer.data["errors"])
        assert not ImportSchedule.objects.exists()

    def test_the_list_takes_few_queries(self, client, config_manager, django_assert_max_num_queries, now):
        client.post(REST, [{**SAID, "name": f"N{number}"} for number in range(20)], format="json")
        with django_assert_max_num_queries(5):
            found = client.get(f"{REST}?owner=config.manager&enabled=true&ordering=next_at").data
        assert found["count"] == 20

    def test_whoever_may_not_import_reads_them_only(self, client, api, alice):
        number = client.post(REST, SAID, format="json").data["number"]
        reader = api(alice)
        assert reader.get(f"{REST}{number}/").status_code == 200
        assert reader.post(f"{REST}{number}/run/").status_code == 403
        assert reader.post(REST, {**SAID, "name": "x"}, format="json").status_code == 403
        assert reader.patch(f"{REST}{number}/", {"name": "x"}, format="json").status_code == 403
        assert reader.delete(f"{REST}{number}/").status_code == 403


def test_the_example_of_both_doors_is_one(client, browser):
    """What was made by REST is what the page shows."""
    moment = NIGHTLY["first_start"].isoformat()
    number = client.post(REST, {**NIGHTLY, "first_start": moment}, format="json").data["number"]
    assert "Every day" in text_of(browser.get(f"{PAGES}{number}/"))
