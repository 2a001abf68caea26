"""Delivery streams: start one, pause it, take it up again."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.db.models.functions import Upper

from changes.models import ChangeModel
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.locks import Lock, hold
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.roles import Role
from itsm.kernel.workdays import countries
from transition import cadence
from transition.models import DeliveryStream, TransitionPlan
from transition.operations import periods
from transition.rules import delivery as rules

State = DeliveryStream.State
WORDS = {"roles": "responsible", "accountable": "accountable", "consulted": "consulted", "informed": "informed"}
PARTS = ("roles", "consulted", "informed")
EDITABLE = frozenset({"name", "owner", "accountable", *PARTS, "change_model", "feeds", "lag_target_days", "checklist"})

RHYTHM = frozenset({"period_days", "period_months", "min_runs", "max_runs", "working_days_only", "country"})


class HasEnded(DomainError):
    code = "stream_has_ended"


@operation
def create(
    *,
    plan: TransitionPlan,
    ordinal: int,
    name: str,
    kind: str,
    active_from: date,
    actor: Actor,
    period_days: int | None = None,
    period_months: int | None = None,
    min_runs: int = 1,
    max_runs: int | None = None,
    working_days_only: bool = True,
    time_zone: str = "UTC",
    country: str = "",
    roles: Sequence[str] = (),
    accountable: str = Role.SERVICE_OWNER,
    consulted: Sequence[str] = (),
    informed: Sequence[str] = (),
    owner: User | None = None,
    feeds: DeliveryStream | None = None,
    lag_target_days: int | None = None,
    change_model: ChangeModel | None = None,
    checklist: Sequence[str] = (),
) -> DeliveryStream:
    """Promise a rhythm, in days or in months; without either the stream delivers as required."""
    stream = DeliveryStream(
        plan=plan, ordinal=ordinal, name=name, kind=kind, active_from=active_from, period_days=period_days,
        period_months=period_months, min_runs=min_runs, max_runs=max_runs, working_days_only=working_days_only,
        time_zone=time_zone, country=country.upper(), roles=list(roles), owner=owner, feeds=feeds,
        accountable=accountable, consulted=list(consulted), informed=list(informed),
        lag_target_days=lag_target_days, change_model=change_model, checklist=list(checklist),
    )  # fmt: skip
    require(rules.may_plan, actor, plan)
    if DeliveryStream.objects.filter(plan=plan, ordinal=ordinal).exists():
        raise InvalidInput.at("ordinal", f"{plan.service} has a stream {ordinal} already.")
    _check(stream)
    stream.save(force_insert=True)
    events.record("transition.stream.created", stream, actor=actor)
    return stream


@operation
def update(*, stream_id: int, actor: Actor, **changes: Any) -> DeliveryStream:
    """Change who does it and how it hands over; the rhythm changes through `change_rhythm`."""
    stream = DeliveryStream.objects.select_related("plan__service").lock(stream_id)
    require(rules.may_steer, actor, stream)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(stream, field, value)
    _check(stream)
    stream.save(update_fields=sorted(changes))
    events.record("transition.stream.updated", stream, actor=actor, fields=sorted(changes))
    return stream


@operation
def change_rhythm(*, stream_id: int, actor: Actor, now: datetime, reason: str, **rhythm: Any) -> DeliveryStream:
    """Promise another rhythm from the next period on; what was promised so far stays told, also the open period."""
    stream = _steered(stream_id, actor, now)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why; those who relied on the old rhythm read this.")
    if stream.state == State.ENDED:
        raise HasEnded(f"{stream.display} has ended and promises nothing any more.")
    if unknown := sorted(set(rhythm) - RHYTHM):
        raise InvalidInput.at(unknown[0], "This is no part of the rhythm.")
    last = stream.periods.aggregate(until=Max(Upper("span")))["until"]
    for field, value in rhythm.items():
        setattr(stream, field, value)
    _check(stream)
    today = cadence.day_of(now, stream.time_zone)
    stream.rhythm_from = max(cadence.day_of(last, stream.time_zone) if last else today, stream.active_from)
    stream.save(update_fields=[*sorted(rhythm), "rhythm_from"])
    periods.bring_up_to(now, stream, actor)
    events.record("transition.stream.rhythm_changed", stream, actor=actor, rhythm=stream.rhythm, reason=reason)
    return stream


@operation
def pause(*, stream_id: int, actor: Actor, now: datetime, reason: str) -> DeliveryStream:
    """Nothing is promised from here until it is resumed; what ended before is judged first."""
    stream = _steered(stream_id, actor, now)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it pauses; those who wait for it read this.")
    return _moved(stream, State.PAUSED, actor, reason=reason)


@operation
def resume(*, stream_id: int, actor: Actor, now: datetime) -> DeliveryStream:
    """Promise the rhythm again, from the period of today on."""
    stream = _steered(stream_id, actor, now)
    stream.resumed_on = cadence.day_of(now, stream.time_zone)
    _moved(stream, State.ACTIVE, actor, "resumed_on")
    periods.bring_up_to(now, stream, actor)
    return stream


@operation
def end(*, stream_id: int, actor: Actor, now: datetime, reason: str) -> DeliveryStream:
    stream = _steered(stream_id, actor, now)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it ends.")
    return _moved(stream, State.ENDED, actor, reason=reason)


def _steered(stream_id: int, actor: Actor, now: datetime) -> DeliveryStream:
    hold(Lock.PERIODS)
    stream = DeliveryStream.objects.select_related("plan__service").lock(stream_id)
    require(rules.may_steer, actor, stream)
    periods.bring_up_to(now, stream, actor)
    return stream


def _moved(stream: DeliveryStream, to: str, actor: Actor, *also: str, **payload: str) -> DeliveryStream:
    DeliveryStream.LIFECYCLE.move(stream, to=to)
    stream.save(update_fields=["state", *also])
    events.record(f"transition.stream.{to}", stream, actor=actor, **payload)
    return stream


def _check(stream: DeliveryStream) -> None:
    """What the cadence is computed from must be known, or the clockwork would stop."""
    if stream.kind not in DeliveryStream.Kind.values:
        raise InvalidInput.at("kind", f"Unknown kind {stream.kind!r}. Known: {', '.join(DeliveryStream.Kind.values)}.")
    if stream.period_days is not None and stream.period_months is not None:
        raise InvalidInput.at("period_months", "A period lasts days or months; leave one of the two empty.")
    if stream.period_months is not None and not 1 <= stream.period_months <= 12:
        raise InvalidInput.at("period_months", "A period lasts from 1 to 12 months; leave it empty for another rhythm.")
    if stream.period_days is not None and not 1 <= stream.period_days <= 366:
        raise InvalidInput.at("period_days", "A period lasts from 1 to 366 days; leave it empty for: as required.")
    if stream.max_runs is not None and stream.max_runs < stream.min_runs:
        raise InvalidInput.at("max_runs", "At most cannot be less than at least.")
    if stream.country and stream.country not in countries():
        raise InvalidInput.at(
            "country", f"No public holidays are known for {stream.country!r}; use an ISO code like DE."
        )
    try:
        ZoneInfo(stream.time_zone)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidInput.at(
            "time_zone", f"{stream.time_zone!r} is no time zone; use a name like Europe/Berlin."
        ) from error
    _check_parts(stream)


def _check_parts(stream: DeliveryStream) -> None:
    """Known roles, each in one part of RACI; one role may do the work and answer for it."""
    parts = {part: getattr(stream, part) for part in PARTS}
    for part, roles in {**parts, "accountable": [stream.accountable]}.items():
        if unknown := [role for role in roles if role not in Role.values]:
            said = ", ".join(unknown) or "nothing"
            raise InvalidInput.at(part, f"Unknown: {said}. Known: {', '.join(Role.values)}.")
    taken = dict.fromkeys(stream.roles, "roles") | {stream.accountable: "accountable"}
    for part in ("consulted", "informed"):
        for role in parts[part]:
            if role in taken:
                raise InvalidInput.at(part, f"{Role(role).label} is named as {WORDS[taken[role]]} already.")
            taken[role] = part
