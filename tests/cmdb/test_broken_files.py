"""A broken file of each kind, in each format, and as a call: a clear word, and nothing half done."""

import io
import json

import pytest

from cmdb.importing import running
from cmdb.models import ConfigurationItem, ExternalKey, ImportDifference, Relation
from cmdb.operations import imports
from tests.builders import SYSTEM, make_class

pytestmark = pytest.mark.django_db
LONG = "x" * 10_000_000
MANY = 10_000
OPTIONS = {
    "csv": {"columns": {"id": "key", "name": "name", "class": "ci_class", "on": "relations.runs_on",
                        "rack": "attributes.rack", "ram": "attributes.ram_gb"}},
}  # fmt: skip


def netbox(*devices: dict) -> bytes:
    url = "https://netbox.example/api/dcim/devices/1/"
    return as_json({"results": [{"id": n, "url": url, "name": f"d-{n}", **said} for n, said in enumerate(devices)]})


def bill(*components: dict, **more) -> bytes:
    shop = {"type": "application", "bom-ref": "shop", "name": "shop", "version": "1"}
    return as_json({"bomFormat": "CycloneDX", "specVersion": "1.5", "metadata": {"component": shop},
                    "components": list(components), **more})  # fmt: skip


def part(name: str, **said) -> dict:
    return {"type": "library", "name": name, "version": "1", "bom-ref": name, "purl": f"pkg:npm/{name}@1", **said}


def state(*resources: dict) -> bytes:
    return as_json({"version": 4, "serial": 1, "lineage": "x", "resources": list(resources)})


def state_of_one() -> bytes:
    return state(machine("a"))


def machine(name: str, depends_on: tuple = (), **attributes) -> dict:
    instance = {"schema_version": 1, "attributes": attributes, "dependencies": list(depends_on)}
    return {"mode": "managed", "type": "aws_instance", "name": name, "instances": [instance]}


def as_json(document: object) -> bytes:
    return json.dumps(document, indent=1).encode()


def table(*rows: str) -> bytes:
    return "\n".join(["id,name,class,on,rack,ram", *rows, ""]).encode()


WHOLE = {
    "csv": table("a,a,server,,r1,1", "b,b,server,a,r1,1"),
    "netbox": netbox({}, {}),
    "cyclonedx": bill(part("a"), part("b")),
    "terraform": state(machine("a"), machine("b", ("aws_instance.a",))),
}
# Format → the broken file, and a word that its refusal has.
BROKEN = {
    "truncated": {
        "csv": (table("a,a,server,,r1,1", 'b,"b')[:-1], "quotation mark"),
        "netbox": (WHOLE["netbox"][:-30], "cut off"),
        "cyclonedx": (WHOLE["cyclonedx"][:-30], "cut off"),
        "terraform": (WHOLE["terraform"][:-30], "cut off"),
    },
    "in another encoding": {
        "csv": (table("a,café,server,,r1,1").decode().encode("cp1252"), "0xE9 is not utf-8"),
        "netbox": (netbox({"name": "café"}).replace(b"caf\\u00e9", b"caf\xe9"), "UTF-8"),
        "cyclonedx": (bill(part("a")).decode().encode("utf-16"), "UTF-16"),
        "terraform": (state(machine("a", tags={"Name": "café"})).replace(b"caf\\u00e9", b"caf\xe9"), "UTF-8"),
    },
    "of wrong types": {
        "csv": (table("a,a,server,,r1,much"), "'much' is not of type 'integer'"),
        "netbox": (netbox({"name": 7}), "Text is expected"),
        "cyclonedx": (bill(part("a", version={"major": 1})), "Text is expected"),
        "terraform": (state(machine("a", instance_type=["t3"])), "is not of type 'string'"),
    },
    "with a key that stands ten thousand times too often": {
        "csv": (table(*(f"k,x{n},server,,," for n in range(MANY + 1))), "stands in row 2"),
        "netbox": (netbox(*({"id": 1} for _ in range(MANY + 1))), "stands in"),
        "terraform": (state(*(machine("m") for _ in range(MANY + 1))), "stands in"),
    },
    "with an attribute of ten megabytes": {
        "csv": (table(f"a,a,server,,{LONG},1"), "longer than"),
        "netbox": (netbox({"serial": LONG}), "10,000,000 characters"),
        "cyclonedx": (bill(part("a", publisher=LONG)), "10,000,000 characters"),
        "terraform": (state(machine("a", instance_type=LONG)), "10,000,000 characters"),
    },
}  # fmt: skip
# What hangs on itself by a detour is no error of the file, and comes in whole.
CYCLES = {
    "csv": table("a,a,server,b,,", "b,b,server,a,,"),
    "cyclonedx": bill(part("a"), part("b"), dependencies=[
        {"ref": "shop", "dependsOn": ["a"]}, {"ref": "a", "dependsOn": ["b"]}, {"ref": "b", "dependsOn": ["a"]},
    ]),
    "terraform": state(machine("a", ("aws_instance.b",)), machine("b", ("aws_instance.a",))),
}  # fmt: skip


@pytest.fixture(autouse=True)
def server():
    return make_class(schema={"properties": {"ram_gb": {"type": "integer"}, "rack": {"type": "string"}}})


def taken_in(format_: str, data: bytes):
    file = io.BytesIO(data)
    run = imports.hand_in(
        file_name=f"broken.{format_}", data=iter(lambda: file.read(1 << 20), b""), source="tool", format=format_,
        options=OPTIONS.get(format_, {}), dry_run=False, actor=SYSTEM,
    )  # fmt: skip
    running.work_through()
    run.refresh_from_db()
    return run


@pytest.mark.parametrize("format_", WHOLE)
def test_the_same_files_come_in_when_they_are_whole(format_):
    run = taken_in(format_, WHOLE[format_])
    assert (run.state, run.failure) == ("done", "")
    assert ConfigurationItem.objects.count() >= 2


@pytest.mark.parametrize(("kind", "format_"), [(kind, name) for kind, files in BROKEN.items() for name in files])
def test_a_broken_file_is_told_and_nothing_of_it_is_there(kind, format_):
    data, told = BROKEN[kind][format_]

    run = taken_in(format_, data)

    said = [run.failure, *run.problems.values_list("message", flat=True)[:20]]
    assert run.state == "failed"
    assert any(told in each for each in said), said
    assert all(len(each) <= 2000 for each in said)
    for table_ in (ConfigurationItem, ExternalKey, Relation, ImportDifference):
        assert not table_.objects.exists()


@pytest.mark.parametrize("format_", CYCLES)
def test_a_cycle_comes_in(format_):
    run = taken_in(format_, CYCLES[format_])

    assert run.state == "done", list(run.problems.values_list("message"))
    pairs = set(Relation.objects.exclude(type="part_of").values_list("source", "target"))
    assert any((b, a) in pairs for a, b in pairs)


class TestACall:
    """The bulk upsert: CIs by their keys, all or none."""

    @pytest.fixture
    def upsert(self, api, config_manager):
        client = api(config_manager)
        return lambda body, **more: client.post("/api/cmdb/cis/upsert/", body, **({"format": "json"} | more))

    @staticmethod
    def item(key: str, **said) -> dict:
        return {"external_key": {"source": "tool", "key": key}, "ci_class": "server", "name": key, **said}

    def test_each_broken_one_is_told_and_nothing_of_it_is_there(self, upsert):
        whole = [self.item("a"), self.item("b")]
        text = json.dumps(whole)
        asked = {
            "truncated": (text[:-20], 400),
            "another encoding": (text.replace('"b"', '"caf\xe9"').encode("cp1252"), 400),
            "wrong types": ([self.item("a"), self.item("b", attributes={"ram_gb": "much"})], 400),
            "no list": ({"a": 1}, 400),
            "a thousand keys that stand twice": ([self.item(f"k{n % 500}", name=f"n{n}") for n in range(1000)], 400),
            "ten thousand": ([self.item(f"k{n}") for n in range(MANY)], 400),
            "an attribute of a megabyte": (
                [self.item("a"), self.item("b", attributes={"rack": LONG[:1_000_000]})],
                400,
            ),
            "an attribute of ten megabytes": ([self.item("a"), self.item("b", attributes={"rack": LONG})], 413),
        }
        for what, (body, status) in asked.items():
            raw = {"format": None, "content_type": "application/json"} if isinstance(body, str | bytes) else {}
            answer = upsert(body, **raw)
            assert answer.status_code == status, (what, answer.data)
            assert answer.data["detail"], what
            assert not ConfigurationItem.objects.exists(), what
        assert upsert(whole).status_code == 200
