"""Subscribers that live for one test."""

import pytest

from itsm.kernel import events
from itsm.kernel.models import OutboxEvent
from tests.builders import make_ci


@pytest.fixture
def subscribe(monkeypatch):
    """`subscribe("tests.name", function)` to `test.happened`, for this test only."""
    monkeypatch.setitem(events._declared, "test.happened", events.Kind("test.happened", "", 3, {"n": ""}))
    monkeypatch.setitem(events._subscribers, "test.happened", {})

    def add(name, function):
        monkeypatch.setitem(events._subscribers["test.happened"], name, function)

    return add


@pytest.fixture
def heard(subscribe):
    """A subscriber that writes down what it hears."""
    seen: list[tuple[str, int | None]] = []
    subscribe("tests.listen", lambda event: seen.append((event.subject, event.payload.get("n"))))
    return seen


@pytest.fixture
def broken(subscribe):
    """A subscriber that fails as long as this is true."""
    state = {"is": True}

    def fail(event: OutboxEvent) -> None:
        make_ci("half done")
        if state["is"]:
            raise ValueError("the mail server is away")

    subscribe("tests.fail", fail)
    return state
