"""Migrations expand: while one runs, the release before it still serves. What contracts says so, and comes later."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.contrib.postgres.operations import CreateExtension
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader

from itsm.kernel.all_at_once import AllAtOnce

OURS = {"kernel", "cmdb", "knowledge", "changes", "transition", "portal"}
# The last migration of each app in the last release: what is newer runs beside that release's processes.
# Nothing was released yet, so nothing runs beside older code. Write the leaves in here with each release.
LAST_RELEASE: dict[str, str] = {}
TAKES_AWAY = (
    operations.RemoveField,
    operations.DeleteModel,
    operations.RenameField,
    operations.RenameModel,
    operations.AlterModelTable,
)
SQL_TAKES_AWAY = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN|SCHEMA|TYPE)|RENAME\s+(TO|COLUMN)|SET\s+NOT\s+NULL|TRUNCATE)\b", re.IGNORECASE
)


def contractions(migration: Migration, state: Any) -> Iterator[str]:
    """What the release before this migration could not live with."""
    made = {op.name_lower for op in migration.operations if isinstance(op, operations.CreateModel)}
    for op in migration.operations:
        if getattr(op, "model_name_lower", "") not in made and (problem := problem_of(op, state, migration.app_label)):
            yield f"{migration.app_label}.{migration.name}: {op.describe()}: {problem}"
        op.state_forwards(migration.app_label, state)


def problem_of(op: Any, state: Any, app: str) -> str:
    if isinstance(op, TAKES_AWAY):
        return "the release before still uses it"
    if isinstance(op, operations.AddField) and not fills_itself(op.field):
        return "the release before writes rows without it; give it null=True or db_default"
    if isinstance(op, operations.AlterField):
        return problem_of_altering(state.models[app, op.model_name_lower].fields[op.name], op.field)
    if isinstance(op, operations.RunSQL) and SQL_TAKES_AWAY.search(str(op.sql)):
        return "the release before still uses it"
    return ""


def fills_itself(field: models.Field) -> bool:
    return field.null or field.has_db_default() or field.many_to_many or isinstance(field, models.AutoField)


def problem_of_altering(before: models.Field, after: models.Field) -> str:
    if before.null and not after.null and not after.has_db_default():
        return "the release before still writes nothing there"
    if before.get_internal_type() != after.get_internal_type():
        return "the release before expects another type"
    if (before.max_length or 0) > (after.max_length or 0) > 0:
        return "the release before writes longer values"
    return ""


def found_since(released: dict[str, str]) -> list[str]:
    loader = MigrationLoader(None)
    found: list[str] = []
    for app, name in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        migration = loader.graph.nodes[app, name]
        if app in OURS and name > released.get(app, "9999") and not getattr(migration, "contracts", ""):
            found += contractions(migration, loader.project_state([(app, name)], at_end=False))
    return found


def test_each_migration_leaves_the_release_before_it_working():
    found = found_since(LAST_RELEASE)
    assert found == [], "Expand now and contract in a later release, with `contracts = 'unused since …'` on the class."


def test_it_looks_at_what_came_after_the_release_and_only_there(monkeypatch):
    newer = import_module("cmdb.migrations.0002_scopes_are_services").Migration
    monkeypatch.setattr(newer, "operations", [operations.RemoveField("service", "summary")])

    assert found_since({"cmdb": "0002_scopes_are_services"}) == []
    assert found_since({"cmdb": "0001_initial"}) == [
        "cmdb.0002_scopes_are_services: Remove field summary from service: the release before still uses it"
    ]


def test_what_is_made_all_at_once_only_makes():
    makes = (operations.CreateModel, operations.RunSQL, CreateExtension)
    nodes = MigrationLoader(None).graph.nodes.values()
    together = [node for node in nodes if isinstance(node, AllAtOnce)]

    assert {node.app_label for node in together} == OURS - {"portal"}
    assert [op.describe() for node in together for op in node.operations if not isinstance(op, makes)] == []


class Sample(Migration):
    def __init__(self, *given: Any) -> None:
        super().__init__("0999_sample", "kernel")
        self.operations = list(given)


@pytest.mark.parametrize(
    "operation",
    [
        operations.RemoveField("team", "name"),
        operations.DeleteModel("team"),
        operations.RenameField("team", "name", "title"),
        operations.AddField("team", "motto", models.CharField(max_length=9, default="")),
        operations.AlterField("team", "name", models.IntegerField()),
        operations.AlterField("team", "name", models.CharField(max_length=2)),
        operations.RunSQL("ALTER TABLE kernel_team DROP COLUMN name"),
    ],
    ids=lambda op: op.describe(),
)
def test_what_takes_something_away_is_found(operation):
    state = MigrationLoader(None).project_state()

    assert len(list(contractions(Sample(operation), state))) == 1


@pytest.mark.parametrize(
    "operation",
    [
        operations.AddField("team", "motto", models.CharField(max_length=9, null=True)),
        operations.AddField("team", "motto", models.CharField(max_length=9, db_default="")),
        operations.CreateModel("thing", [("id", models.BigAutoField(primary_key=True))]),
        operations.RunSQL("CREATE INDEX CONCURRENTLY IF NOT EXISTS x ON kernel_team (name)"),
    ],
    ids=lambda op: op.describe(),
)
def test_what_adds_something_passes(operation):
    assert list(contractions(Sample(operation), MigrationLoader(None).project_state())) == []
