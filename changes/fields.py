"""Form fields for moments, days and some lines of text."""

from datetime import date, datetime
from typing import Any

from django import forms

from changes.models.calendar import NO_YEAR, YEARS


class Moment(forms.DateTimeField):
    """A date and time of day in the reader's own zone."""

    def __init__(self, **options: Any):
        kind = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=kind, **options)

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment and moment.year not in YEARS:
            raise forms.ValidationError(NO_YEAR, code="no_year")
        return moment


class Day(forms.DateField):
    def __init__(self, **options: Any):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and day.year not in YEARS:
            raise forms.ValidationError(NO_YEAR, code="no_year")
        return day


class Text(forms.CharField):
    """Some lines of text."""

    def __init__(self, *, rows: int = 3, **options: Any):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)
