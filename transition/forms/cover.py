"""Forms of absences and of a stream's rota."""

from typing import Any

from django import forms

from itsm.kernel.models import User
from itsm.kernel.picking import PickField
from itsm.kernel.roles import Role
from transition.forms.delivery import DayInput
from transition.models import DeliveryStream


class AbsenceForm(forms.Form):
    user = PickField("person", required=False, label="Who", help_text="Empty: you.")
    first = forms.DateField(widget=DayInput(), label="First day away")
    last = forms.DateField(widget=DayInput(), label="Last day away")

    def __init__(self, *args: Any, me: User | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.me = me

    def clean_user(self) -> User | None:
        return self.cleaned_data["user"] or self.me


class ShiftForm(forms.Form):
    role = forms.ChoiceField()
    user = PickField("person", label="Who")
    first = forms.DateField(widget=DayInput(), label="First day")
    last = forms.DateField(widget=DayInput(), label="Last day")

    def __init__(self, *args: Any, stream: DeliveryStream, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role, Role(role).label) for role in stream.roles]  # type: ignore[attr-defined]
