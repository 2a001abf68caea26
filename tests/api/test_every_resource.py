"""What holds of each resource, asked of each: none is left out, and none is named here."""

from typing import Any

import pytest
from django.forms import NullBooleanField
from django.forms.fields import BaseTemporalField

from itsm.api import router
from itsm.kernel.api.serializers import MessageSerializer, RecordSerializer
from itsm.kernel.models import LedgerEntry

pytestmark = pytest.mark.django_db
# Questions with arguments of their own, which have no rows of the database to page through.
QUESTIONS = {"cmdb/accounting", "transition/flow", "changes/reports"}


def collections() -> dict[str, Any]:
    """Each resource that has a list, with its viewset."""
    return {prefix: view for prefix, view, _ in router.registry if hasattr(view, "list") and prefix not in QUESTIONS}


@pytest.fixture
def asking(api, person):
    client = api(person("root", is_superuser=True))
    return lambda prefix, said: client.get(f"/api/{prefix}/?{said}")


def refused(answer: Any, name: str) -> bool:
    """Whether it is a problem that names the parameter, and what would be known in its place."""
    if answer.status_code != 400 or answer["Content-Type"] != "application/problem+json":
        return False
    return answer.json()["errors"][0]["pointer"] == f"/{name}" and "Known" in answer.json()["detail"]


def test_each_names_what_it_does_not_know_and_what_it_knows(asking):
    wrong = [
        (prefix, name)
        for prefix in collections()
        for name, said in (("colour", "red"), ("ordering", "colour"), ("fields", "colour"))
        if not refused(asking(prefix, f"{name}={said}"), name)
    ]

    assert not wrong


def test_each_refuses_what_is_no_day_and_neither_true_nor_false(asking):
    wrong = {
        (prefix, said): name  # the last of its kind stands for all
        for prefix, view in collections().items()
        for name, asked in getattr(getattr(view, "filterset_class", None), "base_filters", {}).items()
        for kind, said in ((BaseTemporalField, ""), (NullBooleanField, "2"))
        if isinstance(asked.field, kind)
    }
    taken = [asked for asked, name in wrong.items() if asking(asked[0], f"{name}={asked[1]}").status_code != 400]

    assert not taken


def test_each_is_a_page_by_offset_or_cursor_and_a_file(asking):
    wrong = []
    for prefix in collections():
        for said in ("cursor=", "format=csv"):
            answer = asking(prefix, said)
            kind = "text/csv" if said == "format=csv" else "application/json"
            if answer.status_code != 200 or not answer["Content-Type"].startswith(kind):
                wrong.append((prefix, said, answer.status_code))
            elif kind == "application/json" and (not answer["Link"] or list(answer.json())[-1] != "results"):
                wrong.append((prefix, said, "envelope"))

    assert not wrong


@pytest.mark.parametrize(("prefix", "view"), collections().items(), ids=str)
def test_each_draws_its_rows_as_records_with_actions_or_as_messages(prefix, view):
    drawn = view.serializer_class
    needed = RecordSerializer.BASE if issubclass(drawn, RecordSerializer) else MessageSerializer.BASE

    assert issubclass(drawn, RecordSerializer | MessageSerializer)
    assert not {*needed, "actions"} - set(drawn.Meta.fields)
    assert issubclass(drawn, MessageSerializer) or drawn.Meta.model is LedgerEntry or "revision" in {
        field.name for field in drawn.Meta.model._meta.concrete_fields
    }  # fmt: skip
