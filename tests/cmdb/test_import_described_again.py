"""Saying how a file is read: first, or otherwise than before; and when nobody may meddle."""

import pytest

from cmdb.importing import running
from cmdb.models import ConfigurationItem, ImportProfile, ImportRun
from cmdb.operations import imports
from itsm.kernel.errors import IllegalMove, InvalidInput
from tests.builders import SYSTEM, make_class
from tests.cmdb.importing import hand_in, problems_of, take_in
from tests.cmdb.test_broken_files import bill, part, state_of_one

pytestmark = pytest.mark.django_db
TABLE = "id,class,status\nw1,Srv,In use\nw2,Srv,In use\n"
OPTIONS = {"columns": {"id": "key", "class": "ci_class", "status": "status"}}
WORDS = "ci_class: Srv = server\nstatus: In use = Live\n"
COLUMNS = {"column_0": "key", "column_1": "ci_class", "column_2": "status"}


@pytest.fixture(autouse=True)
def server():
    return make_class()


@pytest.fixture
def browser(browser_of, config_manager):
    return browser_of(config_manager)


def worked(run: ImportRun) -> ImportRun:
    running.work_through()
    run.refresh_from_db()
    return run


def test_a_preview_is_read_again_by_what_the_words_mean(browser):
    run = worked(hand_in(TABLE, dry_run=True, options=OPTIONS))
    assert run.problem_count == 4
    said = {**COLUMNS, "values": WORDS}

    answer = browser.post(f"/cmdb/imports/{run.number}/map/", said)

    assert answer.status_code == 302, answer.content.decode()
    assert (worked(run).state, run.problem_count, run.counts["created"]) == ("previewed", 0, 2), problems_of(run)
    page = browser.get(f"/cmdb/imports/{run.number}/map/").content.decode()
    assert "ci_class: Srv = server" in page
    assert run.options["values"] == {"ci_class": {"Srv": "server"}, "status": {"In use": "Live"}}


def test_what_failed_is_read_again(browser):
    run = take_in(TABLE, options=OPTIONS, columns=OPTIONS["columns"])
    assert run.state == "failed"

    browser.post(f"/cmdb/imports/{run.number}/map/", {**COLUMNS, "values": WORDS})

    assert (worked(run).state, run.failure) == ("done", "")
    assert ConfigurationItem.objects.filter(status="live").count() == 2


def test_the_profile_of_its_name_is_changed_and_no_other(browser):
    run = worked(hand_in(TABLE, columns={}, dry_run=True))
    address = f"/cmdb/imports/{run.number}/map/"
    browser.post(address, {**COLUMNS, "save_as": "Hosts"})
    worked(run)
    assert 'value="Hosts"' in browser.get(address).content.decode()

    browser.post(address, {**COLUMNS, "values": WORDS, "save_as": "Hosts"})

    assert ImportProfile.objects.get().values["status"] == {"In use": "Live"}
    other = hand_in(TABLE, columns={}, dry_run=True)
    refused = browser.post(f"/cmdb/imports/{other.number}/map/", {**COLUMNS, "save_as": "Hosts"})
    assert refused.status_code == 422
    assert "already" in refused.content.decode()


def test_a_line_that_means_nothing_is_told(browser):
    run = hand_in(TABLE, columns={})
    answer = browser.post(f"/cmdb/imports/{run.number}/map/", {**COLUMNS, "values": "status: In use = live\nIn use"})
    assert answer.status_code == 422
    assert "Line 2 is not a field" in answer.content.decode()
    answer = browser.post(f"/cmdb/imports/{run.number}/map/", {**COLUMNS, "values": "stauts: In use = live"})
    assert "is none of key" in answer.content.decode()


def test_a_bill_is_told_whose_it_is(browser):
    run = imports.hand_in(file_name="b.json", data=[bill(part("a"))], format="cyclonedx", source="sbom", actor=SYSTEM)
    assert worked(run).state == "previewed"
    address = f"/cmdb/imports/{run.number}/map/"
    page = browser.get(address).content.decode()
    assert 'name="application"' in page
    assert "device_classes" not in page

    browser.post(address, {"application": "Web shop", "version": "9"})

    assert worked(run).differences.filter(label="Web shop").exists()
    assert run.options == {"application": "Web shop", "version": "9"}
    assert browser.post(address, {"application": "x" * 201}).status_code == 422


def test_what_is_no_table_makes_no_profile():
    run = imports.hand_in(file_name="s", data=[state_of_one()], format="terraform", source="tf", actor=SYSTEM)
    with pytest.raises(InvalidInput, match="Only how tables are read"):
        imports.describe(run_id=worked(run).pk, options={}, save_as="Mine", actor=SYSTEM)


@pytest.mark.parametrize("state", ["fetching", "queued", "reading", "merging", "rolling_back"])
def test_nobody_takes_it_out_of_the_hands_of_a_worker(api, config_manager, state):
    run = hand_in(TABLE, options=OPTIONS)
    ImportRun.objects.filter(pk=run.pk).update(state=state)

    with pytest.raises(IllegalMove):
        imports.merge(run_id=run.pk, actor=SYSTEM)
    with pytest.raises(IllegalMove):
        imports.describe(run_id=run.pk, options=OPTIONS, actor=SYSTEM)

    said = api(config_manager).get(f"/api/cmdb/imports/{run.pk}/").data["actions"]
    assert {each["name"] for each in said if each["allowed"]} <= {"cancel"}


def test_problems_that_are_alike_are_told_once(browser):
    rows = "".join(f"k{n},server,In use\n" for n in range(9)) + "".join(f"k{n},server,live\n" for n in range(20, 23))
    run = worked(hand_in("id,class,status\n" + rows * 2, dry_run=True, options=OPTIONS))
    page = browser.get(f"/cmdb/imports/{run.number}/").content.decode()
    assert "and 17 like it" in page
    assert "and 2 like it" in page
    assert page.count("is no status") == 1
