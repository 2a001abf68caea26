"""Form fields that name other records, typed with suggestions: a million to choose from are no drop-down list.

Each app offers its kinds in `picks.py`. A record is named by its number, slug or user name, by its exact
name, or as the suggestions write it: `db-1 (CI-17)`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

SUGGESTED, MEANT = 12, 3
BETWEEN = re.compile(r"[\n;]+|,(?=\s*[A-Za-z]+-\d+\s*(?:,|$))", re.MULTILINE)  # names have commas, numbers none
IN_BRACKETS = re.compile(r"\(([^()\s]+)\)\s*$")
NUMBER = re.compile(r"(?:([A-Za-z]+)-)?(\d{1,18})(?:\s.*)?")


@dataclass(frozen=True)
class Kind:
    """What can be named: `handle` is the field of its short name (none: its number), `name` that of its long one,
    `told` that of what is said of it beside the suggestion."""

    noun: str
    records: Callable[[], QuerySet]
    example: str
    name: str = ""
    handle: str = ""
    told: str = ""
    words: tuple[str, ...] = ("name",)

    def written(self, record: Any) -> str:
        handle = getattr(record, self.handle) if self.handle else record.number
        called = getattr(record, self.name, "") if self.name else ""
        return f"{called or record} ({handle})"

    def suggestions(self, words: str, actor: Any) -> list[tuple[str, str]]:
        """Each as it is written, and what is said of it: a browser shows only what has the words in one of the two."""
        found = self._with(words, _seen(self.records(), actor))[:SUGGESTED]
        return [(self.written(record), getattr(record, self.told, "") if self.told else "") for record in found]

    def like(self, words: str) -> list[str]:
        """A few that these words may have meant, of what is found by what it does and seen by everybody."""
        return [self.written(record) for record in self._with(words, self.records())[:MEANT]] if self.told else []

    def _with(self, words: str, records: QuerySet) -> QuerySet:
        for word in words.split()[:5]:
            records = records.filter(_any((f"{field}__icontains", word) for field in self.words))
        return records.order_by(self.words[0], "pk")

    def named(self, parts: Iterable[str]) -> dict[str, list[Model]]:
        """The records that each part names, by one query; more than one where a name is not unique."""
        said = {part: self._handle_in(part) for part in parts}
        numbers = {part: pk for part, handle in said.items() if (pk := self._number_in(handle)) is not None}
        wanted = Q(pk__in=numbers.values())
        if self.handle:
            wanted |= Q(**{f"{self.handle}__in": said.values()})
        if self.name:
            wanted |= Q(**{f"{self.name}__in": [*said]})
        found = list(self.records().filter(wanted).order_by("pk")) if said else []
        return {part: self._of(part, handle, numbers.get(part), found) for part, handle in said.items()}

    def _of(self, part: str, handle: str, number: int | None, found: list[Model]) -> list[Model]:
        for fits in (
            lambda record: number == record.pk,
            lambda record: self.handle and getattr(record, self.handle) == handle,
            lambda record: self.name and getattr(record, self.name) == part,
        ):
            if those := [record for record in found if fits(record)]:
                return those
        return []

    @staticmethod
    def _handle_in(part: str) -> str:
        match = IN_BRACKETS.search(part)
        return match[1] if match else part

    def _number_in(self, handle: str) -> int | None:
        prefix = getattr(self.records().model, "PREFIX", None)
        match = NUMBER.fullmatch(handle)
        return int(match[2]) if match and (match[1] or prefix or "").upper() == (prefix or "") else None


_kinds: dict[str, Kind] = {}


def offer(kind: str, **about: Any) -> None:
    """Let records of this kind be picked; see Kind for what is said about them."""
    _kinds[kind] = Kind(**about)


def _any(conditions: Iterable[tuple[str, str]]) -> Q:
    found = Q()
    for field, value in conditions:
        found |= Q(**{field: value})
    return found


def _seen(records: Any, actor: Any) -> Any:
    return records.visible_to(actor) if hasattr(records, "visible_to") else records


class Picker(forms.TextInput):
    """One record, with suggestions from the server in a list of the browser's own."""

    template_name = "widgets/picker.html"

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None):
        super().__init__({"autocomplete": "off", "placeholder": _kinds[kind].example, **(attrs or {})})
        self.kind = kind

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        choices = f"{context['widget']['attrs'].get('id', name)}-choices"
        context["widget"]["attrs"] |= {
            "list": choices,
            "hx-get": reverse("suggest", args=[self.kind]),
            "hx-trigger": "focus once, input changed delay:200ms",
            "hx-target": f"#{choices}",
            "hx-swap": "innerHTML",
            "hx-push-url": "false",
            "hx-sync": "this:replace",
        }
        return context


class Pickers(forms.Textarea):
    """Several records, one a line; picker.js makes a row of chips of it where scripts run."""

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None):
        super().__init__({"rows": 3, **(attrs or {})})
        self.kind = kind

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-pick": reverse("suggest", args=[self.kind]), "data-example": _kinds[self.kind].example
        }  # fmt: skip
        return context


class PickField(forms.CharField):
    """One record; cleans to it, or to None when it may be left empty."""

    def __init__(self, kind: str, **options: Any):
        self.kind = _kinds[kind]
        options.setdefault("widget", Picker(kind))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.kind.records().filter(pk=value).first()
        return self.kind.written(value) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        said = (super().clean(value) or "").strip()
        return self.only(said, self.kind.named([said])[said]) if said else None

    def only(self, said: str, found: list[Model]) -> Model:
        if len(found) == 1:
            return found[0]
        if found:
            which = ", ".join(self.kind.written(record) for record in found[:5])
            raise forms.ValidationError(f"More than one {self.kind.noun} is called {said}: {which}. Say which.")
        like = self.kind.like(said[:100])
        fix = f"Do you mean {', or '.join(like)}?" if like else f"Give it as {self.kind.example}."
        raise forms.ValidationError(f"There is no {self.kind.noun} {said!r}. {fix}")


class PickManyField(PickField):
    """Several records, one a line; cleans to them in the order given."""

    def __init__(self, kind: str, **options: Any):
        options.setdefault("widget", Pickers(kind))
        super().__init__(kind, **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple | QuerySet):
            return "\n".join(str(PickField.prepare_value(self, each)) for each in value)
        return value

    def clean(self, value: Any) -> list[Any]:
        lines = "\n".join(map(str, value)) if isinstance(value, list | tuple) else value
        text = forms.CharField.clean(self, lines) or ""
        found = self.kind.named(dict.fromkeys(part.strip() for part in BETWEEN.split(text) if part.strip()))
        return list({record.pk: record for record in (self.only(*each) for each in found.items())}.values())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))


@require_GET
def suggest(request: HttpRequest, kind: str) -> HttpResponse:
    """The options of a picker for what was typed; the field's own name is the parameter's."""
    if kind not in _kinds:
        raise Http404
    words = str(next(iter(request.GET.dict().values()), "")).replace("\x00", "")[:100]
    found = _kinds[kind].suggestions(IN_BRACKETS.sub("", words), request.actor)  # type: ignore[attr-defined]
    return TemplateResponse(request, "widgets/choices.html", {"choices": found})
