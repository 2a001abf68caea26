"""How a change went and what its review found, as the page draws it."""

from typing import Any

from changes.basics import title_of
from changes.models import ChangeModel, ChangeRequest, Review
from changes.reviewing import FORESEEABLE
from changes.tables import OUTCOME_KINDS

Status = ChangeRequest.Status
WORDS = {"block": "blocked", "unknown": "was unknown", "warn": "warned"}


def ended_as(change: ChangeRequest) -> tuple[str, str]:
    if change.type == ChangeModel.Type.UNAUTHORISED:
        return "block", "Done without authorisation"
    if change.backed_out_cleanly:
        return "warn", "Backed out cleanly"
    return OUTCOME_KINDS.get(change.outcome, "unknown"), change.get_outcome_display() or "not said"


def review_of(change: ChangeRequest) -> dict[str, Any] | None:
    """How it went, once it has ended."""
    if change.status not in (Status.REVIEW, Status.CLOSED):
        return None
    review: Review | None = getattr(change, "review", None)
    return {
        "outcome": ended_as(change),
        "why": change.get_review_why_display(),  # type: ignore[attr-defined]
        "written": review,
        "causes": [_cause(cause, review) for cause in review.causes] if review else [],
        "warned": [_warned(said) for said in review.warned] if review else [],
        "examined": bool(review and review.basics_said),
    }


def _cause(cause: str, review: Review) -> dict[str, Any]:
    """The cause, and whether the basics had seen it coming."""
    label, group = str(Review.Cause(cause).label), FORESEEABLE.get(cause, "")
    if not group or not review.basics_said:
        return {"label": label, "kind": "", "word": ""}
    foreseen = any(said["group"] == group for said in review.warned)
    kind, word = ("ok", "the basics had warned") if foreseen else ("block", "the basics had not warned")
    return {"label": label, "kind": kind, "word": word}


def _warned(said: dict[str, Any]) -> dict[str, str]:
    word = "was waived" if said["waived"] else WORDS[said["verdict"]]
    return {
        "title": title_of(said["code"]),
        "kind": "warn" if said["waived"] else said["verdict"],
        "word": word,
        "text": said["explanation"],
    }
