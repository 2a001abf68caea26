from django import forms

from itsm.kernel.picking import PickField, PickManyField
from knowledge.models import ArticleTest


class ArticleForm(forms.Form):
    title = forms.CharField(max_length=200)
    body = forms.CharField(widget=forms.Textarea(attrs={"rows": 16}), label="Text", help_text="Markdown.")
    audience = forms.CharField(max_length=60, required=False, help_text="For whom: support, operations, users.")
    describes = PickManyField("ci", required=False, help_text="CIs it describes.")
    review_due = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


class FactsForm(forms.Form):
    """What is said about an article; its text has versions of its own."""

    title = forms.CharField(max_length=200)
    audience = forms.CharField(max_length=60, required=False, help_text="For whom: support, operations, users.")
    owner = PickField("person", help_text="Who answers for it.")
    review_due = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


class VersionForm(forms.Form):
    body = forms.CharField(widget=forms.Textarea(attrs={"rows": 20}), label="Text", help_text="Markdown.")


class TestForm(forms.Form):
    result = forms.ChoiceField(choices=ArticleTest.Result.choices, widget=forms.RadioSelect)
    environment = forms.CharField(max_length=60, required=False, help_text="Where you did what it says.")
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), required=False)


class DescribeForm(forms.Form):
    ci = PickField("ci", label="CI")


class FeedbackForm(forms.Form):
    helpful = forms.TypedChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        label="Did it help?",
    )
    comment = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)


class RetireForm(forms.Form):
    reason = forms.CharField(required=False, help_text="It stands in the history.")
