"""The forms of acceptance, incidents, meetings and improvements."""

from typing import Any

from django import forms

from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem, Service
from transition.models import Gap, Improvement, Incident


class CIField(forms.CharField):
    """One CI by number or exact name."""

    def clean(self, value: Any) -> Any:
        ref = str(super().clean(value) or "").strip()
        if not ref:
            return None
        cis = ConfigurationItem.objects.all()
        found = cis.by_ref(ref).first() or cis.filter(name=ref).first()
        if found is None:
            raise forms.ValidationError(f"There is no CI {ref!r}.")
        return found


class ChangeField(forms.CharField):
    """A change by its number."""

    def clean(self, value: Any) -> Any:
        ref = str(super().clean(value) or "").strip()
        found = ChangeRequest.objects.all().by_ref(ref).first()
        if found is None:
            raise forms.ValidationError(f"There is no change {ref!r}.")
        return found


def lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=[("succeeded", "Succeeded"), ("failed", "Failed")], widget=forms.RadioSelect)


class AcceptForm(forms.Form):
    comment = forms.CharField(required=False, widget=lines())


class PushBackForm(forms.Form):
    title = forms.CharField(max_length=200, label="What is missing?")
    severity = forms.ChoiceField(choices=Gap.Severity.choices, help_text="A critical gap blocks going live.")
    comment = forms.CharField(required=False, widget=lines())


class ReviewForm(forms.Form):
    service = forms.ModelChoiceField(Service.objects.order_by("name"))


class RiskForm(forms.Form):
    until = forms.DateTimeField(widget=moment(), help_text="After it the gap stands again.")
    reason = forms.CharField(widget=lines(), label="Why can the risk be borne?")


class IncidentForm(forms.Form):
    title = forms.CharField(max_length=200, label="What is broken?")
    text = forms.CharField(required=False, widget=lines(5), label="What did people notice?")
    service = forms.ModelChoiceField(Service.objects.order_by("name"), required=False)
    ci = CIField(required=False, label="CI", help_text="Its number (CI-17) or its exact name, if you know it.")
    priority = forms.TypedChoiceField(coerce=int, choices=[(n, str(n)) for n in range(1, 6)], initial=3)
    opened_at = forms.DateTimeField(widget=moment(), label="Since when?")


class CauseForm(forms.Form):
    change = ChangeField(help_text="The number of the change that did it, such as RFC-12.")


class MinutesForm(forms.Form):
    minutes = forms.CharField(widget=lines(10))


class ActForm(forms.Form):
    title = forms.CharField(max_length=200, label="What is to be better?")
    text = forms.CharField(required=False, widget=lines())


class ImprovementForm(forms.ModelForm):
    class Meta:
        model = Improvement
        fields = ("title", "text", "service", "level", "owner", "measure", "baseline", "target", "check_on")
        widgets = {"check_on": forms.DateInput(attrs={"type": "date"}), "text": lines(4)}


class DoneForm(forms.Form):
    check_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), label="When shall it be measured again?")


class CheckForm(forms.Form):
    actual = forms.DecimalField(required=False, help_text="Leave it empty when the program measures it.")


INCIDENT_STATES = Incident.State.choices
