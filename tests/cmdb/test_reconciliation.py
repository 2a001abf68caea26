"""Several sources know a CI: whose word counts, where they disagree, and that it is decided once."""

import pytest

from cmdb.importing import running
from cmdb.importing.records import FoundCI
from cmdb.keys import Key
from cmdb.models import ConfigurationItem, Conflict, ImportProfile, ImportRun, SourcePrecedence
from cmdb.operations import cis, conflicts, import_profiles, imports, precedences, upserts
from cmdb.queries.reconciliation import words_of
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from tests.builders import make_ci, make_class
from tests.cmdb.importing import hand_in, take_in

pytestmark = pytest.mark.django_db
COLUMNS = {"id": "key", "name": "name", "ver": "version", "ram": "attributes.ram_gb"}


@pytest.fixture(autouse=True)
def server():
    return make_class()


def say(source, version, ram="8", name="web-1", **details):
    text = f"id,name,ver,ram\n{name},{name},{version},{ram}"
    return take_in(text, source=source, columns=COLUMNS, options={"fixed": {"ci_class": "server"}}, **details)


def web(name="web-1"):
    return ConfigurationItem.objects.get(name=name)


def open_fields():
    return sorted(Conflict.objects.filter(state="open").values_list("field", flat=True))


def test_without_a_rule_the_last_word_counts_and_the_conflict_is_seen():
    say("netbox", "1.0")
    say("scanner", "2.0")

    assert web().version == "2.0"
    conflict = Conflict.objects.get()
    assert (conflict.field, conflict.words) == ("version", {"netbox": "1.0", "scanner": "2.0"})


def test_sources_that_agree_are_no_conflict_and_one_that_comes_to_agree_ends_it():
    say("netbox", "1.0")
    say("scanner", "1.0")
    assert not Conflict.objects.exists()

    say("scanner", "2.0")
    assert open_fields() == ["version"]
    say("netbox", "2.0")

    assert Conflict.objects.get().state == "agreed"
    assert open_fields() == []


@pytest.mark.parametrize("scope", ["every", "class", "parent", "ci"])
def test_a_rule_says_whose_word_counts(scope, system, server):
    if scope == "parent":
        server.parent = make_class("machine")
        server.save()
    say("netbox", "1.0")
    where = {"class": {"ci_class": server}, "parent": {"ci_class": server.parent}, "ci": {"ci": web()}}.get(scope, {})
    precedences.create(field="version", sources=["netbox", "scanner"], actor=system, **where)

    run = say("scanner", "2.0", ram="16")

    assert (web().version, web().attributes) == ("1.0", {"ram_gb": "16"})
    assert open_fields() == ["attributes.ram_gb"]
    assert run.counts["changed"] == 1
    say("netbox", "1.1")
    assert web().version == "1.1"


def test_an_attribute_can_have_a_rule_of_its_own_and_the_nearest_rule_holds(system, server):
    say("netbox", "1.0", ram="8")
    precedences.create(sources=["netbox"], actor=system)
    precedences.create(ci_class=server, field="attributes.ram_gb", sources=["scanner"], actor=system)

    say("scanner", "2.0", ram="16")
    say("netbox", "1.0", ram="8")

    assert (web().version, web().attributes) == ("1.0", {"ram_gb": "16"})
    assert open_fields() == []


def test_what_a_person_typed_is_a_word_too_and_to_overrule_it_is_seen(config_manager):
    ci = cis.create(
        ci_class=make_class(), name="web-1", version="1.0", status="live", actor=Actor.person(config_manager)
    )
    say("scanner", "2.0")

    assert web().version == "2.0"
    assert Conflict.objects.get(field="version").words == {"people": "1.0", "scanner": "2.0"}
    precedences.create(ci=ci, sources=["people"], actor=Actor.person(config_manager))
    cis.update(ci_id=ci.pk, version="1.1", actor=Actor.person(config_manager))
    say("scanner", "3.0")
    assert web().version == "1.1"


def test_a_rule_that_forgets_people_does_not_silence_them(config_manager, system):
    precedences.create(sources=["scanner"], actor=system)
    cis.create(ci_class=make_class(), name="web-1", version="1.0", status="live", actor=Actor.person(config_manager))

    say("scanner", "2.0")

    assert (web().version, open_fields()) == ("2.0", ["version"])


def test_who_says_what_is_a_table_with_the_winner_marked(config_manager):
    say("netbox", "1.0")
    say("scanner", "2.0")
    cis.update(ci_id=web().pk, environment="test", actor=Actor.person(config_manager))

    words = words_of(web(), web().external_keys.order_by("source", "key"))

    assert [each.source for each in words.speakers] == ["netbox", "scanner", "people"]
    line = next(each for each in words.lines if each.field == "version")
    assert [(each.value, each.counts) if each else None for each in line.words] == [("1.0", False), ("2.0", True), None]
    assert line.conflict is not None
    assert next(each for each in words.lines if each.field == "environment").words[2].by == config_manager


def test_a_conflict_is_decided_by_a_source_for_this_ci(config_manager, now):
    say("netbox", "1.0")
    say("scanner", "2.0")

    conflict = conflicts.decide(
        conflict_id=Conflict.objects.get().pk,
        source="netbox",
        reason="They measure.",
        actor=Actor.person(config_manager),
        now=now,
    )

    assert (conflict.state, conflict.chosen, conflict.decided_by, web().version) == (
        "decided",
        "1.0",
        config_manager,
        "1.0",
    )
    assert (conflict.precedence.ci, conflict.precedence.sources) == (web(), ["netbox", "scanner"])
    say("scanner", "3.0")
    assert (web().version, open_fields()) == ("1.0", [])
    say("netbox", "1.5")
    assert (web().version, open_fields()) == ("1.5", [])


def test_a_decision_for_the_class_decides_all_alike(config_manager, now):
    for name in ("web-1", "web-2", "web-3"):
        say("netbox", "1.0", name=name)
        say("scanner", "2.0", name=name)

    conflicts.decide(
        conflict_id=Conflict.objects.get(ci__name="web-2").pk, source="netbox", for_class=True, reason="They measure.",
        actor=Actor.person(config_manager), now=now,
    )  # fmt: skip

    assert set(Conflict.objects.values_list("state", "source")) == {("decided", "netbox")}
    assert {web(name).version for name in ("web-1", "web-2", "web-3")} == {"1.0"}
    assert SourcePrecedence.objects.get().ci_class == make_class()


def test_a_value_that_was_chosen_holds_until_a_source_changes_its_word(config_manager, now):
    say("netbox", "1.0")
    say("scanner", "2.0")

    conflicts.decide(
        conflict_id=Conflict.objects.get().pk,
        value="1.9",
        reason="I looked.",
        actor=Actor.person(config_manager),
        now=now,
    )
    say("netbox", "1.0")
    say("scanner", "2.0")
    assert (web().version, open_fields()) == ("1.9", [])

    say("scanner", "3.0")
    assert (web().version, open_fields()) == ("1.9", ["version"])


def test_an_import_that_is_taken_back_takes_its_conflicts_along(system):
    say("netbox", "1.0")
    say("scanner", "1.0")
    run = say("scanner", "2.0")
    assert open_fields() == ["version"]

    imports.roll_back(run_id=run.pk, actor=system)
    running.work_through()

    assert (web().version, open_fields()) == ("1.0", [])


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({}, "source"),
        ({"source": "netbox", "value": "1"}, "source"),
        ({"source": "nobody"}, "source"),
        ({"value": "x" * 81}, "value"),
        ({"value": {"a": 1}}, "value"),
        ({"value": "1", "for_class": True}, "for_class"),
        ({"source": "netbox", "reason": " "}, "reason"),
    ],
)
def test_it_refuses_half_a_decision_and_changes_nothing(said, at, config_manager, now):
    say("netbox", "1.0")
    say("scanner", "2.0")

    with pytest.raises(InvalidInput) as refusal:
        conflicts.decide(
            conflict_id=Conflict.objects.get().pk,
            actor=Actor.person(config_manager),
            now=now,
            **{"reason": "So.", **said},
        )

    assert at in refusal.value.errors
    assert (web().version, open_fields(), SourcePrecedence.objects.count()) == ("2.0", ["version"], 0)


def test_it_is_decided_once_and_by_configuration_managers(config_manager, viewer, now):
    say("netbox", "1.0")
    say("scanner", "2.0")
    said = {"conflict_id": Conflict.objects.get().pk, "source": "netbox", "reason": "So.", "now": now}
    with pytest.raises(Forbidden):
        conflicts.decide(actor=Actor.person(viewer), **said)

    conflicts.decide(actor=Actor.person(config_manager), **said)

    with pytest.raises(IllegalMove):
        conflicts.decide(actor=Actor.person(config_manager), **said)


def test_sources_that_know_other_cis_only_cost_nothing():
    say("netbox", "1.0")
    say("scanner", "2.0", name="web-2")
    assert not Conflict.objects.exists()


@pytest.mark.parametrize(
    ("said", "at"),
    [({"sources": []}, "sources"), ({"sources": ["a:b"]}, "sources"), ({"sources": ["a"], "field": "colour"}, "field")],
)
def test_a_rule_names_what_there_is(said, at, system):
    with pytest.raises(InvalidInput) as refusal:
        precedences.create(actor=system, **said)
    assert at in refusal.value.errors


def test_there_is_one_rule_for_a_field_in_a_scope(system):
    precedences.create(field="version", sources=["a"], actor=system)
    with pytest.raises(InvalidInput, match="Change that one"):
        precedences.create(field="version", sources=["b"], actor=system)


def test_a_ci_of_hand_alone_has_no_conflicts(config_manager):
    ci = make_ci("lonely")
    cis.update(ci_id=ci.pk, version="2", actor=Actor.person(config_manager))
    assert not Conflict.objects.exists()


class TestTheNameOfPeople:
    """`people` is what is typed by hand: no tool may speak in that name."""

    def test_no_file_and_no_profile_comes_from_them(self, system, server):
        for source in ("people", " People "):
            with pytest.raises(InvalidInput, match="stands for what people type"):
                hand_in("id,name,class\na,x,server\n", source=source)
            with pytest.raises(InvalidInput, match="stands for what people type"):
                import_profiles.create(name="P", source=source, columns={"id": "key", "c": "ci_class"}, actor=system)
        assert not ImportRun.objects.exists()
        assert not ImportProfile.objects.exists()

    def test_no_bulk_upsert_and_no_key_is_theirs(self, system, server):
        found = FoundCI(row="0", key="x", ci_class="server", name="x")
        with pytest.raises(InvalidInput) as refusal:
            upserts.upsert(source="people", found=[found], actor=system)
        assert "source" in refusal.value.errors
        with pytest.raises(InvalidInput) as refusal:
            cis.create(ci_class=server, name="x", external_keys=[Key("people", "x")], actor=system)
        assert "external_keys" in refusal.value.errors
        assert not ConfigurationItem.objects.exists()
