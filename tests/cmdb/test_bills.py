"""The next bill of materials of an application says what was added, removed and upgraded, in these words."""

import json
import lzma

import pytest

from cmdb.importing.readers.purl import newness
from cmdb.models import ConfigurationItem, Relation
from cmdb.operations import imports
from itsm.kernel.actor import Actor
from tests.cmdb.readers.test_cyclonedx import BILLS, bill, needs_bills, part
from tests.cmdb.test_imports_of_formats import take_in

pytestmark = pytest.mark.django_db
BRIDGE, KEYCLOAK = "proton-bridge-v1.6.3.bom.json", "keycloak-10.0.2.bom.json.xz"


def real(name: str) -> dict:
    data = (BILLS / name).read_bytes()
    return json.loads(lzma.decompress(data) if name.endswith(".xz") else data)


def words_of(run) -> dict[str, set[str]]:
    """Word → the components that it is said of, without their application."""
    found: dict[str, set[str]] = {}
    for word, label in run.differences.exclude(word="").values_list("word", "label"):
        found.setdefault(word, set()).add(label.partition(" in ")[0].rpartition("/")[2])
    return found


def next_of(document: dict) -> tuple[dict, dict[str, set[str]]]:
    """A release later: three components gone, two new ones, some in other versions; and what is to be said of it."""
    later = json.loads(json.dumps(document))
    later["metadata"]["component"]["version"] = "v1.7.0"
    plain = [each for each in later["components"] if _stands_once(each, later["components"])]
    gone, upgraded, downgraded = plain[:3], plain[3:8], plain[8:9]
    later["components"] = [each for each in later["components"] if each not in gone]
    refs = {each["bom-ref"] for each in gone}
    for line in later["dependencies"]:
        line["dependsOn"] = [ref for ref in line.get("dependsOn", []) if ref not in refs]
    later["dependencies"] = [line for line in later["dependencies"] if line["ref"] not in refs]
    for component, version in [(each, "v99.1.0") for each in upgraded] + [(each, "v0.0.0") for each in downgraded]:
        component["version"] = version
        component["purl"] = component["purl"].rpartition("@")[0] + f"@{version}"
    later["components"] += [part("telemetry"), part("crypto", "3.0")]
    named = {"removed": gone, "upgraded": upgraded, "downgraded": downgraded}
    return later, {
        "added": {"telemetry", "crypto"},
        **{word: {each["name"].rpartition("/")[2] for each in each_of} for word, each_of in named.items()},
    }


def _stands_once(component: dict, among: list[dict]) -> bool:
    return sum(each["name"] == component["name"] for each in among) == 1 and component.get("version", "v0") > "v0.0.0"


@needs_bills
@pytest.mark.parametrize("retire", [True, False])
def test_the_next_bill_of_a_real_application_says_what_is_different(retire):
    before = real(BRIDGE)
    after, expected = next_of(before)
    take_in("cyclonedx", before)
    run = take_in("cyclonedx", after, dry_run=True, retire_missing=retire)

    assert (run.state, run.failure) == ("previewed", "")
    assert {word: run.counts[word] for word in ("added", "removed", "upgraded", "downgraded")} == {
        "added": 2, "removed": 3, "upgraded": 6, "downgraded": 1,
    }  # fmt: skip
    expected["upgraded"].add("proton-bridge")  # the application itself
    assert words_of(run) == expected


@needs_bills
def test_what_was_removed_is_no_part_any_more_and_is_retired_where_that_was_wished():
    before = real(BRIDGE)
    after, _ = next_of(before)
    take_in("cyclonedx", before)
    parts = Relation.objects.filter(type="part_of", target__ci_class__code="application")
    assert parts.count() == 201

    run = take_in("cyclonedx", after)
    assert (run.state, run.counts["retired"], parts.count()) == ("done", 0, 200)
    assert words_of(run)["removed"]
    imports.roll_back(run_id=run.pk, actor=Actor.system("test"))

    again = take_in("cyclonedx", before)
    assert again.counts["removed"] == again.counts["added"] == 0


@needs_bills
def test_a_bill_of_another_product_in_its_place_is_all_removed_and_all_added():
    take_in("cyclonedx", real(BRIDGE), options={"application": "product"})
    other = real(KEYCLOAK)
    other["metadata"]["component"] = real(BRIDGE)["metadata"]["component"]
    run = take_in("cyclonedx", other, dry_run=True, options={"application": "product"})
    assert (run.state, run.failure) == ("previewed", "")
    assert run.counts["removed"] == 201
    assert run.counts["added"] == run.counts["created"] > 800
    assert run.counts["upgraded"] == 0


def test_two_applications_leave_each_other_alone():
    shop = bill(part("core"), part("cart"))
    desk = bill(part("core")) | {"metadata": {"component": {**shop["metadata"]["component"], "name": "desk"}}}
    take_in("cyclonedx", shop, source="sbom-shop")
    run = take_in("cyclonedx", desk, source="sbom-desk", retire_missing=True)
    assert (run.counts["added"], run.counts["removed"]) == (1, 0)
    assert Relation.objects.filter(type="part_of").count() == 3

    run = take_in("cyclonedx", {**desk, "components": []}, source="sbom-desk", retire_missing=True)
    assert (run.counts["added"], run.counts["removed"]) == (0, 1)
    assert ConfigurationItem.objects.get(status="retired").name == "org.acme/core in org.acme/desk"


def test_a_component_that_moves_within_its_application_is_neither_added_nor_removed():
    take_in("cyclonedx", bill(part("core"), part("cart")))
    run = take_in("cyclonedx", bill(part("core", components=[part("cart")])))
    assert (run.counts["related"], run.counts["unrelated"]) == (1, 1)
    assert (run.counts["added"], run.counts["removed"]) == (0, 0)


def test_one_that_comes_back_is_added_again():
    both = bill(part("core"), part("cart"))
    take_in("cyclonedx", both, retire_missing=True)
    assert take_in("cyclonedx", bill(part("core")), retire_missing=True).counts["removed"] == 1
    assert take_in("cyclonedx", both, retire_missing=True).counts["added"] == 1


@pytest.mark.parametrize(
    ("newer", "older"),
    [("1.10", "1.9"), ("1.0", "1.0-rc1"), ("1.0-rc2", "1.0-rc1"), ("1.0-beta", "1.0-alpha"), ("2.0.M2", "2.0.M1"),
     ("v1.7.0", "v1.6.3"), ("1.1-SNAPSHOT", "1.0"), ("1.0.1", "1.0")],
)  # fmt: skip
def test_versions_are_ordered_as_releases_are(newer, older):
    assert newness(newer) > newness(older)


def test_page_and_rest_say_it_in_the_same_words(browser_of, api, config_manager):
    take_in("cyclonedx", bill(part("core"), part("cart"), part("old")))
    run = take_in("cyclonedx", bill(part("core", "1.1"), part("cart"), part("new")), dry_run=True)

    browser = browser_of(config_manager)
    page = browser.get(run.get_absolute_url()).content.decode()
    for word in ("Added", "Removed", "Upgraded"):
        assert f'<span class="label">{word}</span> <b class="num">1</b>' in page
        assert f">{word}</span></td>" in page
    listed = browser.get(f"{run.get_absolute_url()}differences/?word=upgraded").content.decode()
    assert "core" in listed
    assert "org.acme/old" not in listed

    client, own = api(config_manager), f"/api/cmdb/imports/{run.number}/"
    found = {}
    for word in ("added", "removed", "upgraded", "downgraded"):
        rows = client.get(f"{own}differences/?word={word}").data["results"]
        found[word] = [(row["word"], row["label"].partition(" in ")[0]) for row in rows]
    assert found == {
        "added": [("added", "org.acme/new")], "removed": [("removed", "org.acme/old")],
        "upgraded": [("upgraded", "org.acme/core")], "downgraded": [],
    }  # fmt: skip
    assert client.get(own).data["counts"]["upgraded"] == 1
    assert client.get(f"{own}differences/?word=eaten").status_code == 400


def test_other_formats_have_no_words_of_bills():
    from tests.cmdb.readers.test_netbox import everything

    run = take_in("netbox", everything())
    assert not run.differences.exclude(word="").exists()
    assert "added" not in run.counts
