"""Pages of imports."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cmdb.importing import running
from cmdb.models import ConfigurationItem, ImportProfile, ImportRun
from tests.builders import make_class
from tests.cmdb.importing import hand_in, take_in

pytestmark = pytest.mark.django_db
TWO = "id,name,class,ver,runs on\nw1,web-1,server,1.0,h1\nh1,host-1,server,8,\n"


@pytest.fixture(autouse=True)
def server():
    return make_class()


@pytest.fixture
def browser(browser_of, config_manager):
    return browser_of(config_manager)


def test_the_list_says_what_to_do_when_there_is_none(browser):
    page = browser.get("/cmdb/imports/").content.decode()
    assert "Nothing was imported yet." in page
    assert "/cmdb/imports/new/" in page


def test_from_the_file_to_the_cmdb(browser):
    answer = browser.post(
        "/cmdb/imports/new/", {"file": SimpleUploadedFile("cis.csv", TWO.encode()), "format": "csv", "source": "inv"}
    )
    run = ImportRun.objects.get()
    assert answer["Location"] == f"/cmdb/imports/{run.number}/"
    assert "Nobody said yet what the columns are." in browser.get(answer["Location"]).content.decode()

    columns = browser.get(f"/cmdb/imports/{run.number}/map/").content.decode()
    assert "web-1" in columns
    said = {"column_0": "key", "column_1": "name", "column_2": "ci_class", "column_4": "relations.runs_on"}
    answer = browser.post(f"/cmdb/imports/{run.number}/map/", {**said, "save_as": "Mine"})
    assert answer.status_code == 302, answer.content.decode()
    assert ImportProfile.objects.get().name == "Mine"

    assert "Waits for a worker" in browser.get(f"/cmdb/imports/{run.number}/").content.decode()
    running.work_through()
    page = browser.get(f"/cmdb/imports/{run.number}/").content.decode()
    assert "CIs to create" in page
    assert not ConfigurationItem.objects.exists()

    assert browser.post(f"/cmdb/imports/{run.number}/merge/").status_code == 302
    running.work_through()
    assert ConfigurationItem.objects.count() == 2
    assert browser.post(f"/cmdb/imports/{run.number}/roll-back/").status_code == 302
    running.work_through()
    assert not ConfigurationItem.objects.exists()
    assert "Rolled back" in browser.get(f"/cmdb/imports/{run.number}/").content.decode()


def test_the_page_refreshes_itself_when_the_worker_is_through(browser):
    run = hand_in(TWO, dry_run=True)
    url = f"/cmdb/imports/{run.number}/progress/"
    assert "HX-Refresh" not in browser.get(url, headers={"HX-Request": "true"})
    running.work_through()
    assert browser.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_problems_and_differences_have_lists(browser):
    run = take_in(TWO + "x,y,nonsense,,\n", leave_out_broken=True)
    assert "There is no class" in browser.get(f"/cmdb/imports/{run.number}/errors/").content.decode()
    page = browser.get(f"/cmdb/imports/{run.number}/differences/?kind=related").content.decode()
    assert "runs on" in page
    assert "host-1" in page


def test_a_broken_preview_offers_to_leave_the_rows_out(browser):
    run = hand_in(TWO + "x,y,nonsense,,\n", dry_run=True)
    running.work_through()
    assert "leave_out_broken" in browser.get(f"/cmdb/imports/{run.number}/merge/").content.decode()
    assert browser.post(f"/cmdb/imports/{run.number}/merge/").status_code == 422
    assert browser.post(f"/cmdb/imports/{run.number}/merge/", {"leave_out_broken": "on"}).status_code == 302


@pytest.mark.parametrize("data", [b"caf\xe9,b\n1,2\n", b"PK\x03\x04", b"\n\n", b'"a\n' * 600, b"\0\0\0"])
def test_the_column_page_stands_any_file(browser, data):
    run = hand_in(data, columns={})
    answer = browser.get(f"/cmdb/imports/{run.number}/map/")
    assert answer.status_code in (200, 422)
    assert browser.get(f"/cmdb/imports/{run.number}/map/?encoding=%00").status_code in (200, 422)
    assert browser.post(f"/cmdb/imports/{run.number}/map/").status_code == 422


def test_a_mapping_without_a_key_says_so(browser):
    run = hand_in(TWO, columns={})
    answer = browser.post(f"/cmdb/imports/{run.number}/map/", {"column_1": "name"})
    assert answer.status_code == 422
    assert "Say which column is the key" in answer.content.decode()


@pytest.mark.parametrize("page", ["map", "profile"])
def test_what_is_wrong_is_said_in_place_to_htmx_too(browser, page):
    run = hand_in(TWO, columns={})
    profile = ImportProfile.objects.create(name="Servers", source="inv", columns={"id": "key"})
    address = {"map": f"/cmdb/imports/{run.number}/map/", "profile": f"/cmdb/import-profiles/{profile.pk}/edit/"}[page]
    answer = browser.post(address, {"column_1": "name"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.content.decode().lstrip().startswith("<form")


def test_profiles_are_kept_by_pages_too(browser):
    said = {
        "name": "Servers", "source": "inv", "columns": '{"id": "key"}', "fixed": '{"ci_class": "server"}',
        "values": "{}", "encoding": "utf-8", "separator": ";",
    }  # fmt: skip
    assert browser.post("/cmdb/import-profiles/new/", said).status_code == 302
    profile = ImportProfile.objects.get()
    assert browser.get("/cmdb/import-profiles/").status_code == 200
    wrong = browser.post(f"/cmdb/import-profiles/{profile.pk}/edit/", {**said, "columns": '{"id": "nothing"}'})
    assert wrong.status_code == 422
    assert browser.post(f"/cmdb/import-profiles/{profile.pk}/remove/").status_code == 302


def test_the_pages_take_few_queries_whatever_an_import_found(browser, django_assert_max_num_queries):
    rows = "".join(f"k{n},n{n},server,1,\n" for n in range(60))
    run = take_in("id,name,class,ver,runs on\n" + rows)
    with django_assert_max_num_queries(25):
        browser.get(f"/cmdb/imports/{run.number}/")
    with django_assert_max_num_queries(16):
        browser.get(f"/cmdb/imports/{run.number}/differences/")
    with django_assert_max_num_queries(16):
        browser.get("/cmdb/imports/")


def test_a_failed_import_tells_nowhere_of_what_it_did(browser):
    run = take_in(TWO + "x,y,nonsense,,\n")
    assert run.state == "failed"
    page = browser.get(f"/cmdb/imports/{run.number}/").content.decode()
    assert "CIs to create" in page
    assert "CIs created" not in page
    assert "changes nothing" not in page
    listed = browser.get("/cmdb/imports/").content.decode()
    assert "2 to create" in listed
    assert "2 created" not in listed


def test_the_page_says_how_much_is_in_the_file(browser):
    run = take_in(TWO)
    assert "2 CIs, 1 relation<" in browser.get(f"/cmdb/imports/{run.number}/").content.decode()


def test_a_file_that_waits_for_its_columns_has_gone_no_step_yet(browser):
    run = hand_in(TWO, columns={})
    assert 'class="states"' not in browser.get(f"/cmdb/imports/{run.number}/").content.decode()
