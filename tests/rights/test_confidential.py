"""Confidential work is known to those involved and those who decide, and to nobody else, wherever one looks."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.db.models import Value
from django.db.models.functions import Concat

from changes.models import ChangeRequest, ChangeTask
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor
from tests.builders import SYSTEM
from tests.changes.builders import make_change
from tests.rights.probes import Cast, Identity, path_of, record_for, undone
from tests.rights.routes import Route, all_routes
from transition.models import Incident
from transition.operations import incidents

SECRET = "Zugzwang"
ASKED = SECRET.lower()  # an echo of the question tells nothing
LISTS = f"?search={ASKED}", "?format=csv"
# What only these pages understand.
ALSO = {"/": "?kind=decision", "/search/": f"?q={ASKED}", "/search/palette/": f"?q={ASKED}",
        "/api/search/": f"?q={ASKED}"}  # fmt: skip


class Secret(NamedTuple):
    change: ChangeRequest
    incident: Incident
    met_by: ChangeRequest  # open to everybody


@pytest.fixture
def secret(cast: Cast, db, now):
    """A confidential change and incident on what everybody looks at, and an open change that meets it.

    All other changes and incidents of the organisation are confidential too, so that whatever hangs on one is asked.
    """
    with undone():
        for kind in (ChangeRequest, Incident):
            kind.objects.update(title=Concat(Value(f"{SECRET} "), "title"), confidential=True)
        ChangeTask.objects.update(title=Concat(Value(f"{SECRET} "), "title"))
        service = Service.objects.get(slug="online-shop")
        ci = ConfigurationItem.objects.filter(pk=service.ci_id)
        what: dict[str, Any] = {"requested_by": cast.admin.user, "assignee": cast.own.user, "cis": ci}
        plain = make_change(status="assessment", title="New shelves", **what)
        change = make_change(status="assessment", title=f"{SECRET} of the key server", confidential=True, **what)
        change.tasks.update(title=f"{SECRET} of the task")
        both = ChangeRequest.objects.filter(pk__in=[plain.pk, change.pk])
        both.update(window=(now, now + timedelta(hours=2)))
        incident = incidents.report(
            title=f"{SECRET} at the door", service=service, opened_at=now, confidential=True, actor=SYSTEM
        )
        yield Secret(change, incident, plain)


def reads() -> list[Route]:
    return [route for route in all_routes() if route.is_read and not route.path.startswith(("/health", "/metrics"))]


def told(someone: Identity, routes: list[Route], cast: Cast, secret: Secret, only: str = "") -> list[str]:
    """The addresses whose answer speaks of it; of each route one at most, the one that ends so, where that is said."""
    found = []
    for route in routes:
        with undone():
            for path in [path for path in _addresses(route, cast, secret) if path.endswith(only)]:
                answer = someone.ask(route, path, {})
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                if SECRET.encode() in body:
                    found.append(path)
    return found


def test_nobody_who_is_not_involved_reads_of_it_anywhere(cast, secret):
    assert told(cast.stranger, reads(), cast, secret) == []


def test_whoever_decides_reads_of_it_in_many_places(cast, secret):
    lists = [route for route in reads() if "{" not in route.path]

    assert len(told(cast.admin, lists, cast, secret, only=LISTS[0])) >= 6


def _addresses(route: Route, cast: Cast, secret: Secret) -> list[str]:
    """The route's own record and, where it is about such a kind, the secret one; lists also searched and as a file."""
    found = [path_of(route, record_for(route, cast.own.user))]
    change, incident, met_by = secret
    hidden = {
        "requests": change, "incidents": incident, "tasks": change.tasks.first(),
        "authorisations": change.authorisations.first(), "history": change,
    }  # fmt: skip
    if "{" in route.path and route.kind in hidden:
        found.append(path_of(route, hidden[route.kind]))
    if "{" in route.path and route.kind == "requests":
        found.append(path_of(route, met_by))
    if route.path.startswith("/api/history/"):
        return [f"{found[0]}?record={change.number}", f"{found[0]}?record={change.number}&at=2100-01-01T00:00:00Z"]
    if route.path.startswith("/suggest/"):
        return [f"{found[0]}?q={ASKED}"]
    if "{" in route.path:
        return found
    return found + [found[0] + query for query in (*LISTS, ALSO.get(route.path)) if query]


def test_those_who_are_involved_do_read_of_it(cast, secret):
    change = secret.change
    decider, assignee = cast.everywhere["change_manager"], cast.own

    for someone in (decider, assignee):
        assert SECRET in someone.client.get(f"/changes/requests/RFC-{change.pk}/").content.decode()
        assert SECRET in someone.api.get("/api/changes/requests/?search=Zugzwang").content.decode()
    assert SECRET in decider.client.get("/?kind=decision").content.decode()


def test_others_see_that_something_is_on_but_not_what(cast, secret, now):
    change = secret.change
    window = {"from": now.isoformat(), "to": (now + timedelta(days=1)).isoformat()}
    shown = cast.stranger.api.get("/api/changes/calendar/", window)

    assert cast.stranger.api.get(f"/api/changes/requests/{change.pk}/").status_code == 404
    assert shown.status_code == 200
    assert SECRET not in shown.content.decode()
    assert any("busy" in str(entry).lower() for entry in shown.json()["results"])
    page = cast.stranger.client.get(f"/changes/requests/{secret.met_by.number}/").content.decode()
    assert change.number in page  # that they meet is said; with what is not
    assert not ChangeRequest.objects.visible_to(Actor.person(cast.stranger.user)).filter(pk=change.pk).exists()
