"""The settings of the organisation: read by all, changed by administrators."""

from datetime import date
from email.utils import formataddr
from typing import Any

import holidays
from django.conf import settings
from django.core.exceptions import ValidationError

from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.models import Organisation
from itsm.kernel.models.organisation import ONLY
from itsm.kernel.operation import operation
from itsm.kernel.people.rules import may_administer
from itsm.kernel.people.users import check_zone
from itsm.kernel.permissions import require
from itsm.kernel.workdays import WorkCalendar, countries

EDITABLE = frozenset(
    {
        "name", "time_zone", "working_days", "day_begins", "day_ends", "country", "days_off",
        "mail_name", "mail_address", "digest_hour",
    }
)  # fmt: skip


def current() -> Organisation:
    """As it stands; with every default where nobody has said anything yet. One small query."""
    return Organisation.objects.filter(pk=ONLY).first() or Organisation(pk=ONLY, revision=1)


def sender(said: Organisation | None = None) -> str:
    """Who mail comes from."""
    said = said or current()
    return formataddr((said.mail_name or said.name, said.mail_address or settings.DEFAULT_FROM_EMAIL))


def calendar(said: Organisation, country: str | None = None) -> WorkCalendar:
    """The organisation's days of work; with the public holidays of another country for those who work there."""
    return WorkCalendar(
        said.country if country is None else country,
        frozenset(date.fromisoformat(day) for day in said.days_off),
        frozenset(said.working_days),
    )


def holidays_ahead(said: Organisation, today: date, most: int = 6) -> list[tuple[date, str]]:
    """The next public holidays."""
    if not said.country:
        return []
    known = holidays.country_holidays(said.country, years=[today.year, today.year + 1])
    return [(day, name) for day, name in sorted(known.items()) if day >= today][:most]


@operation
def update(*, actor: Actor, **changes: Any) -> Organisation:
    require(may_administer, actor)
    Organisation.objects.get_or_create(pk=ONLY)
    said: Organisation = Organisation.objects.lock(ONLY)
    before = {field: getattr(said, field) for field in changes if field in EDITABLE}
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(said, field, value.strip() if isinstance(value, str) else value)
    _check(said)
    if changed := sorted(field for field, value in before.items() if getattr(said, field) != value):
        said.save(update_fields=changed)
        events.record("kernel.organisation.updated", said, actor=actor, fields=changed)
    return said


def _check(said: Organisation) -> None:
    check_zone("time_zone", said.time_zone)
    if said.country and said.country not in countries():
        raise InvalidInput.at("country", f"No public holidays are known for {said.country!r}; use a code like DE.")
    if said.day_ends <= said.day_begins:
        raise InvalidInput.at("day_ends", "The working day ends before it begins. Give a later time.")
    said.working_days = sorted(set(said.working_days))
    if not said.working_days:
        raise InvalidInput.at("working_days", "Name at least one working day.")
    try:
        said.full_clean(exclude=["days_off"], validate_unique=False, validate_constraints=False)
        said.days_off = {date.fromisoformat(day).isoformat(): str(name) for day, name in said.days_off.items()}
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidInput.at(field, messages[0]) from error
    except (ValueError, AttributeError) as error:
        raise InvalidInput.at("days_off", "Give each day as 2026-12-24, with its name.") from error
