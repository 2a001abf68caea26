"""Recurring changes: set up once, and made by a job some days before each is due."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import F, Q, Value

from changes import rules
from changes.models import ChangeModel, ChangeRequest, Occurrence, RecurringChange
from changes.models.calendar import NO_YEAR, YEARS
from changes.operations import copying, planning
from changes.queries.recurring import LOOKED_AHEAD, MOMENT, begins_between, coming, next_begin
from cmdb.models import ConfigurationItem, Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.recurrence import read

EDITABLE = frozenset(
    {
        "title", "reason", "owner", "first_start", "recurrence", "time_zone", "duration_minutes", "ahead_days",
        "active",
    }
)  # fmt: skip
TIMING = frozenset({"first_start", "recurrence", "time_zone"})
AT_ONCE = 100  # recurring changes in one transaction
LONGEST_REASON = 300
MOST = 60  # requests of one of them at once: an hourly rule a year ahead is no plan


@operation
def create(
    *,
    first_start: datetime,
    recurrence: str,
    actor: Actor,
    now: datetime,
    model: ChangeModel | None = None,
    template: ChangeRequest | None = None,
    title: str = "",
    cis: Iterable[ConfigurationItem] = (),
    services: Iterable[Service] = (),
    owner: User | None = None,
    **details: Any,
) -> RecurringChange:
    """From a request, which is copied each time, or from a model."""
    require(rules.may_draft, actor)
    made_from = _made_from(model, template, actor)
    touched: dict[str, Any] = {"cis": list(cis), "services": list(services)}
    _leave_to_the_template(template, {**details, **touched})
    details.setdefault("duration_minutes", made_from.window_minutes)
    recurring = RecurringChange(
        title=title or (template.title if template else made_from.name), model=made_from, template=template,
        owner=owner or actor.user, first_start=first_start, recurrence=recurrence, made_until=now, **details,
    )  # fmt: skip
    _check(recurring)
    recurring.save(force_insert=True)
    recurring.cis.set(touched["cis"])
    recurring.services.set(touched["services"])
    events.record("changes.recurring.created", recurring, actor=actor)
    return recurring


def _made_from(model: ChangeModel | None, template: ChangeRequest | None, actor: Actor) -> ChangeModel:
    if template is not None and not ChangeRequest.objects.filter(pk=template.pk).visible_to(actor).exists():
        raise InvalidInput.at("template", "There is no such request.")
    if template is not None and model not in (None, template.model):
        raise InvalidInput.at("model", f"{template} is of the model {template.model}.")
    found = template.model if template is not None else model
    if found is None:
        raise InvalidInput.at("model", "Say from which model, or from which request, each is made.")
    if found.type not in ChangeModel.PLANNED:
        raise InvalidInput.at("model", f"{found} is for what was found done; nobody can plan with it.")
    return found


def _leave_to_the_template(template: ChangeRequest | None, said: dict[str, Any]) -> None:
    if template is None:
        return
    for field in ("reason", "cis", "services"):
        if said.get(field):
            raise InvalidInput.at(field, f"This is copied from {template}; change it there.")


@operation
def update(*, recurring_id: int, actor: Actor, now: datetime, **changes: Any) -> RecurringChange:
    """What was made already stays; what is to come follows the new rule."""
    recurring = RecurringChange.objects.lock(recurring_id)
    require(rules.may_edit_recurring, actor, recurring)
    _leave_to_the_template(recurring.template, changes)
    cis, services = changes.pop("cis", None), changes.pop("services", None)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(recurring, field, value)
    _check(recurring)
    if TIMING & set(changes):
        recurring.made_until = now
    recurring.save(update_fields=[*sorted(changes), "made_until"])
    if cis is not None:
        recurring.cis.set(cis)
    if services is not None:
        recurring.services.set(services)
    events.record("changes.recurring.updated", recurring, actor=actor, fields=sorted(changes))
    return recurring


def _check(recurring: RecurringChange) -> None:
    """All that is wrong at once; how dense it is can be counted only when all else is right."""
    wrong: dict[str, list[str]] = {}
    try:
        ZoneInfo(recurring.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        wrong["time_zone"] = [f"There is no time zone {recurring.time_zone!r}; try Europe/Amsterdam."]
    if recurring.first_start.tzinfo is None:
        wrong["first_start"] = ["Say the time zone, such as 2026-11-24T22:00:00Z."]
    elif recurring.first_start.year not in YEARS:
        wrong["first_start"] = [NO_YEAR]
    if not 1 <= recurring.duration_minutes <= 7 * 24 * 60:
        wrong["duration_minutes"] = ["Between a minute and a week."]
    if not 1 <= recurring.ahead_days <= 366:
        wrong["ahead_days"] = ["Between 1 and 366 days."]
    try:
        read(recurring.recurrence, datetime(2026, 1, 1))  # noqa: DTZ001 wall clock
    except ValueError as error:
        wrong["recurrence"] = [f"Not an RRULE ({error}); try FREQ=MONTHLY;BYDAY=2SU."]
    if wrong:
        raise InvalidInput("It cannot recur so.", errors=wrong)
    start = recurring.first_start
    if len(begins_between(recurring, start, start + timedelta(days=recurring.ahead_days))) > MOST:
        raise InvalidInput.at("recurrence", f"More than {MOST} within the days that it is made ahead. Take fewer days.")


@operation
def make_due(*, actor: Actor, now: datetime) -> list[ChangeRequest]:
    """Make what begins within the days ahead; who else does the same at once, or again, makes none twice."""
    horizon = Value(now) + Value(timedelta(days=1)) * F("ahead_days")
    due = RecurringChange.objects.filter(Q(made_until__isnull=True) | Q(made_until__lt=horizon), active=True)
    claimed = due.select_for_update(of=("self",), skip_locked=True).order_by("made_until", "pk")
    found = list(claimed.select_related("model", "owner")[:AT_ONCE])
    return [change for recurring in found for change in _make(recurring, now)]


@operation
def make_now(*, recurring_id: int, actor: Actor, now: datetime) -> RecurringChange:
    """Make at once what the job would make."""
    recurring = RecurringChange.objects.select_related("model", "owner").lock(recurring_id)
    require(rules.may_edit_recurring, actor, recurring)
    if not recurring.active:
        raise InvalidInput.at("active", f"{recurring} rests. Make it active again first.")
    _make(recurring, now)
    return recurring


class MadeAlready(DomainError):
    code = "made_already"


@operation
def skip(*, recurring_id: int, starts_at: datetime, reason: str, actor: Actor, now: datetime) -> RecurringChange:
    """Leave out one coming that is not made yet; the others come as before."""
    recurring = _of_mine(recurring_id, actor)
    because = reason.strip()
    if not because or len(because) > LONGEST_REASON:
        raise InvalidInput.at("reason", f"Say why, in at most {LONGEST_REASON} characters.")
    if starts_at < now or starts_at not in begins_between(recurring, starts_at, starts_at + MOMENT):
        soon = coming(recurring, now)
        said = f" Its next is {soon[0]:%Y-%m-%dT%H:%MZ}." if soon else " Nothing more comes."
        raise InvalidInput.at("starts_at", f"{recurring} does not come then.{said}")
    if known := recurring.occurrences.filter(starts_at=starts_at).select_related("change").first():
        if known.change is None:
            raise InvalidInput.at("starts_at", "This one is skipped already.")
        raise MadeAlready(f"{known.change} was made for it already. Cancel that request instead.")
    Occurrence.objects.create(recurring=recurring, starts_at=starts_at, skipped_because=because, skipped_by=actor.user)
    events.record("changes.recurring.skipped", recurring, actor=actor, starts_at=starts_at.isoformat(), reason=because)
    return recurring


@operation
def take_back(*, recurring_id: int, starts_at: datetime, actor: Actor, now: datetime) -> RecurringChange:
    """Let a skipped one come after all; if its day of making is over, the job makes it next."""
    recurring = _of_mine(recurring_id, actor)
    left_out = recurring.occurrences.filter(starts_at=starts_at, starts_at__gte=now, change__isnull=True)
    if not left_out.delete()[0]:
        raise InvalidInput.at("starts_at", "None that begins then, and is still to come, is skipped.")
    if recurring.made_until is not None and starts_at < recurring.made_until:
        recurring.made_until = starts_at
        recurring.save(update_fields=["made_until"])
    events.record("changes.recurring.taken_back", recurring, actor=actor, starts_at=starts_at.isoformat())
    return recurring


def _of_mine(recurring_id: int, actor: Actor) -> RecurringChange:
    recurring: RecurringChange = RecurringChange.objects.lock(recurring_id)
    require(rules.may_edit_recurring, actor, recurring)
    return recurring


def _make(recurring: RecurringChange, now: datetime) -> list[ChangeRequest]:
    """One request for each coming between what was made already and the days ahead; what is over is left out."""
    until = now + timedelta(days=recurring.ahead_days)
    since = max(recurring.made_until or now, now)
    known = set(recurring.occurrences.filter(starts_at__gte=since).values_list("starts_at", flat=True))
    starts = [begins for begins in begins_between(recurring, since, until) if begins not in known][:MOST]
    made = [_request(recurring, begins, now) for begins in starts]
    Occurrence.objects.bulk_create(
        [Occurrence(recurring=recurring, starts_at=at, change=one) for at, one in zip(starts, made, strict=True)]
    )
    recurring.made_until = next_begin(recurring, until) or until + LOOKED_AHEAD  # not written again before that is due
    recurring.save(update_fields=["made_until"])
    return made


def _request(recurring: RecurringChange, begins: datetime, now: datetime) -> ChangeRequest:
    """A draft: its owner looks at it and submits it."""
    program = Actor.system("recurring changes")
    owner = recurring.owner if recurring.owner and recurring.owner.is_active else None
    when: dict[str, Any] = {
        "title": recurring.title, "requested_by": owner, "start": begins, "end": begins + recurring.lasts,
    }  # fmt: skip
    if recurring.template_id is not None:
        return copying.copy(change_id=recurring.template_id, actor=program, now=now, **when)
    living = recurring.cis.exclude(status__in=copying.GONE)
    services = recurring.services.exclude(status=Service.Status.RETIRED)
    return planning.draft(
        model=recurring.model, reason=recurring.reason, cis=living, services=services, actor=program, **when
    )
