"""How a change went and what its review found, as the page draws it."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from changes import rules
from changes.basics import title_of
from changes.models import ChangeModel, ChangeRequest, Review
from changes.queries.completeness import owed
from changes.reviewing import FORESEEABLE
from changes.tables import OUTCOME_KINDS
from itsm.kernel.actor import Actor
from itsm.kernel.permissions import allowed

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


def owed_of(change: ChangeRequest, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """What an emergency left unsaid: what is missing, until when, and whether that is over; None where nothing was."""
    later = change.model.later_fields
    if not later or change.status in (Status.REJECTED, Status.CANCELLED):
        return None
    left, due = owed(change), change.later_due_at
    late = bool(left and due and due <= now)
    if not left and due is None:
        return None
    may = change.status in (Status.IMPLEMENTING, Status.REVIEW) and allowed(rules.may_plan, actor, change)
    return {
        "left": [one.label for one in left],
        "due": due,
        "overdue": late,
        "said_late": bool(change.later_said_at and due and change.later_said_at > due),
        "said_at": change.later_said_at,
        "sign": ("block", "overdue") if late else ("warn", "still to be said") if left else ("ok", "complete"),
        "url": reverse("changes:request-fill-in", args=[change.number]) if may else "",
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
