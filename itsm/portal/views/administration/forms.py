"""The forms of administration, in plain words."""

import zoneinfo
from datetime import date
from typing import Any, ClassVar

from django import forms

from changes import fields
from itsm.kernel import workdays
from itsm.kernel.forms import CheckedByItsOperation
from itsm.kernel.models import Organisation, Team, User
from itsm.kernel.models.organisation import WEEKDAYS
from itsm.kernel.picking import PickField, PickManyField
from itsm.kernel.roles import Role

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


def _zones(none: str) -> list[tuple[str, str]]:
    return [("", none), *((name, name) for name in sorted(zoneinfo.available_timezones()))]


class Zone(forms.ChoiceField):
    def __init__(self, none: str, **options: Any):
        super().__init__(choices=lambda: _zones(none), required=False, label="Time zone", **options)


class WhyForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why?", help_text="Kept with the change, for whoever wonders later.")


class PersonForm(forms.Form):
    first_name = forms.CharField(max_length=150, required=False)
    last_name = forms.CharField(max_length=150, required=False)
    email = forms.EmailField(
        required=False, label="Mail address", help_text="Where links to set a password, and messages, are sent."
    )
    time_zone = Zone("The organisation's")
    needs_second_factor = forms.BooleanField(
        required=False,
        label="Demand a second factor",
        help_text="Nothing else opens for this person before an authenticator app or a security key is set up.",
    )

    @staticmethod
    def of(user: User) -> dict[str, Any]:
        return {name: getattr(user, name) for name in PersonForm.base_fields}


class NewPersonForm(PersonForm):
    username = forms.CharField(max_length=150, label="User name", help_text="Cannot be changed later.")
    is_machine = forms.BooleanField(
        required=False, label="Machine account", help_text="For a pipeline, say: it has tokens and never signs in."
    )
    invited = forms.BooleanField(
        required=False,
        initial=True,
        label="Send a link to choose a password",
        help_text="Not needed where people come by single sign-on. Machines are sent none.",
    )
    field_order = ["username", "first_name", "last_name", "email", "invited"]


class GrantForm(forms.Form):
    role = forms.ChoiceField(choices=[("", "Choose one"), *Role.choices])
    service = PickField("service", required=False, label="For one service only?", help_text="Empty: everywhere.")
    since = fields.Moment(required=False, label="From", help_text="Empty: from now on.")
    until = fields.Moment(required=False, label="Until", help_text="Empty: until it is ended.")
    reason = WhyForm.base_fields["reason"]

    def clean(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        if "service" in said:
            service = said.pop("service")
            said["service_id"] = service.pk if service else None
        return said


class TeamForm(forms.Form):
    name = forms.CharField(max_length=100)
    lead = PickField("person", required=False, help_text="Is a member, too.")

    @staticmethod
    def of(team: Team) -> dict[str, Any]:
        return {"name": team.name, "lead": team.lead}


class NewTeamForm(TeamForm):
    members = PickManyField("person", required=False)


class MembersForm(forms.Form):
    people = PickManyField("person", label="Who joins?")


class MemberForm(forms.Form):
    person = forms.ModelChoiceField(User.objects.none(), label="Who leaves?")

    def __init__(self, *args: Any, team: Team, **options: Any):
        super().__init__(*args, **options)
        field: Any = self.fields["person"]
        field.queryset = team.members.order_by("last_name", "username")


class DaysOff(forms.CharField):
    """One day a line: 2026-12-24 Christmas Eve."""

    def __init__(self, **options: Any):
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{day} {name}".strip() for day, name in sorted(value.items()))

    def clean(self, value: Any) -> dict[str, str]:
        found = {}
        for line in filter(None, map(str.strip, str(super().clean(value) or "").splitlines())):
            day, _, name = line.partition(" ")
            try:
                found[date.fromisoformat(day).isoformat()] = name.strip()
            except ValueError as error:
                raise forms.ValidationError(f"“{line}” does not begin with a day as 2026-12-24.") from error
        return found


class OrganisationForm(CheckedByItsOperation, forms.ModelForm):
    time_zone = Zone("The server's", help_text="How times are shown to people who have chosen none of their own.")
    working_days = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple, label="Working days"
    )
    country = forms.ChoiceField(choices=[], required=False, label="Public holidays of")
    days_off = DaysOff(label="Own days off", help_text="One a line: the date, then its name. 2026-12-24 Christmas Eve")
    digest_hour = forms.TypedChoiceField(choices=HOURS, coerce=int, label="Daily digest at")

    class Meta:
        model = Organisation
        fields: ClassVar = [
            "name", "time_zone", "working_days", "day_begins", "day_ends", "country", "days_off",
            "mail_name", "mail_address", "digest_hour",
        ]  # fmt: skip
        labels: ClassVar = {
            "day_begins": "Work begins at",
            "day_ends": "Work ends at",
            "mail_name": "Mail comes from (name)",
            "mail_address": "Mail comes from (address)",
        }
        help_texts: ClassVar = {
            "mail_name": "Empty: the organisation's name.",
            "mail_address": "Empty: the server's. Your mail server has to let it pass.",
        }
        widgets: ClassVar = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("day_begins", "day_ends")
        }

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        known: Any = self.fields["country"]
        known.choices = [("", "None"), *((code, code) for code in workdays.countries())]
