"""Audits by pages and REST: the same operations by both doors."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cmdb.auditing import running
from cmdb.models import Audit, Discrepancy, ImportProfile
from tests.changes.builders import make_model
from tests.cmdb.auditing import make_web, run, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def web():
    return make_web()


def test_rest_hands_in_lists_and_resolves(web, api, config_manager, viewer, now):
    client = api(config_manager)
    body = {
        "name": "East hall", "source": "netbox",
        "cis": [{"key": "17", "ci_class": "server", "name": "web-1", "version": "2", "attributes": {"ram_gb": 64}}],
    }  # fmt: skip
    made = client.post("/api/cmdb/audits/", body, format="json")
    assert made.status_code == 201, made.json()
    running.carry_out(Audit.objects.get())
    at = f"/api/cmdb/audits/{made.json()['number']}/"
    assert client.get(at).json()["counts"]["different"] == 2
    rows = api(viewer).get(f"{at}discrepancies/?kind=different&limit=1").json()
    assert (rows["count"], rows["results"][0]["found"]) == (2, 64)
    assert client.get(f"{at}discrepancies/?colour=red").status_code == 400

    ids = list(Discrepancy.objects.order_by("pk").values_list("pk", flat=True))
    ignored = client.post(
        "/api/cmdb/discrepancies/ignore/", {"ids": ids[:1], "reason": "Lab", "until": "2099-01-01"}, format="json"
    )
    assert ignored.json()[0]["resolution"] == "ignored"
    assert client.post(f"{at}close/").status_code == 409
    updated = client.post("/api/cmdb/discrepancies/update-record/", {"ids": ids[1:]}, format="json")
    assert updated.json()[0]["resolution"] == "updated"
    assert client.post(f"{at}close/").json()["state"] == "closed"
    for wrong in (
        {"name": "x", "source": "netbox"}, {**body, "cis": [{"key": "1"}]}, {**body, "source": "a:b"},
        {**body, "query": "colour=red"}, {**body, "observed_at": "2099-01-01T00:00:00Z"}, {**body, "cis": "x"},
    ):  # fmt: skip
        assert client.post("/api/cmdb/audits/", wrong, format="json").status_code == 400, wrong
    for wrong in ({}, {"ids": []}, {"ids": [10**30]}, {"ids": "x"}):
        assert client.post("/api/cmdb/discrepancies/update-record/", wrong, format="json").status_code == 400, wrong


@pytest.fixture
def profile():
    return ImportProfile.objects.create(
        name="hall", source="netbox", columns={"id": "key", "name": "name", "version": "version"},
        fixed={"ci_class": "server"},
    )  # fmt: skip


def test_a_file_is_handed_in_by_page_and_rest(web, profile, api, browser_of, config_manager):
    text = b"id,name,version\n17,web-1,2\n"
    file = SimpleUploadedFile("hall.csv", text)
    said = {
        "name": "Hall",
        "source": "netbox",
        "file": file,
        "format": "csv",
        "profile": profile.pk,
        "verify_matches": "on",
    }
    browser = browser_of(config_manager)
    answer = browser.post("/cmdb/audits/new/", said)
    assert answer.status_code == 302, answer.content.decode()
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "Waits for a worker" in page
    running.carry_out(Audit.objects.get())
    assert Discrepancy.objects.get().found == "2"

    sent = {"name": "Hall", "source": "netbox", "profile": str(profile.pk), "file": io.BytesIO(text)}
    sent["file"].name = "hall.csv"
    assert api(config_manager).post("/api/cmdb/audits/", sent, format="multipart").status_code == 201
    sent = {"name": "Hall", "source": "netbox", "file": SimpleUploadedFile("hall.xyz", text)}
    assert api(config_manager).post("/api/cmdb/audits/", sent, format="multipart").status_code == 400


def test_the_pages_show_and_resolve(web, browser_of, config_manager, viewer, now):
    make_model()
    audit = run(seen("17", name="web-1", version="2", attributes={"ram_gb": 64, "a": 1, "b": 2}), now=now)
    browser, at = browser_of(config_manager), audit.get_absolute_url()
    rows = f"{at}discrepancies/"
    assert "Update the record" in browser.get(rows).content.decode()
    assert "Update the record" not in browser_of(viewer).get(rows).content.decode()
    assert "Open: 4. Resolve each discrepancy" in browser.get(f"{at}close/").content.decode()
    csv = b"".join(browser.get(f"{rows}?format=csv").streaming_content).decode()
    assert "Version,1,2,Open" in csv
    ids = list(audit.discrepancies.order_by("pk").values_list("pk", flat=True))
    ways = {"ignore": {"reason": "Lab", "until": "2099-01-01"}, "rfc": {}, "unauthorised": {}, "update": {}}
    for pk, (way, data) in zip(ids, ways.items(), strict=True):
        page = browser.get(f"{rows}{way}/?pick={pk}").content.decode()
        assert "web-1" in page
        assert browser.post(f"{rows}{way}/?pick={pk}", data).status_code == 302, way
    assert "RFC-" in browser.get(f"{rows}?state=resolved").content.decode()
    assert "Every discrepancy is resolved" in browser.get(f"{at}close/").content.decode()
    assert browser.post(f"{at}close/").status_code == 302
    assert set(audit.discrepancies.values_list("resolution", flat=True)) == {
        "ignored",
        "rfc",
        "unauthorised",
        "updated",
    }


def test_a_page_refuses_what_is_no_way_and_what_is_not_chosen(web, browser_of, config_manager, now):
    audit = run(seen("17", name="web-1", version="2"), now=now)
    browser, rows = browser_of(config_manager), f"{audit.get_absolute_url()}discrepancies/"
    assert browser.get(f"{rows}dance/?pick=1").status_code == 404
    assert "Nothing is chosen" in browser.get(f"{rows}update/").content.decode()
    assert browser.post(f"{rows}update/?pick=x").status_code == 422
    assert browser.get(f"{rows}update/?" + "pick=1&" * 1001).status_code == 400


def test_what_could_not_be_read_is_told_on_the_page(web, browser_of, config_manager, now):
    audit = run(seen("new-1"), seen("17", ci_class="spaceship"), now=now)
    page = browser_of(config_manager).get(audit.get_absolute_url()).content.decode()
    assert "not known" in page
    assert "spaceship" in page


def test_pages_and_endpoints_ask_as_often_for_many_as_for_few(browser_of, api, config_manager, now):
    audit = run(*[seen(f"new-{n}") for n in range(60)], now=now)
    few = run(seen("one"), now=now, source="scan")
    browser, client = browser_of(config_manager), api(config_manager)

    def asked(get, address):
        with CaptureQueriesContext(connection) as captured:
            assert get(address).status_code == 200, address
        return len(captured)

    for path in ("", "discrepancies/", "discrepancies/?kind=unexpected&state=open", "progress/"):
        of = [asked(browser.get, f"{each.get_absolute_url()}{path}") for each in (few, few, audit)]
        assert of[1] == of[2], path
        assert of[2] <= 15, path
    assert asked(browser.get, "/cmdb/audits/") <= 15
    for path in ("/api/cmdb/audits/", f"/api/cmdb/audits/{audit.pk}/", f"/api/cmdb/audits/{audit.pk}/discrepancies/"):
        assert asked(client.get, path) <= 6, path
