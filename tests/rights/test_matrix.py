"""The rights of every route: who may, as rights_matrix.txt says it, and nobody else.

`make rights` writes the matrix anew from what the site does; read the difference before you keep it.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from itsm.kernel.roles import Role
from tests.rights.probes import Cast, Identity, body_of, path_of, record_for, traces, undone, verdict
from tests.rights.routes import Route, all_routes

MATRIX = Path(__file__).parent / "rights_matrix.txt"
WRITES = bool(os.environ.get("RIGHTS_WRITE"))
NOW = datetime(2026, 11, 23, 16, 45, tzinfo=UTC)
pytestmark = pytest.mark.timeout(600)  # the whole organisation is made first
OFFERED_TO_ANYBODY = {"articles:feedback", "policies:test-bench"}
APPS = ("kernel", "cmdb", "knowledge", "changes", "transition")


def rows() -> dict[str, str]:
    lines = [line for line in MATRIX.read_text().splitlines() if line and not line.startswith("#")]
    return {line.partition(" : ")[0].rstrip(): line.partition(" : ")[2].strip() for line in lines}


def asked(route: Route, cast: Cast, monkeypatch) -> str:
    """Who may, in the words of the matrix. Whoever may not has changed nothing."""
    with undone():
        assert cast.own.user is not None
        path = path_of(route, record_for(route, cast.own.user))
        body = body_of(route, path, cast.admin, monkeypatch)
        before = traces()

        def of(someone: Identity) -> str:
            with undone():
                said = verdict(someone.ask(route, path, body))
                if said != "may":
                    assert traces() == before, f"{someone.name} was refused, and yet something changed"
            return said

        return _in_words(route, cast, of)


def _in_words(route: Route, cast: Cast, of) -> str:
    unasked, stranger = of(cast.nobody), of(cast.stranger)
    if "none" in (unasked, stranger):
        return "none"
    if unasked == "may":
        return "the whole world"
    assert unasked == "sign in", f"{route.key}: somebody who has not signed in gets {unasked}"
    if stranger == "may":
        return "whoever is signed in"
    found = [name for name, someone in (("own", cast.own), ("admin", cast.admin)) if of(someone) == "may"]
    found += [_role(route, role, cast, of) for role in Role.values if of(cast.everywhere[role]) == "may"]
    return f"{' '.join(found) or 'nobody'}{' (others: not found)' if stranger == 'hidden' else ''}"


def _role(route: Route, role: str, cast: Cast, of) -> str:
    """`role`: only when held everywhere. `role@service`: on the record's service too. `role@any`: on any."""
    if not route.is_api or route.is_read:
        return role
    if of(cast.elsewhere[role]) == "may":
        return f"{role}@any"
    return f"{role}@service" if of(cast.here[role]) == "may" else role


def part_of(route: Route) -> str:
    if not route.is_api:
        return "pages"
    return "reads" if route.is_read else "writes"


@pytest.fixture(autouse=True)
def nothing_drawn(monkeypatch):
    """Whoever may see a page is decided before it is drawn; drawing it for each of forty identities took minutes."""
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_, **__: "")


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("part", ["pages", "reads", "writes"])
def test_each_route_lets_in_whom_the_matrix_names_and_nobody_else(app, part, cast, db, monkeypatch):
    said = {} if WRITES else rows()
    mine = [route for route in all_routes() if route.app == app and part_of(route) == part]
    found = {route.key: asked(route, cast, monkeypatch) for route in mine}
    if WRITES:
        with MATRIX.open("a") as file:
            file.writelines(f"{key} : {who}\n" for key, who in found.items() if who != "none")
    else:
        assert found == {route.key: said.get(route.key, "none") for route in mine}


def test_the_matrix_has_no_row_too_many():
    assert set(rows()) <= {route.key for route in all_routes()}


def offered(someone: Identity, own: Identity) -> set[str]:
    """`kind:action` of each kind of record that the API shows by itself, its people all being `own`."""
    found = set()
    for route in [route for route in all_routes() if route.is_api and route.is_read and route.path.endswith("{pk}/")]:
        with undone():
            answer = someone.ask(route, path_of(route, record_for(route, own.user)), {})
            if answer.status_code == 200 and isinstance(answer.json(), dict):
                actions = answer.json().get("actions", [])
                found |= {f"{route.kind}:{action['name']}" for action in actions if action["allowed"]}
    return found


def test_whoever_has_no_role_is_offered_only_what_anybody_may(cast, db):
    assert offered(cast.stranger, cast.own) == OFFERED_TO_ANYBODY
    assert len(offered(cast.admin, cast.own)) > 60
