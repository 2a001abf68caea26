"""While a change is implemented: more time, the way back, and what a person must say when things have changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from changes import rules
from changes.models import ChangeRequest, RunQuestion, WindowExtension
from changes.queries import running as ask
from changes.queries.collisions import Collision, collisions_in
from changes.queries.nearby import Scope
from itsm.kernel import events, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

__all__ = ["answer", "ask_due", "begin_back_out", "decide_extension", "extend", "refuse_while_asked"]

Answer = RunQuestion.Answer
State = WindowExtension.State
MOST = timedelta(hours=24)
SOON = 500  # changes that are looked at in one transaction


class NotUnderWay(DomainError):
    code = "not_implementing"


class OnItsWayBack(DomainError):
    code = "backing_out"


class AskedAlready(DomainError):
    code = "extension_asked"


class ExtensionCollides(DomainError):
    code = "schedule_collision"


class NothingAsked(DomainError):
    code = "nothing_asked"


class AnswerNeeded(DomainError):
    code = "answer_needed"


# --- More time --------------------------------------------------------------------------------


@operation
def extend(*, change_id: int, until: datetime, reason: str, actor: Actor, now: datetime) -> WindowExtension:
    """Ask for a later end of the window; what was authorised stands, and somebody without a part in it grants it."""
    change = _under_way(change_id, rules.may_implement, actor)
    if change.backing_out_at is not None:
        raise OnItsWayBack(f"{change} is being backed out; more time would be for what is given up.")
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why more time is needed.")
    if until.tzinfo is None:
        raise InvalidInput.at("until", "Say the time zone, such as 2026-11-24T22:00:00Z.")
    if not max(change.window.upper, now) < until <= change.window.upper + MOST:
        raise InvalidInput.at("until", "It must lie in the future and after the window's end, at most 24 hours.")
    if change.extensions.filter(state=State.ASKED).exists():
        raise AskedAlready(f"More time is asked for {change} already, and not decided yet.")
    asked = WindowExtension.objects.create(
        change=change, before=change.window.upper, until=until, reason=reason, asked_by=actor.user, asked_at=now
    )
    events.record("changes.extension.asked", asked, actor=actor, until=until.isoformat())
    return asked


@operation
def decide_extension(
    *, extension_id: int, decision: str, actor: Actor, now: datetime, comment: str = ""
) -> WindowExtension:
    """Grant the time, unless something blocks it, or refuse it; in the ledger."""
    hold(Lock.CALENDAR)
    asked = WindowExtension.objects.lock(extension_id)
    change = ChangeRequest.objects.lock(asked.change_id)
    asked.change = change
    require(rules.may_decide_extension, actor, asked)
    if decision not in (State.GRANTED, State.REFUSED):
        raise InvalidInput.at("decision", "Say granted or refused.")
    WindowExtension.LIFECYCLE.move(asked, to=decision)
    if decision == State.REFUSED and not comment.strip():
        raise InvalidInput.at("comment", "Say why it is refused.")
    if decision == State.GRANTED:
        _lengthen(asked, actor, now)
    asked.decided_by, asked.decided_at, asked.comment = actor.user, now, comment
    asked.ledger_sequence = ledger.append(
        actor=actor, subject=change, decision=f"extension_{decision}", comment=comment or asked.reason,
        details={"from": asked.before.isoformat(), "until": asked.until.isoformat()}, at=now,
    ).sequence  # fmt: skip
    asked.save(update_fields=["state", "decided_by", "decided_at", "comment", "ledger_sequence"])
    events.record(f"changes.extension.{decision}", asked, actor=actor)
    return asked


def _lengthen(asked: WindowExtension, actor: Actor, now: datetime) -> None:
    """Move the window's end, if nothing stands where it goes; a question about its old end is answered by that."""
    change = asked.change
    _expect_under_way(change)
    blocking = collisions_in(Scope.of(change), change.window.upper, asked.until).blocking
    if blocking:
        names = ", ".join(str(one.what) for one in blocking[:5])
        raise ExtensionCollides(f"Until then it would collide with {names}.", checks=[_check(one) for one in blocking])
    change.window = DateTimeTZRange(change.window.lower, asked.until, "[)")
    change.save(update_fields=["window"])
    asked.change.questions.filter(kind=RunQuestion.Kind.WINDOW_OVER, answer__in=RunQuestion.OPEN).update(
        answer=Answer.GO_ON, reason=f"The window was extended: {asked.reason}", answered_by=actor.user, answered_at=now
    )
    events.record(
        "changes.change_request.window_moved", change, actor=actor,
        start=change.window.lower.isoformat(), end=asked.until.isoformat(),
    )  # fmt: skip


def _check(collision: Collision) -> dict[str, str]:
    start, end = (timezone.localtime(moment) for moment in (collision.start, collision.end))
    what = collision.what
    said = f"{what} is there from {start:%H:%M} to {end:%H:%M}."
    return {"code": collision.kind, "label": str(what), "message": said, "url": what.get_absolute_url()}


# --- The way back -----------------------------------------------------------------------------


@operation
def begin_back_out(*, change_id: int, reason: str, actor: Actor, now: datetime) -> ChangeRequest:
    """From here on the tasks of the way back are done, and no other is begun."""
    change = _under_way(change_id, rules.may_implement, actor)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it is backed out.")
    if change.backing_out_at is not None:
        raise OnItsWayBack(f"{change} is being backed out already.")
    _turn_back(change, reason, actor, now)
    return change


def _turn_back(change: ChangeRequest, reason: str, actor: Actor, now: datetime) -> None:
    change.backing_out_at, change.backing_out_why = now, reason
    change.save(update_fields=["backing_out_at", "backing_out_why"])
    change.questions.filter(answer__in=RunQuestion.OPEN).update(
        answer=Answer.BACK_OUT, reason=reason, answered_by=actor.user, answered_at=now
    )
    events.record("changes.change_request.turned_back", change, actor=actor, reason=reason)


# --- What a person must say -------------------------------------------------------------------


@operation
def ask_due(*, actor: Actor, now: datetime) -> list[RunQuestion]:
    """Ask about each change whose window is over, or over which a freeze has begun, while it is implemented; once."""
    hold(Lock.CALENDAR)
    asked = RunQuestion.objects.bulk_create(
        RunQuestion(change_id=due.change_id, kind=due.kind, freeze_id=due.freeze_id, moment=due.moment, asked_at=now)
        for due in ask.due(now)[:SOON]
    )
    events.record_each("changes.question.asked", asked, actor=actor)
    return asked


@operation
def answer(*, change_id: int, answer: str, reason: str, actor: Actor, now: datetime) -> ChangeRequest:
    """Say how to go on, by name and reason; it answers all that is open about the change, and is in the ledger."""
    hold(Lock.CALENDAR)
    change = _under_way(change_id, rules.may_implement, actor)
    if answer not in Answer.values:
        raise InvalidInput.at("answer", f"Unknown answer. Known: {', '.join(Answer.values)}.")
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why.")
    _ask_now(change, now)
    if answer == Answer.GO_ON:
        require(rules.may_go_on, actor, change)
    questions = list(change.questions.filter(answer__in=RunQuestion.OPEN).order_by("pk"))
    if not questions:
        raise NothingAsked(f"Nothing is asked about {change}: its window is open and no freeze has begun.")
    entry = ledger.append(
        actor=actor, subject=change, decision=f"run_{answer}", comment=reason, at=now,
        details={"questions": [{"kind": one.kind, "moment": one.moment.isoformat()} for one in questions]},
    )  # fmt: skip
    for question in questions:
        question.answer, question.reason, question.answered_by, question.answered_at = answer, reason, actor.user, now
        question.ledger_sequence = entry.sequence
    RunQuestion.objects.bulk_update(questions, ["answer", "reason", "answered_by", "answered_at", "ledger_sequence"])
    events.record_each("changes.question.answered", questions, actor=actor, answer=answer)
    if answer == Answer.BACK_OUT and change.backing_out_at is None:
        _turn_back(change, reason, actor, now)
    return change


def _ask_now(change: ChangeRequest, now: datetime) -> None:
    """What the clock has not asked yet: nobody has to wait for it."""
    RunQuestion.objects.bulk_create(
        RunQuestion(change=change, kind=due.kind, freeze_id=due.freeze_id, moment=due.moment, asked_at=now)
        for due in ask.due(now, change.pk)
    )


def refuse_while_asked(change: ChangeRequest, now: datetime) -> None:
    """Nothing is begun while somebody has to say how to go on."""
    kinds = {one.kind for one in ask.open_questions([change.pk])} | {one.kind for one in ask.due(now, change.pk)}
    if kinds:
        words = {str(RunQuestion.Kind(kind).label).lower() for kind in kinds}
        raise AnswerNeeded(f"{_upper(sorted(words))}: somebody has to say first whether to go on, hold or back out.")


def _upper(words: Iterable[str]) -> str:
    said = " and ".join(words)
    return said[:1].upper() + said[1:]


def _under_way(change_id: int, rule: Any, actor: Actor) -> ChangeRequest:
    change: ChangeRequest = ChangeRequest.objects.lock(change_id)
    require(rule, actor, change)
    _expect_under_way(change)
    return change


def _expect_under_way(change: ChangeRequest) -> None:
    if change.status != ChangeRequest.Status.IMPLEMENTING or change.window is None:
        raise NotUnderWay(f"{change} is {change.get_status_display().lower()}; it is not being implemented.")
