"""Files of each format on their whole way into the CMDB."""

import json

import pytest

from cmdb.importing import running
from cmdb.models import CIClass, ConfigurationItem, Relation
from cmdb.operations import imports
from cmdb.queries.impact import impact_of
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from tests.cmdb.readers.test_cyclonedx import BILLS, bill, needs_bills, part
from tests.cmdb.readers.test_netbox import everything
from tests.cmdb.readers.test_terraform import instance, resource, state

pytestmark = pytest.mark.django_db


def take_in(format_, document, **details):
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    said = {"source": format_, "dry_run": False, "actor": Actor.system("test")} | details
    run = imports.hand_in(file_name="file.json", data=[data], format=format_, **said)
    running.work_through()
    run.refresh_from_db()
    return run


@needs_bills
def test_a_bill_of_materials_is_taken_in_and_the_same_again_changes_nothing():
    text = (BILLS / "proton-bridge-v1.6.3.bom.json").read_bytes()
    run = take_in("cyclonedx", text)

    assert (run.state, run.failure, run.counts["created"], run.counts["related"]) == ("done", "", 202, 433)
    bridge = ConfigurationItem.objects.get(ci_class__code="application")
    assert (bridge.name, bridge.version) == ("github.com/ProtonMail/proton-bridge", "v1.6.3")
    again = take_in("cyclonedx", text)
    assert (again.counts["unchanged"], again.counts["relations"]) == (202, 433)
    assert [again.counts[each] for each in ("created", "changed", "retired", "related", "unrelated")] == [0] * 5


def test_what_netbox_knows_is_taken_in_with_its_classes():
    run = take_in("netbox", everything())

    assert (run.state, run.failure, run.counts["created"], run.counts["skipped"]) == ("done", "", 7, 2)
    assert CIClass.objects.get(code="virtual-machine").kind == "hardware"
    farm = ConfigurationItem.objects.get(name="vm-farm")
    assert {each.name for each, _ in impact_of([farm]).items} >= {"db-1", "postgres on db-1"}


def test_a_state_of_terraform_is_taken_in():
    run = take_in("terraform", state(
        resource("aws_db_instance", "db", instance(identifier="orders", engine_version="16.3")),
        resource("aws_instance", "web", instance(["aws_db_instance.db"], tags={"Name": "web"})),
        resource("null_resource", "x", instance()),
    ))  # fmt: skip

    assert (run.state, run.counts["created"], run.counts["skipped"]) == ("done", 2, 1)
    assert str(Relation.objects.get()) == "web depends on orders"


@pytest.mark.parametrize(
    ("format_", "document"),
    [
        ("cyclonedx", json.dumps(bill(part("core"), part("lib"))).encode()[:-40]),
        ("cyclonedx", bill(part("core"), part("x", publisher="p" * 10_000_001))),
        ("cyclonedx", bill(*(part(f"c{n}", **{"bom-ref": "same"}) for n in range(10_000)))),
        ("netbox", {"dcim/devices": [{"id": 1, "name": "a", "display": "a"}] * 10_000}),
        ("netbox", {"dcim/devices": [{"id": 1, "name": "a"}, {"id": "2", "name": "b"}]}),
        ("terraform", state(resource("aws_lb", "a", instance(name="a"), {"attributes": []}))),
    ],
    ids=["cut off", "10 MB attribute", "one key 10,000 times", "one id 10,000 times", "wrong type", "wrong attributes"],
)
def test_of_a_broken_file_nothing_is_taken_in_and_each_problem_has_its_place(format_, document):
    run = take_in(format_, document)

    assert run.state == "failed"
    assert run.failure
    assert not ConfigurationItem.objects.exists()
    assert all(row for row in run.problems.values_list("row", flat=True))
    assert run.problem_count or "Line" in run.failure


def test_a_circle_is_taken_in_and_impact_ends():
    a, b = part("a", **{"bom-ref": "a"}), part("b", **{"bom-ref": "b"})
    circle = [{"ref": "a", "dependsOn": ["b"]}, {"ref": "b", "dependsOn": ["a"]}]

    assert take_in("cyclonedx", bill(a, b, dependencies=circle)).state == "done"
    assert len(impact_of([ConfigurationItem.objects.get(name__startswith="org.acme/a ")]).items) == 2


@pytest.mark.parametrize(
    ("format_", "options", "at"),
    [
        ("cyclonedx", {"aplication": "x"}, "options.aplication"),
        ("netbox", {"device_classes": ["server"]}, "options.device_classes"),
        ("terraform", {"others": "yes"}, "options.others"),
        ("terraform", {"environment": "x" * 41}, "options.environment"),
        ("cyclonedx", {"application": "NUL\x00"}, "options.application"),
    ],
)
def test_options_that_no_reader_has_are_refused_before_the_file_is_read(format_, options, at):
    with pytest.raises(InvalidInput) as refusal:
        take_in(format_, {}, options=options)
    assert at in refusal.value.errors
