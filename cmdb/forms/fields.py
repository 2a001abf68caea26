"""What several forms have."""

import json
from typing import Any

from django import forms
from django.forms.fields import InvalidJSONInput

from cmdb.keys import Key
from itsm.kernel.nesting import UNKEEPABLE_SAID, TooDeep, unkeepable


class KeysField(forms.CharField):
    """Names in other tools, `source:key` one a line; cleans to keys."""

    widget = forms.Textarea(attrs={"rows": 2})

    def clean(self, value: str) -> list[Key]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        keys = [Key.read(line) for line in lines]
        if None in keys:
            wrong = lines[keys.index(None)]
            raise forms.ValidationError(f"{wrong} is not a source, a colon and a key, such as netbox:device-17.")
        return [key for key in keys if key is not None]


class ObjectField(forms.JSONField):
    """A JSON object; left empty it is an object without members, never null. Shown a member a line."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "class": "code", "spellcheck": "false"}

    def prepare_value(self, value: Any) -> Any:
        if value is None:
            return ""
        if isinstance(value, dict):
            return json.dumps(value, indent=2, ensure_ascii=False, cls=self.encoder)
        return super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        """Says where the text stops being JSON."""
        try:
            if unkeepable(json.loads(value or "{}")) is not None:
                raise forms.ValidationError(UNKEEPABLE_SAID)
        except json.JSONDecodeError as error:
            raise forms.ValidationError(f"Line {error.lineno}, column {error.colno}: {error.msg}.") from error
        except (RecursionError, TooDeep) as error:
            raise forms.ValidationError("It is nested too deeply.") from error
        except TypeError:
            pass
        found = super().to_python(value)
        if found is not None and not isinstance(found, dict):
            raise forms.ValidationError('Give an object, such as {"name": "value"}.')
        return found or {}

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)  # shown as it was typed


class WordsField(forms.CharField):
    """What words in a table mean, `field: word = meaning` one a line; cleans to the words of each field."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "code", "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{name}: {word} = {meant}" for name, words in value.items() for word, meant in words.items())

    def clean(self, value: str) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for number, line in enumerate((super().clean(value) or "").splitlines(), 1):
            name, _, said = line.partition(":")
            word, _, meant = (each.strip() for each in said.rpartition("="))
            if name.strip() and word and meant:
                found.setdefault(name.strip(), {})[word] = meant
            elif line.strip():
                raise forms.ValidationError(
                    f"Line {number} is not a field, a colon, a word, = and what it means: status: In use = live."
                )
        return found


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button says it."""
