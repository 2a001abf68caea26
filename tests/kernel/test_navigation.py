"""The left navigation: what is needed every day stays in sight, the rest is one click away."""

from itsm.kernel.actor import Actor
from itsm.kernel.navigation import drawn


def changes_at(path: str) -> dict:
    return next(group for group in drawn(Actor.system("tests"), path) if group["label"] == "Changes")


def test_what_is_seldom_needed_is_folded_away_until_one_is_there(db):
    elsewhere, there = changes_at("/"), changes_at("/changes/policies/POL-1/")

    assert "Requests" in [item["label"] for item in elsewhere["items"]]
    assert "Policies" in [item["label"] for item in elsewhere["more"]]
    assert (elsewhere["open"], there["open"]) == (False, True)
    assert [item["label"] for item in there["more"] if item["current"]] == ["Policies"]
