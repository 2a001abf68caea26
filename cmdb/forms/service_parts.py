"""Forms of what is agreed for a service in rows: hours, targets, access."""

import re
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from cmdb import service_hours
from cmdb.models import HoursException, Service, ServiceTarget, SupportAccess
from cmdb.service_hours import DAYS, Hours, Unreadable

SPARE = 2
MOST_ROWS = 200
EXCEPTION = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(closed|[\d:]+\s*[-–—]\s*[\d:]+)\s*(.*)", re.ASCII | re.IGNORECASE)
LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class SpansField(forms.CharField):
    """The hours of one weekday; cleans to spans."""

    def __init__(self, **options: Any):
        super().__init__(required=False, max_length=200, **options)

    def clean(self, value: Any) -> list[service_hours.Span]:
        try:
            return service_hours.spans_in(super().clean(value))
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error


class ExceptionsField(forms.CharField):
    """A day a line: `2026-12-24 closed Christmas Eve`, or with its hours."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> list[dict[str, Any]]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return [self._line(line) for line in lines]

    def _line(self, line: str) -> dict[str, Any]:
        match = EXCEPTION.fullmatch(line)
        if match is None:
            raise forms.ValidationError(f"{line[:60]!r}: write it as 2026-12-24 closed Christmas Eve.")
        try:
            spans = [] if match[2].lower() == "closed" else service_hours.spans_in(match[2])
            day = date.fromisoformat(match[1])
        except ValueError as error:
            raise forms.ValidationError(f"{line[:60]!r}: {error}") from error
        if len(match[3]) > 100:
            raise forms.ValidationError(f"{line[:60]!r}: what it is called is too long.")
        return {"day": day, "name": match[3], "span": spans[0] if spans else None}


def _zones() -> list[tuple[str, str]]:
    return [("", "The organisation's"), *((name, name) for name in sorted(zoneinfo.available_timezones()))]


class HoursForm(forms.Form):
    mon, tue, wed, thu, fri, sat, sun = (SpansField(label=name) for name in LONG_DAYS)
    zone = forms.ChoiceField(choices=_zones, required=False, label="Time zone")
    exceptions = ExceptionsField(
        required=False, max_length=40_000, label="Days that are otherwise",
        help_text="One a line: 2026-12-24 closed Christmas Eve, or 2026-12-31 08:00–12:00 Short day.",
    )  # fmt: skip
    week: ClassVar = [name.lower() for name in DAYS]

    @classmethod
    def of(cls, service: Service, hours: Hours, exceptions: Iterable[HoursException]) -> dict[str, Any]:
        """What it shows at first."""
        said = {name: service_hours.told(hours.week.get(day, ())) for day, name in enumerate(cls.week, 1)}
        return said | {"zone": service.hours_zone, "exceptions": "\n".join(_told(each) for each in exceptions)}

    @property
    def weekdays(self) -> list[forms.BoundField]:
        return [self[name] for name in self.week]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        week = {day: said[name] for day, name in enumerate(self.week, 1)}
        return {"service_hours": {"zone": said["zone"], "week": week, "exceptions": said["exceptions"]}}


def _told(exception: HoursException) -> str:
    spans = service_hours.told(exception.minutes) or "closed"
    return f"{exception.day.isoformat()} {spans} {exception.name}".rstrip()


class RowsForm(forms.Form):
    """Rows of the same fields, some of them spare. A row whose first field is left empty is none."""

    part: ClassVar[str]
    noun: ClassVar[str]
    row: ClassVar[Mapping[str, Callable[[], forms.Field]]]
    needed: ClassVar[tuple[str, ...]]

    def __init__(self, *args: Any, rows: Iterable[Any] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        there = list(rows)
        self.key = next(iter(self.row))
        self.count = self._sent() if self.is_bound else min(len(there) + SPARE, MOST_ROWS)
        for at in range(self.count):
            for name, make in self.row.items():
                field = make()
                field.required = False
                field.initial = _shown(getattr(there[at], name)) if at < len(there) else field.initial
                self.fields[f"{name}_{at}"] = field

    def _sent(self) -> int:
        at = 0
        while at < MOST_ROWS and f"{self.key}_{at}" in self.data:
            at += 1
        return at

    @property
    def groups(self) -> list[list[forms.BoundField]]:
        return [[self[f"{name}_{at}"] for name in self.row] for at in range(self.count)]

    @property
    def others(self) -> list[forms.BoundField]:
        """What is asked beside the rows."""
        return [self[name] for name in self.base_fields]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self.kept = [at for at in range(self.count) if str(self.data.get(f"{self.key}_{at}", "")).strip()]
        for at in self.kept:
            for name in self.needed:
                if said.get(f"{name}_{at}") in (None, "") and f"{name}_{at}" not in self.errors:
                    self.add_error(f"{name}_{at}", "This is needed too.")
        if self.errors:
            return said
        rows = [{name: said[f"{name}_{at}"] for name in self.row} for at in self.kept]
        return {self.part: rows, **{name: said[name] for name in self.base_fields}}

    def places(self, errors: dict[str, Any]) -> dict[str, Any]:
        """Where the operation's errors, by part and position, are to be seen."""
        found = {name: messages for name, messages in errors.items() if name != self.part}
        rows = errors.get(self.part, {})
        if not isinstance(rows, dict):
            return errors
        for at, fields in rows.items():
            found |= {f"{name}_{self.kept[int(at)]}": messages for name, messages in fields.items()}
        return found


def _shown(value: Any) -> Any:
    """A number without the noughts that its column adds."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class TargetsForm(RowsForm):
    part = "sla_targets"
    noun = "Target"
    needed = ("better", "target", "unit", "window")
    row: ClassVar = {
        "measure": lambda: forms.ChoiceField(choices=[("", "–"), *ServiceTarget.Measure.choices], label="Measure"),
        "name": lambda: forms.CharField(max_length=100, label="Called, if another"),
        "better": lambda: forms.ChoiceField(
            choices=ServiceTarget.Better.choices, label="Is", initial=ServiceTarget.Better.AT_LEAST
        ),
        "target": lambda: forms.DecimalField(max_digits=12, decimal_places=3, min_value=0, label="Target"),
        "unit": lambda: forms.ChoiceField(choices=ServiceTarget.Unit.choices, label="Unit"),
        "window": lambda: forms.ChoiceField(
            choices=ServiceTarget.Window.choices, label="Over", initial=ServiceTarget.Window.MONTH
        ),
    }


class AccessForm(RowsForm):
    part = "access"
    noun = "System"
    needed = ("access",)
    row: ClassVar = {
        "system": lambda: forms.CharField(max_length=120, label="System or tool"),
        "access": lambda: forms.ChoiceField(choices=SupportAccess.Access.choices, label="Support may"),
        "reason": lambda: forms.CharField(max_length=500, label="Why not more, or how it is asked for"),
    }
    delivery_model = forms.ChoiceField(choices=Service.DeliveryModel.choices, label="Delivered")
    support_access = forms.CharField(
        required=False, max_length=5000, label="What else is to be said", widget=forms.Textarea(attrs={"rows": 2})
    )
