"""What forms of several apps share."""

from typing import Any

from django.forms import BaseForm
from django.forms.widgets import Select, SelectMultiple

DASHES = "---------"  # how Django writes that nothing is chosen


def say_no_choice(form: BaseForm) -> None:
    """Selects say in words that nothing is chosen yet, or that nothing may be chosen."""
    fields: dict[str, Any] = form.fields
    for field in fields.values():
        if not isinstance(field.widget, Select) or isinstance(field.widget, SelectMultiple):
            continue
        word = "Choose…" if field.required else "None"
        if hasattr(field, "empty_label"):
            if field.empty_label == DASHES:
                field.empty_label = word
                field.widget.choices = field.choices
        else:
            field.widget.choices = [(value, word if said == DASHES else said) for value, said in field.widget.choices]


class CheckedByItsOperation:
    """For a ModelForm: what the database forbids, the operation refuses in words and at the field.

    Django would say the constraint's name first, which tells nobody anything.
    """

    instance: Any

    def _post_clean(self) -> None:
        self.instance.validate_constraints = _nothing
        try:
            super()._post_clean()  # type: ignore[misc]
        finally:
            del self.instance.validate_constraints


def _nothing(exclude: Any = None) -> None:
    pass
