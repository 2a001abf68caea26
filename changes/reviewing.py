"""Which changes must be reviewed, by when, and what a review's causes say of the basics; pure."""

import hashlib
from datetime import datetime

from changes.models import ChangeModel, ChangeRequest, Review

Why = ChangeRequest.ReviewWhy
Outcome = ChangeRequest.Outcome
DUE = ("review_why", "review_due_at")
WRONG = (Outcome.BACKED_OUT, Outcome.FAILED)

# The group of checks that should have seen each cause coming; the other causes are no matter of the basics.
FORESEEABLE: dict[str, str] = {
    Review.Cause.UNCLEAR_TASKS: "everyone_knows",
    Review.Cause.ASSUMED_SOMEONE_ELSE: "nobody_assumes",
    Review.Cause.UNEXPECTED_IMPACT: "no_surprise",
    Review.Cause.CONCURRENT_ACTIVITY: "nothing_else",
    Review.Cause.NO_TIME_TO_BACK_OUT: "time_to_go_back",
}


def fall_due(change: ChangeRequest, now: datetime) -> None:
    """Say of a change that ended now why and by when it must be reviewed, or that it need not be."""
    change.review_why = why_reviewed(change)
    change.review_due_at = change.model.review_due(now) if change.review_why else None


def why_reviewed(change: ChangeRequest) -> str:
    if change.type == ChangeModel.Type.UNAUTHORISED:
        return Why.UNAUTHORISED
    if change.outcome == Outcome.FAILED:
        return Why.FAILED
    if change.outcome == Outcome.BACKED_OUT:
        return Why.BACKED_OUT
    if change.type == ChangeModel.Type.EMERGENCY:
        return Why.EMERGENCY
    return Why.SAMPLE if is_in_sample(change) else ""


def is_in_sample(change: ChangeRequest) -> bool:
    """Whether the change is in its model's share; its number alone decides, so that nobody can choose."""
    share = change.model.review_percent
    if share is None:
        share = 0 if change.model.pre_authorised else 100
    return lot_of(change.number) < share


def lot_of(number: str) -> int:
    """0 to 99: the first 32 bits of the SHA-256 of the number, modulo 100."""
    return int(hashlib.sha256(number.encode()).hexdigest()[:8], 16) % 100
