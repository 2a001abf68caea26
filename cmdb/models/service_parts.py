"""What is agreed for a service in rows: its hours, its targets, and what support can access."""

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cmdb.models.service import Service
from itsm.kernel.models import Record


def minutes_of(span: Any) -> tuple[int, int]:
    """Both ends of a range that has both, as its constraint says."""
    return span.lower, span.upper


WITHIN_A_DAY = Q(span__startswith__gte=0, span__endswith__lte=24 * 60, span__isempty=False)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ServiceHours(Record):
    """When the service is there on each such weekday (Monday is 1), in minutes of the day: [opens, closes)."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="weekly_hours", db_index=False)
    weekday = models.PositiveSmallIntegerField()
    span = IntegerRangeField()

    class Meta(Record.Meta):
        verbose_name = "service hours"
        constraints: ClassVar = [
            models.CheckConstraint(name="service_hours_on_a_weekday", condition=Q(weekday__range=(1, 7))),
            models.CheckConstraint(name="service_hours_within_a_day", condition=WITHIN_A_DAY),
            ExclusionConstraint(
                name="service_hours_never_overlap",
                expressions=[
                    ("service", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    ("span", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.weekday} {self.span}"

    @property
    def minutes(self) -> tuple[int, int]:
        return minutes_of(self.span)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class HoursException(Record):
    """A day on which the service has other hours than its week says; without a span it is closed."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="hours_exceptions", db_index=False)
    day = models.DateField()
    name = models.CharField(max_length=100, blank=True)
    span = IntegerRangeField(null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = "exception from service hours"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "day"], name="hours_exception_once"),
            models.CheckConstraint(name="hours_exception_within_a_day", condition=Q(span__isnull=True) | WITHIN_A_DAY),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.day}"

    @property
    def minutes(self) -> list[tuple[int, int]]:
        """Nothing where it is closed."""
        return [minutes_of(self.span)] if self.span else []


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ServiceTarget(Record):
    """A service level target: what is measured, how much of it is agreed, over which time."""

    class Measure(models.TextChoices):
        AVAILABILITY = "availability", _("Availability")
        RESTORE = "time_to_restore", _("Time to restore")
        SUPPORT_RESPONSE = "support_response", _("First answer of support")
        RESPONSE = "response_time", _("Response time")
        CHANGE_FAIL_RATE = "change_fail_rate", _("Change fail rate")
        OTHER = "other", _("Another measure")

    class Unit(models.TextChoices):
        PERCENT = "percent", _("%")
        MILLISECONDS = "ms", _("ms")
        SECONDS = "s", _("s")
        MINUTES = "min", _("min")
        HOURS = "h", _("h")
        DAYS = "d", _("days")
        COUNT = "count", _("times")

    class Better(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    class Window(models.TextChoices):
        DAY = "day", _("a day")
        WEEK = "week", _("a week")
        MONTH = "month", _("30 days")
        QUARTER = "quarter", _("90 days")
        YEAR = "year", _("365 days")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="targets", db_index=False)
    measure = models.CharField(max_length=30, choices=Measure)
    name = models.CharField(max_length=100, blank=True, help_text="What another measure is called.")
    better = models.CharField("is", max_length=10, choices=Better)
    target = models.DecimalField(max_digits=12, decimal_places=3, validators=[MinValueValidator(0)])
    unit = models.CharField(max_length=10, choices=Unit)
    window = models.CharField("over", max_length=10, choices=Window, default=Window.MONTH)

    class Meta(Record.Meta):
        verbose_name = "service level target"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "measure", "name", "window"], name="service_target_once"),
            models.CheckConstraint(
                name="service_target_named",
                condition=(Q(measure="other") & ~Q(name="")) | (~Q(measure="other") & Q(name="")),
            ),
            models.CheckConstraint(name="service_target_not_negative", condition=Q(target__gte=0)),
            models.CheckConstraint(
                name="service_target_within_percent", condition=~Q(unit="percent") | Q(target__lte=100)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.label} {self.get_better_display()} {self.figure} over {self.get_window_display()}"

    @property
    def label(self) -> str:
        return self.name or str(self.get_measure_display())

    @property
    def figure(self) -> str:
        return f"{self.target.normalize():f} {self.get_unit_display()}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class SupportAccess(Record):
    """What the support team can do in a system or tool that the service needs, and why not more."""

    class Access(models.TextChoices):
        FULL = "full", _("Everything")
        WRITE = "write", _("Change")
        READ = "read", _("Read only")
        ON_REQUEST = "on_request", _("On request")
        NONE = "none", _("No access")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="access", db_index=False)
    system = models.CharField("system or tool", max_length=120)
    access = models.CharField(max_length=20, choices=Access)
    reason = models.CharField(max_length=500, blank=True, help_text="Why not more, or how it is asked for.")

    class Meta(Record.Meta):
        verbose_name = "access of support"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "system"], name="support_access_once"),
            models.CheckConstraint(
                name="support_access_says_why", condition=~Q(access__in=["on_request", "none"]) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system}: {self.get_access_display()}"
