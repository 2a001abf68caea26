"""Forms of services: what is said of one, and its way through the portfolio."""

from typing import Any, ClassVar

from django import forms

from cmdb.models import ConfigurationItem, Service
from cmdb.portfolio.points import Point
from itsm.kernel.picking import PickField


class ServiceForm(forms.ModelForm):
    owner = PickField("person", required=False)
    sponsor = PickField("person", required=False)

    class Meta:
        model = Service
        fields: ClassVar = ["name", "summary", "owner", "sponsor", "support_team", "delivery_model"]


class NewServiceForm(ServiceForm):
    step = forms.ChoiceField(
        choices=Service.SubState.choices, initial=Service.SubState.DEFINED, label="Where it is today",
        help_text="A new service is defined. One that is there already is entered where it is.",
    )  # fmt: skip
    criticality = forms.TypedChoiceField(
        choices=ConfigurationItem.Criticality.choices, coerce=int, initial=ConfigurationItem.Criticality.MEDIUM
    )


class TransitionForm(forms.Form):
    """Which point is meant stands in the address; a step back asks why."""

    to = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It stands in the history of the points.",
    )  # fmt: skip

    def __init__(self, *args: Any, point: Point | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = point is not None and point.back


class WaiveForm(forms.Form):
    point = forms.CharField(widget=forms.HiddenInput)
    criterion = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What makes it bearable, and until when it will be mended.",
    )  # fmt: skip
