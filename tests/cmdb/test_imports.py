"""What a merged import does to the CMDB."""

import pytest

from cmdb.importing import differences
from cmdb.models import ConfigurationItem, ExternalKey, Relation
from cmdb.operations import cis, relations
from itsm.kernel import history
from itsm.kernel.actor import Actor
from itsm.kernel.models import OutboxEvent, Team
from tests.builders import SYSTEM, make_ci, make_class, make_service
from tests.cmdb.importing import problems_of, take_in

pytestmark = pytest.mark.django_db

TWO = "id,name,class,ver,runs on\nw1,web-1,server,1.0,h1\nh1,host-1,server,8,\n"


@pytest.fixture(autouse=True)
def server():
    return make_class()


def ci(name: str) -> ConfigurationItem:
    return ConfigurationItem.objects.get(name=name)


def as_stored() -> list[tuple]:
    return list(ConfigurationItem.objects.order_by("pk").values_list("pk", "revision", "updated_at"))


def test_it_creates_what_is_new_and_relates_it():
    run = take_in(TWO)

    assert run.state == "done", (run.failure, problems_of(run))
    assert (run.counts["created"], run.counts["related"]) == (2, 1)
    web = ci("web-1")
    assert (web.version, web.status, web.revision) == ("1.0", "live", 1)
    assert web.relations_out.get().target.name == "host-1"
    known = ExternalKey.objects.get(source="inventory", key="w1")
    assert (known.ci, known.seen_in) == (web, run.pk)
    assert known.said == {"ci_class": "server", "name": "web-1", "version": "1.0"}


def test_the_same_file_again_changes_nothing():
    take_in(TWO)
    before, kept = as_stored(), ConfigurationItem.pgh_event_model.objects.count()

    again = take_in(TWO)

    assert again.state == "done"
    assert again.counts == {
        "cis": 2, "created": 0, "changed": 0, "unchanged": 2, "retired": 0, "related": 0, "unrelated": 0,
        "relations": 1,
    }  # fmt: skip
    assert as_stored() == before
    assert ConfigurationItem.pgh_event_model.objects.count() == kept
    assert not again.differences.exists()


def test_it_changes_only_what_differs_and_says_what():
    take_in(TWO)

    run = take_in(TWO.replace("1.0", "2.0"))

    assert ci("web-1").version == "2.0"
    assert (ci("web-1").revision, ci("host-1").revision) == (2, 1)
    difference = run.differences.get()
    assert (difference.kind, difference.row) == ("changed", "row 2")
    assert (difference.before, difference.after) == ({"version": "1.0"}, {"version": "2.0"})


def test_what_the_file_does_not_say_stays():
    take_in("id,name,class,ver,ram\nw1,web-1,server,1.0,16\n")

    take_in("id,name,class,ver\nw1,web-1,server,\n")

    assert (ci("web-1").version, ci("web-1").attributes) == ("1.0", {"ram_gb": "16"})


def test_attributes_are_merged_one_by_one_and_typed_by_the_class():
    make_class("host", schema={"properties": {"ram_gb": {"type": "integer"}, "ha": {"type": "boolean"}}})
    make_ci("h", ci_class=make_class("host"), attributes={"rack": "r1", "ram_gb": 8})

    run = take_in("id,class,ram,ha\nh,host,32,yes\n", columns={
        "id": "key", "class": "ci_class", "ram": "attributes.ram_gb", "ha": "attributes.ha",
    })  # fmt: skip

    assert ci("h").attributes == {"rack": "r1", "ram_gb": 32, "ha": True}
    assert run.differences.get().after == {"attributes.ram_gb": 32, "attributes.ha": True}


def test_owner_and_team_are_found_by_their_names(alice):
    Team.objects.create(name="Unix")

    take_in("id,class,owner,team,crit\nw,server,alice,Unix,High\n")

    assert (ci("w").owner, ci("w").support_team.name, ci("w").criticality) == (alice, "Unix", 3)


def test_a_ci_of_that_class_and_name_is_that_ci():
    mine = make_ci("web-1", version="0.9")

    run = take_in(TWO)

    assert run.counts["created"] == 1
    assert ExternalKey.objects.get(key="w1").ci == mine
    assert ci("web-1").version == "1.0"


def test_it_follows_a_ci_that_got_another_name():
    take_in(TWO)

    run = take_in(TWO.replace("web-1", "shop-1"))

    assert run.state == "done"
    assert ci("shop-1").revision == 2
    assert not ConfigurationItem.objects.filter(name="web-1").exists()


def test_what_the_source_no_longer_names_is_retired_and_comes_back():
    take_in(TWO)

    gone = take_in("id,name,class\nh1,host-1,server\n", retire_missing=True)
    assert (gone.counts["retired"], ci("web-1").status) == (1, "retired")

    back = take_in(TWO, retire_missing=True)
    assert (back.counts["changed"], ci("web-1").status) == (1, "live")


def test_without_that_wish_nothing_is_retired():
    take_in(TWO)
    assert take_in("id,name,class\nh1,host-1,server\n").counts["retired"] == 0
    assert ci("web-1").status == "live"


def test_what_another_source_still_names_is_not_retired():
    take_in(TWO)
    take_in("id,name,class\n17,web-1,server\n", source="netbox")

    run = take_in("id,name,class\nh1,host-1,server\n", retire_missing=True)

    assert (run.counts["retired"], ci("web-1").status) == (0, "live")


def test_a_service_speaks_for_its_ci_itself():
    shop = make_service("Shop")
    take_in("id,name,class,status\ns,Shop,service,live\n")

    run = take_in("id,name,class,status,ver\ns,Boutique,service,retired,3\n", retire_missing=True)

    shop.ci.refresh_from_db()
    assert run.state == "done"
    assert (shop.ci.name, shop.ci.status, shop.ci.version) == ("Shop", "live", "3")


def test_relations_that_the_source_no_longer_tells_go():
    take_in(TWO)

    run = take_in(TWO.replace("1.0,h1", "1.0,"))

    assert run.counts["unrelated"] == 1
    assert not Relation.objects.exists()
    assert Relation.pgh_event_model.objects.filter(pgh_label="delete").exists()


def test_a_file_without_relations_takes_none_away():
    take_in(TWO)
    take_in("id,name,class\nw1,web-1,server\n")
    assert Relation.objects.count() == 1


def test_a_relation_that_a_person_made_stays():
    take_in(TWO.replace("1.0,h1", "1.0,"))
    relations.relate(source=ci("web-1"), type="runs_on", target=ci("host-1"), actor=SYSTEM)
    take_in(TWO)

    run = take_in(TWO.replace("1.0,h1", "1.0,"))

    assert run.counts["unrelated"] == 0
    assert Relation.objects.get().told_by == []


def test_a_relation_that_two_sources_tell_goes_with_the_second():
    take_in(TWO)
    take_in(TWO, source="netbox")
    assert Relation.objects.get().told_by == ["inventory", "netbox"]

    take_in(TWO.replace("1.0,h1", "1.0,"))
    assert Relation.objects.get().told_by == ["netbox"]

    take_in(TWO.replace("1.0,h1", "1.0,"), source="netbox")
    assert not Relation.objects.exists()


def test_several_keys_in_one_cell_and_keys_of_an_earlier_file():
    take_in("id,name,class\nh1,host-1,server\nh2,host-2,server\n")

    take_in("id,class,runs on\nw,server,h1; h2\n")

    assert sorted(r.target.name for r in ci("w").relations_out.all()) == ["host-1", "host-2"]


def test_history_names_who_and_through_which_import(config_manager):
    run = take_in(TWO, actor=Actor.person(config_manager))

    told = history.story_of(ci("web-1"))[0]
    assert told["who"] == str(config_manager)
    assert told["through"] == "import_steps.take_in"
    assert run.number in told["reason"]
    kept = ConfigurationItem.pgh_event_model.objects.filter(name="web-1").get()
    assert kept.pgh_context.metadata["because"]["number"] == run.number


def test_one_event_tells_of_the_whole_import():
    run = take_in(TWO)

    told = OutboxEvent.objects.get(name="cmdb.import.merged")
    assert (told.subject_id, told.payload["counts"]["created"]) == (run.pk, 2)
    assert not OutboxEvent.objects.filter(name="cmdb.ci.created").exists()


def test_an_import_may_set_a_state_that_people_cannot_reach():
    take_in("id,class,status\nw,server,live\n")
    assert take_in("id,class,status\nw,server,Planned\n").state == "done"
    assert ci("w").status == "planned"


def test_a_cycle_of_parts_is_taken_in():
    columns = {"id": "key", "class": "ci_class", "part of": "relations.part_of"}
    run = take_in("id,class,part of\na,server,b\nb,server,c\nc,server,a\n", columns=columns)
    assert (run.state, Relation.objects.count()) == ("done", 3)


def test_a_hand_changed_ci_is_set_right_again():
    take_in(TWO)
    cis.update(ci_id=ci("web-1").pk, version="9", actor=SYSTEM)
    assert take_in(TWO).counts["changed"] == 1
    assert ci("web-1").version == "1.0"


def test_what_somebody_changes_while_it_runs_is_not_written_over(monkeypatch):
    take_in(TWO)
    keep = differences.keep

    def keep_while_somebody_writes(intake):
        keep(intake)
        ConfigurationItem.objects.filter(name="web-1").update(environment="test")

    monkeypatch.setattr(differences, "keep", keep_while_somebody_writes)
    run = take_in(TWO.replace("1.0", "1.1"))

    assert (run.state, "Somebody else changed" in run.failure) == ("failed", True)
    assert ci("web-1").version == "1.0"
