"""CycloneDX: what an application is made of."""

import lzma
from pathlib import Path

import pytest

from cmdb.importing.records import UnreadableFile
from tests.cmdb.readers.reading import cis, problems, read, sentences

BILLS = Path(__file__).parents[4] / "shared/data/cyclonedx"
needs_bills = pytest.mark.skipif(not BILLS.exists(), reason=f"The bills of materials are not at {BILLS}.")
SHOP = {"type": "application", "bom-ref": "shop", "group": "org.acme", "name": "shop", "version": "2.0"}


def bill(*components, dependencies=(), **more):
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "metadata": {"component": SHOP},
        "components": list(components), "dependencies": list(dependencies), **more,
    }  # fmt: skip


def part(name, version="1.0", **more):
    ref = f"pkg:maven/org.acme/{name}@{version}?type=jar"
    return {
        "type": "library", "group": "org.acme", "name": name, "version": version, "bom-ref": ref, "purl": ref, **more
    }  # fmt: skip


def test_components_stand_under_their_application_by_names_without_versions():
    found = read(
        "cyclonedx", bill(part("core"), dependencies=[{"ref": "shop", "dependsOn": [part("core")["bom-ref"]]}])
    )

    core, shop = "pkg:maven/org.acme/core?type=jar", "application:org.acme/shop"
    assert cis(found)[core].name == "org.acme/core in org.acme/shop"
    assert (cis(found)[core].ci_class, cis(found)[core].version) == ("software-component", "1.0")
    assert (cis(found)[shop].ci_class, cis(found)[shop].version) == ("application", "2.0")
    assert sentences(found) == {(core, "part_of", shop), (shop, "depends_on", core)}


def test_the_application_can_be_named_by_whoever_imports():
    found = read("cyclonedx", bill(part("core")), application="Online shop", version="2.1", environment="test")

    shop = cis(found)["application:org.acme/shop"]
    assert (shop.name, shop.version, shop.environment) == ("Online shop", "2.1", "test")
    assert cis(found)["pkg:maven/org.acme/core?type=jar"].environment == "test"


def test_several_versions_of_a_package_are_several_cis_the_lowest_with_the_plain_key():
    found = read("cyclonedx", bill(part("yaml", "1.10"), part("yaml", "1.9")))

    plain = "pkg:maven/org.acme/yaml?type=jar"
    assert (cis(found)[plain].version, cis(found)[f"{plain} (2)"].version) == ("1.9", "1.10")
    assert cis(found)[f"{plain} (2)"].name == "org.acme/yaml (2) in org.acme/shop"


def test_a_part_of_a_component_is_part_of_that():
    found = read("cyclonedx", bill(part("suite", components=[part("inner")])))

    inner, suite = "pkg:maven/org.acme/inner?type=jar", "pkg:maven/org.acme/suite?type=jar"
    assert (inner, "part_of", suite) in sentences(found)


def test_the_same_component_found_twice_is_one():
    once, again = part("core", **{"bom-ref": "1"}), part("core", **{"bom-ref": "2"})
    found = read("cyclonedx", bill(once, again, dependencies=[{"ref": "shop", "dependsOn": ["1", "2"]}]))

    assert len(cis(found)) == 2
    assert len([each for each in sentences(found) if each[1] == "depends_on"]) == 1
    assert not problems(found)


def test_what_is_wrong_is_told_with_its_place():
    first, second = part("core"), part("other", **{"bom-ref": part("core")["bom-ref"]})
    nameless, mistyped, huge = {"type": "library"}, part("x", publisher=[]), part("y", publisher="p" * 10_000_001)
    found = read(
        "cyclonedx",
        bill(first, second, nameless, mistyped, huge, 7, dependencies=[{"ref": "nowhere", "dependsOn": "shop"}]),
    )

    told = {(row, column): message for row, column, message in problems(found)}
    assert "Another component has the bom-ref" in told["components[1]", "bom-ref"]
    assert told["components[2]", "name"] == "The component has no name."
    assert told["components[3]", "publisher"] == "Text is expected here, not a list."
    assert "10,000,001 characters are too many" in told["components[4]", "publisher"]
    assert told["components[5]", ""] == "An object is expected here, not the number 7."
    assert "No component has the bom-ref 'nowhere'" in told["dependencies[0]", "ref"]
    assert told["dependencies[0]", "dependsOn"] == "A list is expected here, not text."


def test_ten_thousand_components_of_one_reference_are_each_told():
    found = read("cyclonedx", bill(*(part(f"c{n}", **{"bom-ref": "same"}) for n in range(10_000))))
    assert len(problems(found)) == 9_999


def test_a_circle_of_dependencies_is_read_as_it_is_and_a_thing_that_needs_itself_is_told():
    a, b = part("a", **{"bom-ref": "a"}), part("b", **{"bom-ref": "b"})
    said = [{"ref": "a", "dependsOn": ["b"]}, {"ref": "b", "dependsOn": ["a", "b"]}]
    found = read("cyclonedx", bill(a, b, dependencies=said))

    assert len([each for each in sentences(found) if each[1] == "depends_on"]) == 2
    assert problems(found) == [("dependencies[1]", "dependsOn", "'b' depends on itself.")]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"bomFormat": "SPDX"}, "no CycloneDX file"),
        ({"specVersion": "9.9"}, "'9.9' is not known. Known: 1.2"),
        ({"metadata": {}}, "Name the application"),
    ],
)
def test_it_refuses_what_it_cannot_place(changed, told):
    with pytest.raises(UnreadableFile) as refusal:
        read("cyclonedx", bill(part("core"), **changed))
    assert told in refusal.value.message


@needs_bills
def test_the_bill_of_a_mail_bridge_is_read_whole():
    found = read("cyclonedx", (BILLS / "proton-bridge-v1.6.3.bom.json").read_bytes())

    assert (len(cis(found)), len(sentences(found)), problems(found)) == (202, 201 + 232, [])


@needs_bills
def test_the_bill_of_an_identity_server_is_read_whole_with_all_versions_of_a_package():
    found = read("cyclonedx", lzma.decompress((BILLS / "keycloak-10.0.2.bom.json.xz").read_bytes()))

    assert (len(cis(found)), len(sentences(found)), problems(found)) == (904, 903 + 994, [])
    assert len({each.name for each in cis(found).values()}) == 904
    yaml = sorted(each.version for key, each in cis(found).items() if "org.yaml/snakeyaml" in key)
    assert yaml == ["1.14", "1.17", "1.19", "1.20"]
