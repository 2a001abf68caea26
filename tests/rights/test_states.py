"""What each state of a record lets its operations do, as states_matrix.txt says it.

Asked by somebody with every role and, where that is refused, by the record's own people: what is left is the state.
`make rights` writes the matrix anew; read the difference before you keep it.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from changes.models import Authorisation, ChangeRequest
from itsm.kernel.models import RoleAssignment
from itsm.kernel.roles import Role
from tests.rights.probes import (
    KINDS,
    Cast,
    Identity,
    body_of,
    hand_over,
    identity,
    model_of,
    path_of,
    record_for,
    undone,
)
from tests.rights.routes import Route, all_routes
from tests.rights.test_matrix import APPS, WRITES

MATRIX = Path(__file__).parent / "states_matrix.txt"
pytestmark = pytest.mark.timeout(600)


def rows() -> dict[str, str]:
    lines = [line for line in MATRIX.read_text().splitlines() if line and not line.startswith("#")]
    return {line.partition(" : ")[0].rstrip(): line.partition(" : ")[2] for line in lines}


def stateful(route: Route) -> Any:
    """The model whose states decide: of the first argument; None where it has none."""
    model = model_of(route) if route.kind in KINDS and "{" in route.path else None
    return model if hasattr(model, "LIFECYCLE") else None


def stateful_routes() -> list[Route]:
    return [route for route in all_routes() if route.is_api and not route.is_read and stateful(route)]


def in_state(record: Model, state: str) -> Model | None:
    """One that is in the state, or this one put there; None where the database does not let it stand there alone."""
    model, field = type(record), record.LIFECYCLE.field  # type: ignore[attr-defined]
    if found := model._base_manager.filter(**{field: state}).order_by("-pk").first():
        return found
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=record.pk).update(**{field: state})
            Authorisation.objects.filter(change=record.pk if model is ChangeRequest else 0).delete()  # of where it was
    except IntegrityError:
        return None
    record.refresh_from_db()
    return record


def word(answer: Any) -> str:
    if answer.status_code < 400:
        return "may"
    assert answer.status_code < 500, answer.content
    return str(answer.json().get("code", answer.status_code))


def answer_of(route: Route, record: Model, cast: Cast, people: list[Identity], monkeypatch: Any) -> str:
    path = path_of(route, record)
    body = body_of(route, path, cast.admin, monkeypatch)
    said = "forbidden"
    for someone in people:
        with undone():
            said = word(someone.ask(route, path, body))
        if said not in ("forbidden", "not_found"):
            break
    return said


def asked(route: Route, cast: Cast, everybody: Identity, monkeypatch: Any) -> str:
    """The states by the word of the answer: `may: draft, assessment · illegal_state: closed`."""
    found = defaultdict(list)
    for state in stateful(route).LIFECYCLE.steps:
        with undone():
            assert cast.own.user is not None
            first = record_for(route, cast.own.user)
            record = in_state(first, state) if first is not None else None
            if record is not None:
                hand_over(record, cast.own.user)
                people = [everybody, cast.own, cast.admin, cast.everywhere[Role.PIPELINE]]
                found[answer_of(route, record, cast, people, monkeypatch)].append(state)
    return " · ".join(f"{said}: {', '.join(states)}" for said, states in sorted(found.items()))


@pytest.mark.parametrize("app", APPS)
def test_each_operation_is_possible_in_the_states_that_the_matrix_names(app, cast, db, monkeypatch):
    said = {} if WRITES else rows()
    roles = [RoleAssignment(role=role) for role in Role.values if role != Role.PIPELINE]
    with undone():
        everybody = identity("everybody", *roles)
        mine = [route for route in stateful_routes() if route.app == app]
        found = {route.key: asked(route, cast, everybody, monkeypatch) for route in mine}
    if WRITES:
        with MATRIX.open("a") as file:
            file.writelines(f"{key} : {states}\n" for key, states in found.items())
    else:
        assert found == {key: said.get(key, "") for key in found}


def test_the_states_have_no_row_too_many():
    assert set(rows()) <= {route.key for route in stateful_routes()}
