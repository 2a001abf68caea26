"""The forms of acceptance, incidents, meetings and improvements."""

from typing import Any

from django import forms

from cmdb.models import Service
from itsm.kernel.picking import PickField
from transition.models import CriterionResult, DeliveryStream, Gap, Improvement, MeetingSeries, ReleasePackage
from transition.queries.measures import MEASURES


def lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=[("succeeded", "Succeeded"), ("failed", "Failed")], widget=forms.RadioSelect)


class RollBackForm(forms.Form):
    reason = forms.CharField(
        widget=lines(), max_length=2000, label="Why?", help_text="Its change is judged as backed out and reviewed."
    )  # fmt: skip


class DevolutionForm(forms.Form):
    """The terms on which a pipeline decides alone."""

    days = forms.IntegerField(min_value=1, max_value=365, initial=30, label="Record over (days)")
    min_deployments = forms.IntegerField(min_value=1, max_value=10_000, initial=5, label="At least so many deployments")
    max_failed_percent = forms.DecimalField(
        min_value=0, max_value=100, max_digits=4, decimal_places=1, initial=15, label="At most failed (%)"
    )


class AcceptForm(forms.Form):
    comment = forms.CharField(required=False, widget=lines())


class PushBackForm(forms.Form):
    title = forms.CharField(max_length=200, label="What is missing?")
    severity = forms.ChoiceField(choices=Gap.Severity.choices, help_text="A critical gap blocks going live.")
    owner = PickField("person", required=False, label="Who sees to it?", help_text="Empty: the service's owner.")
    due = forms.DateField(required=False, widget=day(), label="Until when?")
    comment = forms.CharField(required=False, widget=lines())


class GapForm(forms.Form):
    service = PickField(
        "service",
    )
    title = forms.CharField(max_length=200, label="What is missing?")
    severity = forms.ChoiceField(choices=Gap.Severity.choices, help_text="A critical gap blocks going live.")
    owner = PickField("person", required=False, label="Who sees to it?", help_text="Empty: the service's owner.")
    due = forms.DateField(required=False, widget=day(), label="Until when?")


class CloseForm(forms.Form):
    reason = forms.CharField(required=False, widget=lines(), label="What is there now?")


class CriterionForm(forms.Form):
    code = forms.SlugField(max_length=60, help_text="Short, such as restore-tried; it never changes.")
    text = forms.CharField(max_length=300, label="What must be so?")
    delivery_model = forms.ChoiceField(
        choices=[("", "Any service"), *Service.DeliveryModel.choices], required=False, label="For which services?"
    )


class AnswerForm(forms.Form):
    result = forms.ChoiceField(choices=CriterionResult.Result.choices, widget=forms.RadioSelect)
    note = forms.CharField(required=False, widget=lines(), label="What did you see?")


class ReviewForm(forms.Form):
    service = PickField(
        "service",
    )
    package = forms.ModelChoiceField(
        ReleasePackage.objects.select_related("plan__service").order_by("plan", "ordinal"), required=False
    )
    stream = forms.ModelChoiceField(
        DeliveryStream.objects.filter(kind=DeliveryStream.Kind.ACCEPTANCE_TEST).select_related("plan__service"),
        required=False, help_text="Choose a package or a stream; neither means the service as a whole.",
    )  # fmt: skip


class RiskForm(forms.Form):
    until = forms.DateTimeField(widget=moment(), help_text="After it the gap stands again.")
    reason = forms.CharField(widget=lines(), label="Why can the risk be borne?")


class IncidentForm(forms.Form):
    title = forms.CharField(max_length=200, label="What is broken?")
    text = forms.CharField(required=False, widget=lines(5), label="What did people notice?")
    service = PickField("service", required=False)
    ci = PickField("ci", required=False, label="CI")
    priority = forms.TypedChoiceField(coerce=int, choices=[(n, str(n)) for n in range(1, 6)], initial=3)
    opened_at = forms.DateTimeField(widget=moment(), label="Since when?")


class CauseForm(forms.Form):
    change = PickField("change", help_text="The change that did it.")


class MinutesForm(forms.Form):
    minutes = forms.CharField(widget=lines(10))


class ActForm(forms.Form):
    title = forms.CharField(max_length=200, label="What is to be better?")
    text = forms.CharField(required=False, widget=lines())


class SeriesForm(forms.Form):
    service = PickField(
        "service",
    )
    kind = forms.ChoiceField(choices=MeetingSeries.Kind.choices, widget=forms.RadioSelect)
    at = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}), label="At what time, every day?")
    time_zone = forms.CharField(max_length=63, initial="UTC", help_text="Such as Europe/Berlin.")
    pack_minutes_before = forms.IntegerField(
        min_value=0, max_value=720, initial=30, label="The pack is ready so many minutes before"
    )


class ImprovementForm(forms.ModelForm):
    service = PickField("service", required=False)

    class Meta:
        model = Improvement
        fields: tuple[str, ...] = (
            "title", "text", "service", "level", "owner", "incident", "measure", "baseline", "target", "check_on"
        )  # fmt: skip
        widgets = {"check_on": day(), "text": lines(4), "incident": forms.HiddenInput()}
        labels = {
            "title": "What is to be better?",
            "text": "What and why?",
            "baseline": "Before",
            "check_on": "Check on",
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PickField("person", required=False)
        known = ", ".join(f"{name}:{measure.prefix}-1" for name, measure in MEASURES.items())
        self.fields["measure"].help_text = f"The program takes these itself: {known}. Anything else you measure."


class ImprovementEditForm(ImprovementForm):
    class Meta(ImprovementForm.Meta):
        fields = ("title", "text", "level", "owner", "measure", "baseline", "target", "check_on")


class DropForm(forms.Form):
    reason = forms.CharField(required=False, widget=lines(), label="Why is it given up?")


class DismissForm(forms.Form):
    """The number of a change, or nothing: no change did it."""

    change = PickField("change", required=False, widget=forms.HiddenInput())


class DoneForm(forms.Form):
    check_on = forms.DateField(widget=day(), label="When shall it be measured again?")


class CheckForm(forms.Form):
    actual = forms.DecimalField(required=False, help_text="Leave it empty when the program measures it.")


class LessonForm(forms.Form):
    """What a change taught, as an improvement."""

    title = forms.CharField(max_length=200, label="What is to be better?")
    text = forms.CharField(required=False, widget=lines(5), label="What was learnt")
