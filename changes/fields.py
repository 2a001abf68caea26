"""Form fields that fit large organisations: configuration items by reference, people, services, moments."""

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from cmdb.models import ConfigurationItem, Service
from itsm.kernel.models import User

SEPARATOR = re.compile(r"[\n;,]+")
NUMBER = re.compile(r"CI-(\d{1,18})", re.IGNORECASE)


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


class Person(forms.ModelChoiceField):
    """One of the people who can sign in."""

    def __init__(self, **options: Any):
        everybody = User.objects.filter(is_active=True, is_machine=False).order_by(
            "last_name", "first_name", "username"
        )
        super().__init__(everybody, **options)


class Services(forms.ModelMultipleChoiceField):
    def __init__(self, **options: Any):
        listed = Service.objects.exclude(status=Service.Status.RETIRED).order_by("name")
        super().__init__(listed, widget=forms.CheckboxSelectMultiple, **options)


class CIs(forms.CharField):
    """Configuration items, each by its number or its exact name, one a line; cleans to the items."""

    def __init__(self, **options: Any):
        options.setdefault("help_text", "One a line: a number (CI-17) or an exact name.")
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple | QuerySet):
            return "\n".join(f"{ci.number} {ci.name}" for ci in value)
        return value

    def clean(self, value: Any) -> list[ConfigurationItem]:
        said = [part.strip() for part in SEPARATOR.split(super().clean(value) or "") if part.strip()]
        numbers = {part: int(found[1]) for part in said if (found := NUMBER.match(part))}
        known = ConfigurationItem.objects.filter(Q(pk__in=numbers.values()) | Q(name__in=said)).order_by("pk")
        by_pk, by_name = {ci.pk: ci for ci in known}, self._by_name(known)
        chosen = {part: by_pk.get(numbers[part]) if part in numbers else self._only(by_name, part) for part in said}
        if missing := [part for part, ci in chosen.items() if ci is None]:
            raise forms.ValidationError(f"There is no configuration item {', '.join(missing[:5])}.")
        return list({ci.pk: ci for ci in chosen.values() if ci}.values())

    @staticmethod
    def _by_name(known: QuerySet[ConfigurationItem]) -> dict[str, list[ConfigurationItem]]:
        named: dict[str, list[ConfigurationItem]] = {}
        for ci in known:
            named.setdefault(ci.name, []).append(ci)
        return named

    @staticmethod
    def _only(named: dict[str, list[ConfigurationItem]], name: str) -> ConfigurationItem | None:
        found = named.get(name, [])
        if len(found) > 1:
            numbers = ", ".join(ci.number for ci in found[:5])
            raise forms.ValidationError(f"Several items are called {name}: say which by its number ({numbers}).")
        return found[0] if found else None


class OneCI(CIs):
    """At most one configuration item."""

    def __init__(self, **options: Any):
        options.setdefault("help_text", "Its number (CI-17) or its exact name.")
        super().__init__(**options)
        self.widget = forms.TextInput()

    def prepare_value(self, value: Any) -> Any:
        return f"{value.number} {value.name}" if isinstance(value, ConfigurationItem) else value

    def clean(self, value: Any) -> ConfigurationItem | None:  # type: ignore[override]
        found = super().clean(value)
        if len(found) > 1:
            raise forms.ValidationError("Name one configuration item only.")
        return found[0] if found else None
