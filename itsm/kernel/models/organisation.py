"""What the whole organisation has in common."""

from collections.abc import Iterable
from datetime import date, time
from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from itsm.kernel.models.people import KEPT_BY_TRIGGER
from itsm.kernel.models.record import Record

ONLY = 1
WEEKDAYS = tuple(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), start=1))


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


@pghistory.track(exclude=KEPT_BY_TRIGGER)
class Organisation(Record):
    """One row: name, clock, working calendar and mail. Read it with `organisation.current()`.

    `days_off` has the organisation's own days by their dates: {"2026-12-24": "Christmas Eve"}.
    """

    name = models.CharField(max_length=100, blank=True)
    time_zone = models.CharField(max_length=63, blank=True, help_text="IANA name; empty for the server's.")
    working_days = ArrayField(models.PositiveSmallIntegerField(choices=WEEKDAYS), default=monday_to_friday)
    day_begins = models.TimeField(default=time(9))
    day_ends = models.TimeField(default=time(17))
    country = models.CharField("public holidays of", max_length=2, blank=True)
    days_off = models.JSONField("own days off", default=dict, blank=True)
    mail_name = models.CharField("sender's name", max_length=100, blank=True)
    mail_address = models.EmailField("sender's address", blank=True)
    digest_hour = models.PositiveSmallIntegerField("hour of the daily digest", default=7)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="organisation_is_one", condition=Q(pk=ONLY)),
            models.CheckConstraint(name="organisation_day_has_hours", condition=Q(day_ends__gt=F("day_begins"))),
            models.CheckConstraint(name="organisation_works", condition=Q(working_days__len__gt=0)),
            models.CheckConstraint(name="organisation_digest_hour", condition=Q(digest_hour__lte=23)),
        ]

    def __str__(self) -> str:
        return self.name or "The organisation"

    def get_absolute_url(self) -> str:
        return reverse("organisation")

    @property
    def own_days_off(self) -> Iterable[tuple[date, str]]:
        return [(date.fromisoformat(day), name) for day, name in sorted(self.days_off.items())]
