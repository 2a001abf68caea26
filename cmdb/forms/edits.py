from typing import Any

from django import forms

from cmdb.edit_fields import Change


class AcceptEditForm(forms.Form):
    """Asks what to take only where the CI changed since the edit was proposed."""

    take = forms.MultipleChoiceField(label="Take these fields", widget=forms.CheckboxSelectMultiple)
    comment = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, rows: list[Change], **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not any(row.clashes for row in rows):
            del self.fields["take"]
            return
        choices = [(row.field, f"{row.label}: {row.now} → {row.shall_be}{_mark(row)}") for row in rows]
        self.fields["take"].choices = choices  # type: ignore[attr-defined]
        self.fields["take"].initial = [row.field for row in rows if not row.clashes]


def _mark(row: Change) -> str:
    return f" (was {row.was} when it was proposed)" if row.clashes else ""


class SendBackForm(forms.Form):
    comment = forms.CharField(max_length=500, label="What is wrong with it?")
