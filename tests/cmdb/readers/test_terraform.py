"""Terraform: what a state file holds."""

import pytest

from cmdb.importing.records import UnreadableFile
from tests.cmdb.readers.reading import cis, problems, read, sentences, skipped


def state(*resources, version=4):
    return {"version": version, "terraform_version": "1.9.5", "serial": 7, "lineage": "x", "resources": list(resources)}


def resource(type_, name, *instances, mode="managed", **more):
    return {"mode": mode, "type": type_, "name": name, "instances": list(instances), **more}


def instance(dependencies=(), index=None, secret=(), **attributes):
    said = {"schema_version": 1, "attributes": attributes, "dependencies": list(dependencies)}
    said["sensitive_attributes"] = [[{"type": "get_attr", "value": name}] for name in secret]
    return said if index is None else said | {"index_key": index}


def test_a_resource_is_a_ci_of_its_kind_called_by_its_tag():
    tags = {"Name": "web-1", "Environment": "test"}
    found = read("terraform", state(resource("aws_instance", "web", instance(instance_type="t3.small", tags=tags))))

    web = cis(found)["aws_instance.web"]
    assert (web.name, web.ci_class, web.environment, web.status) == ("web-1", "virtual-machine", "test", "live")
    assert web.attributes["instance_type"] == "t3.small"


@pytest.mark.parametrize(
    ("type_", "attributes", "name", "ci_class", "version"),
    [
        ("aws_db_instance", {"identifier": "orders", "engine_version": "16.3"}, "orders", "database", "16.3"),
        ("aws_lb", {"name": "front"}, "front", "load-balancer", None),
        ("aws_s3_bucket", {"bucket": "invoices"}, "invoices", "object-store", None),
        ("google_sql_database_instance", {"name": "crm", "database_version": "MYSQL_8"}, "crm", "database", "MYSQL_8"),
        ("azurerm_linux_virtual_machine", {"name": "vm-1", "size": "B2s"}, "vm-1", "virtual-machine", None),
        ("azurerm_kubernetes_cluster", {"name": "aks", "kubernetes_version": "1.31"}, "aks", "cluster", "1.31"),
        ("kubernetes_deployment_v1", {"metadata": [{"name": "shop", "namespace": "w"}]}, "w/shop", "workload", None),
    ],
)  # fmt: skip
def test_the_providers_shapes_are_known(type_, attributes, name, ci_class, version):
    found = read("terraform", state(resource(type_, "x", instance(**attributes))))

    ci = cis(found)[f"{type_}.x"]
    assert (ci.name, ci.ci_class, ci.version) == (name, ci_class, version)


def test_instances_of_count_and_for_each_in_modules_are_cis_of_their_own():
    webs = [instance(index=index, tags={"Name": "web"}) for index in (0, 1)]
    found = read("terraform", state(
        resource("aws_instance", "web", *webs),
        resource("aws_s3_bucket", "logs", instance(index="eu", bucket="logs-eu"), module='module.store["a.b"]'),
    ))  # fmt: skip

    assert {key: ci.name for key, ci in cis(found).items()} == {
        "aws_instance.web[0]": "web (aws_instance.web[0])",
        "aws_instance.web[1]": "web (aws_instance.web[1])",
        'module.store["a.b"].aws_s3_bucket.logs["eu"]': "logs-eu",
    }


def test_dependencies_are_relations_within_the_same_instance_of_a_module():
    database = {
        inner: resource("aws_db_instance", "db", instance(identifier=f"db-{inner}"), module=f"module.shop[{inner}]")
        for inner in (0, 1)
    }
    web = resource(
        "aws_instance", "web", instance(["module.shop.aws_db_instance.db", "aws_iam_role.web"]), module="module.shop[0]"
    )
    outside = resource("aws_lb", "front", instance(["module.shop.aws_db_instance.db"], name="front"))

    found = read("terraform", state(*database.values(), web, outside))

    assert sentences(found) == {
        ("module.shop[0].aws_instance.web", "depends_on", "module.shop[0].aws_db_instance.db"),
        ("aws_lb.front", "depends_on", "module.shop[0].aws_db_instance.db"),
        ("aws_lb.front", "depends_on", "module.shop[1].aws_db_instance.db"),
    }


def test_many_instances_depend_on_their_counterparts_only():
    disks = resource("aws_db_instance", "db", *(instance(index=n, identifier=f"db-{n}") for n in range(100)))
    webs = resource("aws_instance", "web", *(instance(["aws_db_instance.db"], index=n) for n in range(100)))

    assert len(sentences(read("terraform", state(disks, webs)))) == 100


def test_secrets_are_never_read():
    found = read("terraform", state(
        resource(
            "aws_db_instance", "db",
            instance(identifier="orders", password="hunter2", address="10.0.0.1", engine="pg", secret=("address",)),
        ),
        resource("random_password", "db", instance(result="hunter2")),
        resource("kubernetes_secret", "db", instance(data={"password": "hunter2"}, metadata=[{"name": "hunter2"}])),
    ), others=True)  # fmt: skip

    assert "hunter2" not in str(found)
    assert "10.0.0.1" not in str(found)
    assert cis(found)["aws_db_instance.db"].attributes["engine"] == "pg"


def test_what_is_no_ci_is_counted():
    found = read("terraform", state(
        resource("aws_ami", "debian", instance(id="ami-1"), mode="data"),
        resource("null_resource", "wait", instance(index=0), instance(index=1)),
        resource("aws_iam_role", "web", instance(name="web")),
        resource("aws_instance", "old", {"deposed": "1f2e3d", "attributes": {"id": "i-0"}}),
    ))  # fmt: skip

    assert skipped(found) == ["data.aws_ami", "null_resource", "null_resource", "aws_iam_role"]
    assert not cis(found)


def test_other_resources_are_taken_in_when_that_is_asked_for():
    found = read("terraform", state(
        resource("aws_iam_role", "web", instance(name="web-role", arn="arn:1")),
        resource("null_resource", "x", instance()),
    ), others=True)  # fmt: skip

    role = cis(found)["aws_iam_role.web"]
    assert (role.ci_class, role.name, role.attributes["arn"]) == ("cloud-resource", "web-role", "arn:1")
    assert skipped(found) == ["null_resource"]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (state(version=3), "version 3; version 4 is read. Let Terraform 0.12"),
        (state(version=5), "version 5; version 4 is read"),
        ({"planned_values": {}}, "no version"),
        ({"version": "4"}, "no version"),
    ],
)
def test_it_refuses_other_versions_by_name(document, told):
    with pytest.raises(UnreadableFile) as refusal:
        read("terraform", document)
    assert told in refusal.value.message


def test_what_is_wrong_is_told_with_its_place():
    found = read("terraform", state(
        7,
        {"mode": "managed", "type": "aws_instance", "instances": [{}]},
        resource("aws_instance", "web", {"attributes": []}),
        resource("aws_lb", "a", {"attributes": {"name": "x"}, "dependencies": "aws_instance.web"}),
        resource("aws_lb", "b", instance(name="y", dns_name="d" * 10_000_001)),
        resource("aws_lb", "n" * 300, instance(name="z")),
    ))  # fmt: skip

    told = {(row, column): message for row, column, message in problems(found)}
    assert told["resources[0]", ""] == "An object is expected here, not the number 7."
    assert told["resources[1]", "name"] == "A resource has a type and a name."
    assert told["resources[2].instances[0]", "attributes"] == "An object is expected here, not a list."
    assert told["resources[3].instances[0]", "dependencies"] == "A list is expected here, not text."
    assert "10,000,001 characters" in told["resources[4].instances[0]", "dns_name"]
    assert "307 characters" in told["resources[5].instances[0]", "name"]
