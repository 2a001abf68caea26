"""Changes to critical CIs: one proposes, another accepts."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cmdb.models import CIEdit, ConfigurationItem
from cmdb.operations import cis, classes, edits
from itsm.kernel import outbox
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from itsm.kernel.models import Notification
from itsm.kernel.roles import Role
from itsm.portal.queries import work
from tests.builders import make_ci, make_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def database(alice):
    """A critical CI of a class whose critical CIs are reviewed."""
    kind = make_class("database", schema={"properties": {"ram_gb": {"type": "integer"}}}, reviewed_from=3)
    return make_ci(
        "db-1", ci_class=kind, criticality=4, version="1", owner=alice, attributes={"ram_gb": 32, "os": "bsd"}
    )


@pytest.fixture
def other_manager(person):
    return person("other.manager", Role.CONFIGURATION_MANAGER)


@pytest.fixture
def edit(database, config_manager):
    said = {"version": "2", "attributes": {"ram_gb": 64, "os": "bsd"}}
    return edits.submit(ci_id=database.pk, actor=Actor.person(config_manager), reason="Ticket 7", **said)


def test_a_change_to_a_critical_ci_waits_for_a_second_person(edit, database):
    assert edit.changes == {"version": ["1", "2"], "attributes.ram_gb": [32, 64]}
    database.refresh_from_db()
    assert (database.version, database.attributes["ram_gb"]) == ("1", 32)


def test_one_that_is_less_critical_is_changed_at_once(database, config_manager):
    less = make_ci("db-2", ci_class=database.ci_class, criticality=2)
    assert edits.submit(ci_id=less.pk, version="2", actor=Actor.person(config_manager)).version == "2"
    assert not CIEdit.objects.exists()


def test_no_operation_goes_around_the_review(database, config_manager):
    actor = Actor.person(config_manager)
    for act in (lambda: cis.update(ci_id=database.pk, version="2", actor=actor),
                lambda: cis.move(ci_id=database.pk, to="retired", actor=actor)):  # fmt: skip
        with pytest.raises(cis.ReviewNeeded):
            act()


@pytest.mark.parametrize("who", ["other_manager", "alice"])
def test_another_manager_or_the_owner_accepts_it(edit, database, who, request, now):
    decider = request.getfixturevalue(who)
    done = edits.accept(edit_id=edit.pk, actor=Actor.person(decider), now=now)

    database.refresh_from_db()
    assert (database.version, database.attributes) == ("2", {"ram_gb": 64, "os": "bsd"})
    assert (done.state, done.decided_by, done.taken) == ("accepted", decider, ["attributes.ram_gb", "version"])
    with pytest.raises(IllegalMove):
        edits.accept(edit_id=edit.pk, actor=Actor.person(decider), now=now)


def test_who_proposed_it_does_not_accept_it(edit, config_manager, viewer, now):
    for who in (config_manager, viewer):
        with pytest.raises(Forbidden):
            edits.accept(edit_id=edit.pk, actor=Actor.person(who), now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        CIEdit.objects.filter(pk=edit.pk).update(state="accepted", decided_by=config_manager, decided_at=now)


def test_what_the_ci_became_meanwhile_is_told_and_taken_field_by_field(edit, database, other_manager, now, system):
    cis.update(ci_id=database.pk, version="1.5", actor=system)
    actor = Actor.person(other_manager)

    with pytest.raises(edits.EditIsStale) as refused:
        edits.accept(edit_id=edit.pk, actor=actor, now=now)
    assert [check["code"] for check in refused.value.checks] == ["version"]
    edits.accept(edit_id=edit.pk, actor=actor, now=now, take=["attributes.ram_gb"])

    database.refresh_from_db()
    assert (database.version, database.attributes["ram_gb"]) == ("1.5", 64)


def test_what_others_changed_elsewhere_stays(edit, database, other_manager, now, system):
    cis.update(ci_id=database.pk, attributes={"ram_gb": 32, "os": "debian"}, actor=system)
    edits.accept(edit_id=edit.pk, actor=Actor.person(other_manager), now=now)
    database.refresh_from_db()
    assert database.attributes == {"ram_gb": 64, "os": "debian"}


def test_it_is_sent_back_with_a_reason_or_withdrawn(edit, database, config_manager, other_manager, now):
    with pytest.raises(InvalidInput):
        edits.send_back(edit_id=edit.pk, comment=" ", actor=Actor.person(other_manager), now=now)
    assert (
        edits.send_back(edit_id=edit.pk, comment="32", actor=Actor.person(other_manager), now=now).state == "sent_back"
    )
    own = edits.submit(ci_id=database.pk, to="retired", actor=Actor.person(config_manager))
    with pytest.raises(Forbidden):
        edits.withdraw(edit_id=own.pk, actor=Actor.person(other_manager), now=now)
    assert edits.withdraw(edit_id=own.pk, actor=Actor.person(config_manager), now=now).state == "withdrawn"
    database.refresh_from_db()
    assert database.status == "live"


def test_what_could_never_be_accepted_is_not_proposed(database, config_manager):
    actor = Actor.person(config_manager)
    for said in ({"attributes": {"ram_gb": "much"}}, {"version": "1"}, {"created_at": "now"}):
        with pytest.raises(InvalidInput):
            edits.submit(ci_id=database.pk, actor=actor, **said)
    with pytest.raises(IllegalMove):
        edits.submit(ci_id=database.pk, to="planned", actor=actor)
    assert not CIEdit.objects.exists()


def test_it_waits_in_my_work_and_people_are_told(edit, config_manager, other_manager, alice, viewer, now):
    while outbox.publish():
        pass
    outbox.drain("cmdb.subscriptions.tell_who_may_accept")
    told = Notification.objects.filter(kind="cmdb.edit")
    assert {each.user for each in told} == {other_manager, alice}
    waits = {who: work.waiting_for(Actor.person(who), now, ["edit"]) for who in (other_manager, alice, viewer)}
    assert [len(items) for items in waits.values()] == [1, 1, 0]
    assert not work.waiting_for(Actor.person(config_manager), now, ["edit"])


def test_rest_answers_202_and_decides(database, api, config_manager, other_manager):
    one, two = api(config_manager), api(other_manager)
    asked = one.patch(f"/api/cmdb/cis/{database.pk}/", {"version": "2", "reason": "Ticket 7"}, format="json")
    assert asked.status_code == 202, asked.json()
    edit = asked.json()
    assert edit["changes"] == [{"field": "version", "was": "1", "shall_be": "2", "standing": "open"}]
    assert asked["Location"] == f"/api/cmdb/ci-edits/{edit['id']}/"
    assert one.post(f"{asked['Location']}accept/", {}, format="json").status_code == 403
    assert two.post(f"{asked['Location']}accept/", {"take": ["name"]}, format="json").status_code == 400
    assert two.post(f"{asked['Location']}accept/", {}, format="json").json()["state"] == "accepted"
    moved = one.post(f"/api/cmdb/cis/{database.pk}/move/", {"to": "retired"}, format="json")
    assert moved.status_code == 202
    assert (
        two.post(
            f"/api/cmdb/ci-edits/{moved.json()['number']}/send-back/", {"comment": "No"}, format="json"
        ).status_code
        == 200
    )
    listed = two.get("/api/cmdb/ci-edits/", {"state": "accepted", "ci": database.number}).json()
    assert [row["id"] for row in listed["results"]] == [edit["id"]]


def test_a_list_changes_some_and_proposes_some(database, api, config_manager):
    plain = make_ci("web-1")
    said = [{"id": database.pk, "version": "9"}, {"id": plain.pk, "version": "9"}]
    answer = api(config_manager).patch("/api/cmdb/cis/", said, format="json")
    assert answer.status_code == 202, answer.json()
    assert [row["outcome"] for row in answer.json()] == ["proposed", "changed"]
    assert list(ConfigurationItem.objects.filter(version="9")) == [plain]


def test_the_pages_propose_show_and_decide(database, browser_of, config_manager, other_manager, system):
    mine, theirs = browser_of(config_manager), browser_of(other_manager)
    form = mine.get(f"/cmdb/cis/{database.number}/edit/").content.decode()
    assert "Propose the change" in form
    said = {"ci_class": database.ci_class_id, "name": "db-1", "version": "2", "criticality": 4,
            "owner": "alice", "attribute_ram_gb": "64", "attributes": '{"os": "bsd"}'}  # fmt: skip
    answer = mine.post(f"/cmdb/cis/{database.number}/edit/", said)
    edit = CIEdit.objects.get()
    assert answer["Location"] == edit.get_absolute_url()
    assert set(edit.changes) == {"version", "attributes.ram_gb"}
    assert edit.number in theirs.get(database.get_absolute_url()).content.decode()
    assert edit.number in theirs.get("/cmdb/ci-edits/").content.decode()
    cis.update(ci_id=database.pk, version="1.5", actor=system)
    assert "changed meanwhile" in theirs.get(edit.get_absolute_url()).content.decode()
    assert theirs.post(f"{edit.get_absolute_url()}accept/", {}).status_code == 422
    assert theirs.post(f"{edit.get_absolute_url()}accept/", {"take": ["version"]}).status_code == 302
    database.refresh_from_db()
    assert database.version == "2"


@pytest.mark.parametrize("step", ["accept", "send-back"])
def test_whoever_decides_sees_what_about(edit, browser_of, other_manager, step):
    page = browser_of(other_manager).get(f"{edit.get_absolute_url()}{step}/").content.decode()
    assert "Ticket 7" in page
    assert "Ram gb" in page
    assert ">64<" in page
    assert f'href="{edit.get_absolute_url()}"' in page


def test_a_ci_names_what_waits_in_words(edit, database, browser_of, viewer):
    page = browser_of(viewer).get(database.get_absolute_url()).content.decode()
    assert "Version, Ram gb" in page
    assert "attributes.ram_gb" not in page


def test_the_lists_ask_as_often_for_many_as_for_one(
    database, api, browser_of, config_manager, other_manager, django_assert_max_num_queries
):
    actor, client, pages = Actor.person(config_manager), api(other_manager), browser_of(other_manager)
    for version in "23456":
        edits.submit(ci_id=database.pk, version=version, actor=actor)
    with django_assert_max_num_queries(6):
        assert len(client.get("/api/cmdb/ci-edits/").json()["results"]) == 5
    with django_assert_max_num_queries(14):
        pages.get("/cmdb/ci-edits/")


def test_it_may_be_switched_on_for_a_class_and_those_below(config_manager):
    above = make_class("network")
    below = make_class("core-switch", parent=above)
    ci = make_ci("sw-1", ci_class=below, criticality=3)
    classes.update(class_id=above.pk, reviewed_from=3, actor=Actor.person(config_manager), now=timezone.now())
    assert isinstance(edits.submit(ci_id=ci.pk, version="2", actor=Actor.person(config_manager)), CIEdit)


def test_an_edit_that_no_longer_fits_its_class_is_refused_by_the_name_of_what_is_wrong(
    edit, database, browser_of, other_manager, system
):
    schema = {"properties": {"ram_gb": {"type": "integer", "maximum": 48, "title": "memory (GB)"}}}
    classes.update(class_id=database.ci_class_id, actor=system, schema=schema)
    browser = browser_of(other_manager)

    page = browser.post(f"{edit.get_absolute_url()}accept/", {}).content.decode()

    assert "64 is greater than the maximum of 48" in page
    assert "Memory (GB)" in page, "an attribute is called as its class calls it"
    for path in ("/cmdb/ci-edits/", database.get_absolute_url(), "/cmdb/classes/database/"):
        assert "Memory (GB)" in browser.get(path).content.decode(), path
