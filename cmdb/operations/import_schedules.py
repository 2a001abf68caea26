"""Say what is fetched by itself and when; begin a run of it."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cmdb import rules
from cmdb.keys import checked_source
from cmdb.models import ImportProgress, ImportRun, ImportSchedule
from cmdb.operations.imports import reader_of, ring_for_fetching
from itsm.kernel import events, recurrence, sealing, waking
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import allowed, require
from itsm.kernel.uniqueness import unique
from itsm.kernel.webhooks import addresses

PURPOSE = "import token"
LONGEST_TOKEN = 1000
OLDEST_START = timedelta(days=3660)
RHYTHM = frozenset({"recurrence", "time_zone", "first_start", "enabled"})
EDITABLE = RHYTHM | {
    "name", "source", "format", "address", "token", "profile", "options", "retire_missing", "leave_out_broken",
    "dry_run", "owner",
}  # fmt: skip


class UnderWay(DomainError):
    code = "under_way"


@operation
def create(
    *,
    name: str,
    format: str,
    address: str,
    actor: Actor,
    now: datetime,
    owner: User | None = None,
    first_start: datetime | None = None,
    **details: Any,
) -> ImportSchedule:
    """`recurrence` is an RRULE, read on the wall clock of `time_zone`; without one it runs when asked only."""
    require(rules.may_import, actor)
    schedule = ImportSchedule(name=name, format=format, address=address)
    said = {"owner": owner or actor.user, "first_start": first_start or now, **details}
    return _save(schedule, said, actor, now)


@operation
def update(*, schedule_id: int, actor: Actor, now: datetime, **changes: Any) -> ImportSchedule:
    """Change what is named. A token is kept until another is given, or an empty one; not for another address."""
    schedule = ImportSchedule.objects.lock(schedule_id)
    require(rules.may_import, actor, schedule)
    _check_token_stays_there(schedule, changes)
    return _save(schedule, changes, actor, now)


@operation
def remove(*, schedule_id: int, actor: Actor) -> None:
    """What it fetched stays; what is being fetched fails."""
    schedule = ImportSchedule.objects.lock(schedule_id)
    require(rules.may_import, actor, schedule)
    events.record("cmdb.import_schedule.removed", schedule, actor=actor)
    schedule.delete()


@operation
def run(*, schedule_id: int, actor: Actor) -> ImportRun:
    """Fetch it now, whatever its rhythm."""
    schedule = ImportSchedule.objects.lock(schedule_id)
    require(rules.may_import, actor, schedule)
    if under_way := runs_under_way(schedule).first():
        raise UnderWay(f"{under_way} is under way. Wait for it, or cancel it.")
    return _begin(schedule, actor.user or schedule.owner, actor)


@operation
def start_due(*, schedule_id: int, actor: Actor, now: datetime) -> ImportRun | None:
    """One run, however many times passed. None where another beat began it, or one is under way."""
    mine = ImportSchedule.objects.select_for_update(of=("self",), skip_locked=True)
    schedule = mine.filter(pk=schedule_id, next_at__lte=now).first()
    if schedule is None:
        return None
    due, schedule.next_at = schedule.next_at, _next(schedule, now)
    schedule.save(update_fields=["next_at"])
    if runs_under_way(schedule).exists():
        return None
    return _begin(schedule, schedule.owner, actor, scheduled_for=due)


def runs_under_way(schedule: ImportSchedule) -> Any:
    return schedule.runs.filter(state__in=ImportRun.UNDER_WAY).order_by("-pk")


def _begin(schedule: ImportSchedule, asked_by: User, actor: Actor, scheduled_for: datetime | None = None) -> ImportRun:
    found = ImportRun.objects.create(
        source=schedule.source,
        format=schedule.format,
        file_name=schedule.name,
        schedule=schedule,
        scheduled_for=scheduled_for,
        profile=schedule.profile,
        options=schedule.told,
        retire_missing=schedule.retire_missing,
        leave_out_broken=schedule.leave_out_broken,
        dry_run=schedule.dry_run,
        requested_by=asked_by,
        state=ImportRun.State.FETCHING,
    )
    ImportProgress.objects.create(run=found)
    events.record("cmdb.import.requested", found, actor=actor, source=found.source)
    waking.after_commit(ring_for_fetching)
    return found


@operation
def note_outcome(*, schedule_id: int, actor: Actor, now: datetime) -> bool:
    """See by its last run whether it fails. Answers whether that is otherwise than it was."""
    schedule = ImportSchedule.objects.lock(schedule_id)
    last = schedule.runs.exclude(state__in=ImportRun.UNDER_WAY).order_by("-pk").first()
    fails = last is not None and last.state == ImportRun.State.FAILED
    if fails == (schedule.failing_since is not None):
        return False
    schedule.failing_since = now if fails else None
    schedule.save(update_fields=["failing_since"])
    return True


def _save(schedule: ImportSchedule, changes: dict[str, Any], actor: Actor, now: datetime) -> ImportSchedule:
    was = (schedule.recurrence, schedule.time_zone, schedule.first_start, schedule.enabled) if schedule.pk else None
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(schedule, field, _sealed(value) if field == "token" else value)
    _check(schedule, now)
    if was != (schedule.recurrence, schedule.time_zone, schedule.first_start, schedule.enabled):
        schedule.next_at = _next(schedule, now)
    with unique("name", f"There is a scheduled import {schedule.name!r} already."):
        schedule.save()
    events.record("cmdb.import_schedule.saved", schedule, actor=actor, fields=sorted(changes))
    return schedule


def _sealed(token: str) -> str:
    token = token.strip()
    if len(token) > LONGEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise InvalidInput.at("token", "This can be no token: give it as it was given to you, in one line.")
    return sealing.seal(token, purpose=PURPOSE) if token else ""


def _check_token_stays_there(schedule: ImportSchedule, changes: dict[str, Any]) -> None:
    """Whoever turns the address elsewhere must not be sent a token that they never knew."""
    if not schedule.token or "token" in changes or "address" not in changes:
        return
    if _origin(changes["address"]) != _origin(schedule.address):
        raise InvalidInput.at("token", "The address is on another host: give the token for that one.")


def _origin(address: str) -> tuple[str, str]:
    try:
        found = urlsplit(address.strip())
    except ValueError:
        return "", ""
    return found.scheme.lower(), found.netloc.lower()


def _check(schedule: ImportSchedule, now: datetime) -> None:
    schedule.name, schedule.address = schedule.name.strip(), schedule.address.strip()
    schedule.source = checked_source(schedule.source or (schedule.profile.source if schedule.profile else ""))
    if not schedule.name:
        raise InvalidInput.at("name", "Say what it is called.")
    _check_reading(schedule)
    try:
        addresses.check(schedule.address)
    except addresses.Refused as refusal:
        raise InvalidInput.at("address", str(refusal)) from refusal
    if schedule.owner is None or not _may(schedule.owner):
        raise InvalidInput.at("owner", "Name somebody who may import: a configuration manager.")
    _check_rhythm(schedule, now)


def _may(owner: User) -> bool:
    return owner.is_active and allowed(rules.may_import, Actor.person(owner))


def _check_reading(schedule: ImportSchedule) -> None:
    reader = reader_of(schedule.format)
    if schedule.profile is not None and not reader.has_columns:
        raise InvalidInput.at("profile", f"{reader.label} says itself what is what; a profile is for tables.")
    if reader.has_columns and not schedule.told.get("columns"):
        raise InvalidInput.at("profile", "Choose a profile: nobody is there to say what the columns are.")
    if schedule.format == "netbox" and urlsplit(schedule.address).query:
        raise InvalidInput.at(
            "address", "Give NetBox's own address without a question, such as https://netbox.example."
        )
    reader.check(schedule.told)


def _check_rhythm(schedule: ImportSchedule, now: datetime) -> None:
    try:
        ZoneInfo(schedule.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        name = schedule.time_zone
        raise InvalidInput.at("time_zone", f"There is no time zone {name!r}; try Europe/Amsterdam.") from error
    if not now - OLDEST_START < schedule.first_start < now + OLDEST_START:
        raise InvalidInput.at("first_start", "Give a time within ten years.")
    if schedule.recurrence:
        try:
            recurrence.read(schedule.recurrence, schedule.first_start.replace(tzinfo=None))
        except ValueError as error:
            raise InvalidInput.at("recurrence", f"Not an RRULE ({error}); try FREQ=DAILY.") from error


def _next(schedule: ImportSchedule, after: datetime) -> datetime | None:
    if not schedule.enabled or not schedule.recurrence:
        return None
    return recurrence.next_after(
        first=schedule.first_start, rule=schedule.recurrence, zone=schedule.time_zone, after=after
    )
