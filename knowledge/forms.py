import re

from django import forms

from cmdb.models import ConfigurationItem
from knowledge.models import ArticleTest

SEPARATOR = re.compile(r"[\n;,]+")


class CIsField(forms.CharField):
    """CIs by number or exact name, one a line; cleans to the items."""

    def clean(self, value: str) -> list[ConfigurationItem]:
        found = []
        for ref in filter(None, (part.strip() for part in SEPARATOR.split(super().clean(value)))):
            cis = ConfigurationItem.objects.all()
            ci = cis.by_ref(ref).first() or cis.filter(name=ref).first()
            if ci is None:
                raise forms.ValidationError(f"There is no CI {ref!r}.")
            found.append(ci)
        return found


class ArticleForm(forms.Form):
    title = forms.CharField(max_length=200)
    body = forms.CharField(widget=forms.Textarea(attrs={"rows": 16}), label="Text", help_text="Markdown.")
    audience = forms.CharField(max_length=60, required=False, help_text="For whom: support, operations, users.")
    describes = CIsField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="CIs it describes, one a line: a number (CI-17) or an exact name.",
    )
    review_due = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


class VersionForm(forms.Form):
    body = forms.CharField(widget=forms.Textarea(attrs={"rows": 20}), label="Text", help_text="Markdown.")


class TestForm(forms.Form):
    result = forms.ChoiceField(choices=ArticleTest.Result.choices, widget=forms.RadioSelect)
    environment = forms.CharField(max_length=60, required=False, help_text="Where you did what it says.")
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), required=False)


class DescribeForm(forms.Form):
    ci = forms.CharField(label="CI", help_text="Its number (CI-17) or its exact name.")

    def clean_ci(self) -> ConfigurationItem:
        ref = self.cleaned_data["ci"].strip()
        cis = ConfigurationItem.objects.all()
        found = cis.by_ref(ref).first() or cis.filter(name=ref).first()
        if found is None:
            raise forms.ValidationError(f"There is no CI {ref!r}.")
        return found


class FeedbackForm(forms.Form):
    helpful = forms.TypedChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        label="Did it help?",
    )
    comment = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button says it."""
