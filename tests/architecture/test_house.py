"""What holds in the whole house, also where imports cannot show it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pghistory.models
import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model

from itsm.kernel.models import Notification, Record

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ["kernel", "cmdb", "knowledge", "changes", "transition", "portal"]
OURS = ["itsm", "cmdb", "knowledge", "changes", "transition", "tests", "benchmarks"]
UNTRACKED = {Notification}
# Runs an operation for each of several records, each in a transaction of its own.
ONE_BY_ONE = {"write_due"}


def sources() -> Iterator[Path]:
    for folder in OURS:
        yield from (p for p in (ROOT / folder).rglob("*.py") if "migrations" not in p.parts)


def models() -> list[type[Model]]:
    found = [m for floor in FLOORS for m in apps.get_app_config(floor).get_models()]
    return [m for m in found if not issubclass(m, pghistory.models.Event)]


def records() -> list[type[Model]]:
    return [m for m in models() if issubclass(m, Record)]


def test_no_file_outgrows_four_hundred_lines():
    assert [str(p) for p in sources() if len(p.read_text().splitlines()) > 400] == []


def test_no_function_outgrows_forty_lines():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > 40
    ]
    assert long == []


@pytest.mark.parametrize("model", records(), ids=lambda m: m._meta.label)
def test_each_record_has_a_revision_that_a_trigger_raises(model):
    assert "touch" in [trigger.name for trigger in model._meta.triggers]


@pytest.mark.parametrize("model", [m for m in records() if m not in UNTRACKED], ids=lambda m: m._meta.label)
def test_the_history_of_each_record_is_kept(model):
    assert any(trigger.name.startswith("insert") for trigger in model._meta.triggers) or hasattr(
        model, "pgh_event_model"
    )


def test_a_number_names_one_kind_of_record():
    prefixes = [prefix for model in models() if (prefix := getattr(model, "PREFIX", None))]
    assert sorted(prefixes) == sorted(set(prefixes))


def test_foreign_keys_point_down():
    up = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in models()
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model._meta.app_label in FLOORS
        if FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]
    assert up == []


def test_page_names_in_templates_point_down():
    up = []
    for floor in FLOORS[1:-1]:
        higher = FLOORS[FLOORS.index(floor) + 1 :]
        for template in (ROOT / "templates" / floor).rglob("*.html"):
            named = re.findall(r"""\{% url ['"](\w+):""", template.read_text())
            up += [f"{template.relative_to(ROOT)} names {name}" for name in named if name in higher]
    assert up == []


def test_each_public_function_of_operations_is_an_operation():
    """Or it is a question beside them, which changes nothing and takes no actor."""
    unmarked = []
    for path in (p for p in sources() if p.parent.name == "operations"):
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            marks = {d.id for d in node.decorator_list if isinstance(d, ast.Name)}
            takes_actor = any(argument.arg == "actor" for argument in node.args.kwonlyargs)
            if takes_actor and "operation" not in marks and node.name not in ONE_BY_ONE:
                unmarked.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert unmarked == []


def test_no_template_has_a_script_or_style_of_its_own():
    found = []
    mails = ROOT / "templates" / "email"  # mail programs know no style sheets
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text() if mails not in template.parents else ""
        if re.search(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son\w+=", text):
            found.append(str(template.relative_to(ROOT)))
    assert found == []


PATTERNS = {"list": "list", "form": "form", "verb": "form"}


def test_each_page_of_a_pattern_has_the_fragment_that_htmx_asks_it_for():
    lacking = []
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        pattern = re.match(r'{% extends "partials/(list|form|verb)\.html" %}', text)
        if pattern and f"{{% partialdef {PATTERNS[pattern[1]]} %}}" not in text:
            lacking.append(str(path.relative_to(ROOT)))
    assert lacking == []
