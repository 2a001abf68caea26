"""What comes after a change: its review, what is learnt from it, and its closure."""

from datetime import datetime
from typing import Any

from changes import rules
from changes.models import BasicsCheck, ChangeModel, ChangeRequest, Review
from changes.queries import completeness
from changes.queries.completeness import Incomplete
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, IllegalMove, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from knowledge.models import Article
from knowledge.operations import articles

Status = ChangeRequest.Status
Outcome = ChangeRequest.Outcome
DESCRIBED = 20  # an article about more CIs than that is about none of them


class NoLesson(DomainError):
    code = "no_lesson"


class LessonKept(DomainError):
    code = "lesson_kept"


class Confidential(DomainError):
    code = "confidential_change"


@operation
def review(
    *,
    change_id: int,
    objectives_met: bool,
    actor: Actor,
    now: datetime,
    causes: list[str] | tuple[str, ...] = (),
    lessons: str = "",
    outcome: str = "",
) -> Review:
    """Write the post-implementation review; writing it again corrects it until the change is closed.

    What the basics said at the beginning is kept with it. An `outcome` other than the one that was
    reported when the work ended is what counts from now on.
    """
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_review, actor, change)
    if change.status != Status.REVIEW:
        raise IllegalMove(f"{change} is not in review; finish its implementation first.")
    if unknown := [cause for cause in causes if cause not in Review.Cause.values]:
        raise InvalidInput.at("causes", f"Unknown: {', '.join(unknown)}. Known: {', '.join(Review.Cause.values)}.")
    if actor.user is None:
        raise InvalidInput.at("by", "A review is written by a person.")
    _settle(change, outcome)
    written, _ = Review.objects.update_or_create(
        change=change,
        defaults={
            "objectives_met": objectives_met, "causes": list(causes), "lessons": lessons, "by": actor.user, "at": now,
            "outcome": change.outcome, "basics_said": _said_at_the_start(change),
        },
    )  # fmt: skip
    events.record("changes.change_request.reviewed", change, actor=actor, causes=list(causes), outcome=change.outcome)
    return written


def _settle(change: ChangeRequest, outcome: str) -> None:
    if not outcome or outcome == change.outcome:
        return
    if change.type == ChangeModel.Type.UNAUTHORISED:
        raise InvalidInput.at("outcome", "What nobody had authorised has no outcome.")
    if outcome not in Outcome.values:
        raise InvalidInput.at("outcome", f"Unknown outcome. Known: {', '.join(Outcome.values)}.")
    change.outcome = outcome
    if outcome != Outcome.BACKED_OUT:
        change.backed_out_cleanly = None
    change.save(update_fields=["outcome", "backed_out_cleanly"])


def _said_at_the_start(change: ChangeRequest) -> list[Any]:
    said = BasicsCheck.objects.filter(change=change).order_by("group", "code")
    return list(said.values("code", "group", "verdict", "waived", "explanation"))


@operation
def close(*, change_id: int, actor: Actor) -> ChangeRequest:
    """Close a change that was reviewed, or that no rule sends to a review."""
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_review, actor, change)
    ChangeRequest.LIFECYCLE.expect(change, to=Status.CLOSED)
    if change.review_why and not Review.objects.filter(change=change).exists():
        why = change.get_review_why_display()  # type: ignore[attr-defined]
        raise Incomplete(f"{change} has no review yet, and it must have one. {why}. Write it, then close the change.")
    completeness.refuse_owed(change)
    ChangeRequest.LIFECYCLE.move(change, to=Status.CLOSED)
    change.save(update_fields=["status"])
    events.record("changes.change_request.closed", change, actor=actor)
    return change


@operation
def draft_article(*, change_id: int, title: str, actor: Actor, now: datetime, body: str = "") -> Article:
    """Make the lessons of a review the draft of an article about what the change touched."""
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_learn, actor, change)
    written = lesson_of(change)
    if written.article is not None:
        raise LessonKept(f"The lesson of {change} is {written.article.number} already; edit that.")
    touched = list(change.cis.order_by("pk")[:DESCRIBED])
    article = articles.draft(title=title, body=body or written.lessons, describes=touched, actor=actor, now=now)
    written.article = article
    written.save(update_fields=["article"])
    events.record("changes.change_request.lesson_kept", change, actor=actor, article=article.pk)
    return article


def lesson_of(change: ChangeRequest) -> Review:
    """The review with its lessons; everybody may read what is made of them, so a confidential change keeps its own."""
    written = Review.objects.filter(change=change).select_related("article").first()
    if written is None or not written.lessons.strip():
        raise NoLesson(f"The review of {change} says no lesson yet. Write down what you would do differently.")
    if change.confidential:
        raise Confidential(f"{change} is confidential, and everybody could read what is made of its lesson.")
    return written
