"""Forms of audits."""

from typing import Any

from django import forms

from cmdb.forms.fields import ObjectField
from cmdb.importing.readers import READERS
from cmdb.models import ImportProfile
from cmdb.operations.samples import MOST


class AuditForm(forms.Form):
    name = forms.CharField(max_length=200, help_text="What was looked at, such as: servers of the east hall.")
    file = forms.FileField(max_length=200, help_text="What the tool found. It is kept until it is compared.")
    format = forms.ChoiceField(choices=[(code, reader.label) for code, reader in READERS.items()])
    profile = forms.ModelChoiceField(
        ImportProfile.objects.order_by("name"), required=False, help_text="Says what the columns of a CSV table are.",
        empty_label="None: the format says it",
    )  # fmt: skip
    source = forms.CharField(
        max_length=60, required=False,
        help_text="The tool that looked, as external keys name it, such as netbox. With a profile it may be left "
        "empty.",
    )  # fmt: skip
    query = forms.CharField(
        required=False, max_length=2000, label="Expected are",
        help_text="A filter of the list of CIs, such as ci_class=server. Live CIs of it that were not found are "
        "missing. Left empty: those that the source knows.",
    )  # fmt: skip
    observed_at = forms.DateTimeField(
        required=False, label="When the tool looked", help_text="Left empty: now.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    options = ObjectField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text='What the format may be told besides, such as {"environment": "production"}.',
    )  # fmt: skip
    verify_matches = forms.BooleanField(required=False, initial=True, label="What agrees counts as verified")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("profile") and not said.get("source"):
            self.add_error("source", "Say which tool looked, or choose a profile.")
        return said

    @staticmethod
    def places(errors: dict[str, Any]) -> dict[str, Any]:
        """An option that is wrong is told at the field of all."""
        return {("options" if field.startswith("options.") else field): messages for field, messages in errors.items()}


class SampleForm(forms.Form):
    name = forms.CharField(max_length=200, help_text="Such as: servers, fourth quarter.")
    size = forms.IntegerField(
        min_value=1, max_value=MOST, initial=50, label="How many",
        help_text="50 say it within 14 points or better, 200 within 7.",
    )  # fmt: skip
    query = forms.CharField(
        required=False, max_length=2000, label="Drawn from",
        help_text="A filter of the list of CIs, such as ci_class=server. Left empty: all live ones.",
    )  # fmt: skip
    due_on = forms.DateField(label="Answers by", widget=forms.DateInput(attrs={"type": "date"}))


class AnswerForm(forms.Form):
    verdict = forms.ChoiceField(
        choices=[("true", "All of it is true"), ("wrong", "Something is wrong")], widget=forms.RadioSelect,
        label="The record",
    )  # fmt: skip
    note = forms.CharField(max_length=500, required=False, label="What is wrong")


class IgnoreForm(forms.Form):
    reason = forms.CharField(max_length=500, label="Why may it stay as it is?")
    until = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Audits until then find it ignored; after it they ask again.",
    )


class RaiseForm(forms.Form):
    title = forms.CharField(max_length=200, required=False, help_text="Left empty it is made from what was found.")
