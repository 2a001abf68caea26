"""Pages of the CMDB pass axe-core, light and dark, wide and narrow; their forms refuse in place."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cmdb.importing import running
from cmdb.models import ConfigurationItem, Conflict, ImportProfile, SourcePrecedence
from cmdb.operations import baselines, cis, edits, imports, relation_proposals, samples
from itsm.kernel.actor import Actor
from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_ci, make_class, make_cluster
from tests.cmdb.importing import hand_in, take_in
from tests.cmdb.test_reconciliation import say

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "a-name-that-is-longer-than-anybody-would-wish-" * 4
TABLE = f"id,name,class,ver,runs on\nw1,{LONG},server,1.0,h1\nh1,host-1,server,8,\nx,y,nonsense,,\n"


@pytest.fixture
def other_manager(person):
    return person("other.manager", Role.CONFIGURATION_MANAGER)


def asked_and_told(actor, now):
    """A question of a sample, and what a bill of materials may be told."""
    due = now.date() + timedelta(days=30)
    sample = samples.draw(name=LONG, size=1, query="name=web-1", due_on=due, actor=actor, now=now)
    bill = imports.hand_in(file_name="bill.json", data=[b"{}"], format="cyclonedx", source="sbom", actor=actor)
    return [sample.cis.get().get_absolute_url(), f"{bill.get_absolute_url()}map/"]


@pytest.fixture
def addresses(config_manager, other_manager, now):
    """Of each kind of page one that has something to show, names that are too long among it."""
    make_class(schema={"properties": {"ram_gb": {"type": "integer"}}}, reviewed_from=4)
    actor = Actor.person(config_manager)
    previewed, waiting = hand_in(TABLE, dry_run=True), hand_in(TABLE, columns={}, dry_run=True)
    running.work_through()
    done = take_in(TABLE, leave_out_broken=True)
    say("netbox", "1.0")
    say("scanner", "2.0")
    member = ConfigurationItem.objects.get(name=LONG)
    server = ConfigurationItem.objects.get(name="web-1")
    cluster, group = make_cluster(f"cluster of {LONG}"[:200], [member, server], 1, criticality=4)
    edit = edits.submit(ci_id=cluster.pk, version="2", reason=LONG, actor=Actor.person(other_manager))
    baseline = baselines.take(name=LONG, query="", actor=actor, now=now)
    cis.update(ci_id=server.pk, version="9", environment="test", actor=actor)
    proposal = relation_proposals.propose(
        source=server, target=member, type="depends_on", evidence="INC-1", why=LONG, actor=SYSTEM
    )
    profile = ImportProfile.objects.create(name=LONG[:100], source="inventory", columns={"id": "key"})
    rule = SourcePrecedence.objects.create(field="name", sources=["netbox", "people"])
    conflict = Conflict.objects.get(field="version")
    own = [each.get_absolute_url() for each in (previewed, done, conflict, edit, baseline, proposal, profile, rule)]
    return [
        *own, waiting.get_absolute_url(), f"{waiting.get_absolute_url()}map/", f"{done.get_absolute_url()}differences/",
        f"{previewed.get_absolute_url()}errors/", f"{previewed.get_absolute_url()}merge/", "/cmdb/imports/",
        "/cmdb/imports/new/", "/cmdb/import-profiles/", "/cmdb/conflicts/", f"{conflict.get_absolute_url()}decide/",
        "/cmdb/precedences/", "/cmdb/precedences/new/", "/cmdb/ci-edits/", f"{edit.get_absolute_url()}accept/",
        cluster.get_absolute_url(), server.get_absolute_url(), f"{server.get_absolute_url()}edit/",
        f"{cluster.get_absolute_url()}groups/{group.pk}/edit/", f"{cluster.get_absolute_url()}group/",
        "/cmdb/classes/", "/cmdb/classes/server/", "/cmdb/classes/server/edit/", "/cmdb/baselines/",
        "/cmdb/baselines/new/", f"{baseline.get_absolute_url()}diff/?with=now",
        f"{baseline.get_absolute_url()}items/{server.pk}/", "/cmdb/relation-proposals/",
        f"{proposal.get_absolute_url()}accept/", "/cmdb/accounting/",
        "/cmdb/accounting/?since=2026-01-01&query=name%3Dweb-1", f"/history/{server.number}/?at=2036-01-01T00:00:00",
        "/cmdb/cis/verify/", "/cmdb/cis/?misfit=true", "/cmdb/audits/new/", *asked_and_told(actor, now),
    ]  # fmt: skip


def test_each_page_of_the_cmdb_is_accessible_dark_and_narrow_too(addresses, open_as, axe, config_manager):
    """One load for two looks."""
    page = open_as(config_manager, "/")
    page.emulate_media(reduced_motion="reduce")
    found = {}
    for path in addresses:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        answer = page.goto(path)
        assert answer.status == 200, path
        looks = {"light": axe(page)}
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 360, "height": 900})
        looks["dark and narrow"] = axe(page)
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            looks["dark and narrow"].append("scrolls sideways")
        found |= {f"{path} {look}": said for look, said in looks.items() if said}
    assert found == {}, found


def test_columns_that_are_not_enough_are_told_in_place_and_the_file_is_read_then(open_as, config_manager):
    make_class()
    run = hand_in("id,name,class\nw1,web-1,server\n", columns={}, dry_run=True)
    page = open_as(config_manager, f"{run.get_absolute_url()}map/")
    page.get_by_label("id", exact=True).select_option("")
    page.get_by_label("name", exact=True).select_option("")
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator(".refusal")).to_contain_text("key")

    page.get_by_label("id", exact=True).select_option("Key")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("cis.csv")


def test_all_rows_of_a_page_are_chosen_at_once(open_as, config_manager):
    for number in range(3):
        make_ci(f"web-{number}")
    page = open_as(config_manager, "/cmdb/cis/")
    every, first = page.get_by_label("Choose all on this page"), page.get_by_label("Choose web-0")
    every.check()
    expect(page.locator("td.choose input:checked")).to_have_count(3)
    first.uncheck()
    expect(every).not_to_be_checked()
    every.check()

    page.get_by_role("button", name="Verify the chosen").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Verify CIs")
    assert page.url.count("pick=") == 3
