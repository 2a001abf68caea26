"""NetBox: what its REST API answers."""

import pytest

from tests.cmdb.readers.reading import cis, problems, read, sentences, skipped

ENDPOINTS = {
    "site": "dcim/sites", "device": "dcim/devices", "cable": "dcim/cables", "service": "ipam/services",
    "vm": "virtualization/virtual-machines", "cluster": "virtualization/clusters",
}  # fmt: skip
SITE = {"id": 3, "url": "https://netbox.example/api/dcim/sites/3/", "display": "Utrecht", "name": "Utrecht"}


def record(noun, number, name="", **said):
    named = {"name": name, "display": name} if name else {}
    return {"id": number, "url": f"https://netbox.example/api/{ENDPOINTS[noun]}/{number}/", **named, **said}


def page(*records, **more):
    return {"count": len(records), "next": None, "previous": None, "results": list(records), **more}


def ref(noun, number, name):
    return record(noun, number, name)


def test_a_device_is_read_with_what_netbox_knows_of_it():
    device = record(
        "device", 17, "web-1", status={"value": "active", "label": "Active"}, site=SITE, serial="S1",
        role={"id": 1, "name": "Server", "slug": "server"}, primary_ip={"address": "10.0.0.5/24"},
        device_type={"model": "R650", "manufacturer": {"name": "Dell"}},
    )  # fmt: skip
    found = read("netbox", page(device), device_classes={"server": "server"}, environment="production")

    web = cis(found)["device-17"]
    assert (web.name, web.ci_class, web.status, web.environment) == ("web-1", "server", "live", "production")
    assert dict(web.attributes) == {
        "role": "Server", "manufacturer": "Dell", "model": "R650", "serial": "S1", "ip": "10.0.0.5/24",
        "netbox_status": "active",
    }  # fmt: skip
    assert sentences(found) == {("device-17", "depends_on", "site-3")}


def everything():
    cluster = ref("cluster", 2, "vm-farm")
    return {
        "dcim/sites": page(SITE),
        "dcim/devices": [record("device", 1, "host-1", cluster=cluster), record("device", 2, "switch-1")],
        "virtualization/clusters": page(record("cluster", 2, "vm-farm", scope_type="dcim.site", scope=SITE)),
        "virtualization/virtual-machines": page(record("vm", 5, "db-1", cluster=cluster, vcpus=2.0, memory=4096)),
        "ipam/services": page(
            record("service", 9, "postgres", virtual_machine=ref("vm", 5, "db-1"), ports=[5432]),
            record("service", 8, "ssh", parent_object_type="dcim.device", parent=ref("device", 1, "host-1")),
        ),
        "dcim/cables": page(
            record(
                "cable", 4,
                a_terminations=[{"object_type": "dcim.interface", "object": {"device": ref("device", 2, "switch-1")}}],
                b_terminations=[{"object_type": "dcim.interface", "object": {"device": ref("device", 1, "host-1")}}],
            ),
            record("cable", 5, termination_a={"device": {"id": 1}}, termination_b={"circuit": {"id": 1}}),
        ),
        "extras/tags": page({"id": 1, "name": "x"}),
    }  # fmt: skip


def test_all_that_it_knows_hangs_together():
    found = read("netbox", everything())

    assert sorted(cis(found)) == ["cluster-2", "device-1", "device-2", "service-8", "service-9", "site-3", "vm-5"]
    assert sentences(found) == {
        ("device-1", "part_of", "cluster-2"),
        ("cluster-2", "depends_on", "site-3"),
        ("vm-5", "runs_on", "cluster-2"),
        ("service-9", "runs_on", "vm-5"),
        ("service-8", "runs_on", "device-1"),
        ("device-1", "connects_to", "device-2"),
    }
    assert cis(found)["service-9"].name == "postgres on db-1"
    assert skipped(found) == ["a cable that connects no two devices", "extras/tags"]
    assert not problems(found)


def test_pages_come_alone_in_a_list_or_by_endpoint():
    pages = [each if isinstance(each, dict) else page(*each) for each in everything().values()]
    rows = {each.row for each in read("netbox", pages) if hasattr(each, "row")}

    assert cis(read("netbox", pages)).keys() == cis(read("netbox", everything())).keys()
    assert cis(read("netbox", pages[0])).keys() == {"site-3"}
    assert "[1].results[0]" in rows
    by_pages = {name: [each if isinstance(each, dict) else page(*each)] for name, each in everything().items()}
    assert cis(read("netbox", by_pages)).keys() == cis(read("netbox", everything())).keys()


def test_a_name_that_is_given_twice_is_told_apart_by_its_place_and_one_that_is_missing_replaced():
    there, elsewhere = {"site": SITE}, {"site": SITE | {"id": 4, "name": "Breda"}}
    found = read("netbox", page(
        record("device", 1, "sw-1", **there), record("device", 2, "sw-1", **elsewhere),
        record("device", 3, display="PDU (Rack 7)", name=None, **there),
    ))  # fmt: skip

    assert [each.name for each in cis(found).values()] == ["sw-1 (Utrecht)", "sw-1 (Breda)", "PDU (Rack 7)"]


@pytest.mark.parametrize(
    ("said", "status"), [("planned", "planned"), ("staged", "building"), ("failed", "live"), ("offline", "live")]
)
def test_a_status_is_told_in_our_words(said, status):
    found = read("netbox", page(record("device", 1, "a", status={"value": said})))
    assert (cis(found)["device-1"].status, cis(found)["device-1"].attributes["netbox_status"]) == (status, said)


def test_older_releases_are_understood():
    found = read(
        "netbox", page(record("device", 1, "a", status="active", device_role={"name": "Switch", "slug": "sw"}))
    )
    assert (cis(found)["device-1"].status, cis(found)["device-1"].attributes["role"]) == ("live", "Switch")


def test_what_is_wrong_is_told_with_its_place():
    found = read("netbox", page(
        7, record("device", 1, "a") | {"id": "x"}, record("device", 2), record("device", 3, "b", site="Utrecht"),
        record("device", 4, "c", serial="s" * 10_000_001), record("device", 5, "NUL\x00"), {"id": 9, "name": "stray"},
    ))  # fmt: skip

    told = {(row, column): message for row, column, message in problems(found)}
    assert told["results[0]", ""] == "An object is expected here, not the number 7."
    assert told["results[1]", "id"] == "A whole number is expected here, not text."
    assert told["results[2]", "name"] == "It has neither a name nor a display."
    assert told["results[3]", "site.name"] == "An object is expected here, not text."
    assert "10,000,001 characters" in told["results[4]", "serial"]
    assert "NUL" in told["results[5]", "name"]
    assert "a record without a url" in skipped(found)
