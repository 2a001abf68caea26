"""Form fields for moments, days and some lines of text."""

from typing import Any

from django import forms


class Moment(forms.DateTimeField):
    """A date and time of day in the reader's own zone."""

    def __init__(self, **options: Any):
        kind = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=kind, **options)


class Day(forms.DateField):
    def __init__(self, **options: Any):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class Text(forms.CharField):
    """Some lines of text."""

    def __init__(self, *, rows: int = 3, **options: Any):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)
