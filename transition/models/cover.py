"""Who is there for a role: absences, the rota of a stream, and the days that nobody covers."""

from datetime import date, timedelta
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse

from itsm.kernel.models import Numbered
from itsm.kernel.roles import Role
from transition.models.stream import DeliveryStream

BOUNDED = Q(days__isempty=False, days__lower_inf=False, days__upper_inf=False)
TRACKED = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())


class Days(Numbered):
    """So many days of a person, the first and the last of them included."""

    user: Any
    days: Any = DateRangeField()

    class Meta(Numbered.Meta):
        abstract = True

    @property
    def first(self) -> date:
        return self.days.lower  # type: ignore[no-any-return]

    @property
    def last(self) -> date:
        return self.days.upper - timedelta(days=1)  # type: ignore[no-any-return]

    @property
    def said(self) -> str:
        first, last = (f"{day:%a} {day.day} {day:%b}" for day in (self.first, self.last))
        return first if first == last else f"{first} – {last}"


@pghistory.track(*TRACKED)
class Absence(Days):
    """Days on which a person is not there, whatever roles they hold."""

    PREFIX = "ABS"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences", db_index=False
    )

    class Meta(Days.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="absence_is_bounded", condition=BOUNDED),
            ExclusionConstraint(
                name="absent_once_at_a_time",
                expressions=[("user", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes: ClassVar = [GistIndex(fields=["days"], name="absence_by_days")]

    @property
    def display(self) -> str:
        return f"{self.user}, {self.said}"

    def get_absolute_url(self) -> str:
        return reverse("transition:absence-list")


@pghistory.track(*TRACKED)
class Shift(Days):
    """Days on which a person stands for a role of a stream. Where there are shifts, only they cover the role."""

    PREFIX = "SHF"

    stream = models.ForeignKey(DeliveryStream, on_delete=models.CASCADE, related_name="shifts", db_index=False)
    role = models.CharField(max_length=40, choices=Role)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shifts")

    class Meta(Days.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(name="shift_is_bounded", condition=BOUNDED),
            ExclusionConstraint(
                name="in_a_shift_once_at_a_time",
                expressions=[
                    ("stream", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    @property
    def display(self) -> str:
        return f"{self.user} as {self.get_role_display().lower()}, {self.said}"

    def get_absolute_url(self) -> str:
        return f"{self.stream.get_absolute_url()}#people"


class UncoveredDay(models.Model):
    """A role of a stream that nobody covers on a day to come; kept by a job, so that each is told once."""

    stream = models.ForeignKey(DeliveryStream, on_delete=models.CASCADE, related_name="uncovered_days", db_index=False)
    role = models.CharField(max_length=40, choices=Role)
    day = models.DateField()
    found_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "role", "day"], name="uncovered_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id}: {self.role} on {self.day}"
