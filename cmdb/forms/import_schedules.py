"""The form of a scheduled import."""

from typing import Any

from django import forms
from django.utils import timezone

from cmdb.forms.fields import ObjectField
from cmdb.importing.readers import READERS
from cmdb.models import ImportProfile, ImportSchedule
from cmdb.tables.imports import RHYTHMS
from itsm.kernel.picking import PickField

OWN = "own"
SAME = (
    "name", "format", "address", "source", "options", "retire_missing", "leave_out_broken", "dry_run", "time_zone",
    "first_start", "owner", "enabled", "profile",
)  # fmt: skip


class ImportScheduleForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="Such as NetBox, nightly.")
    format = forms.ChoiceField(
        choices=[(code, reader.label) for code, reader in READERS.items()], label="What is there"
    )
    address = forms.CharField(
        max_length=500,
        help_text="NetBox's own address, such as https://netbox.example.org; of all others, that of the file.",
    )
    token = forms.CharField(
        max_length=1000, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    forget_token = forms.BooleanField(required=False, label="Forget the token that is kept")
    source = forms.CharField(
        max_length=60, required=False,
        help_text="What it is called in the CMDB, such as netbox. With a profile it may be left empty.",
    )  # fmt: skip
    profile = forms.ModelChoiceField(
        ImportProfile.objects.order_by("name"), required=False, empty_label="None",
        help_text="Says what the columns of a table are.",
    )  # fmt: skip
    options = ObjectField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), initial=dict,
        help_text='What the format may be told besides, such as {"environment": "production"}.',
    )  # fmt: skip
    rhythm = forms.ChoiceField(
        choices=[*RHYTHMS.items(), (OWN, "By a rule of its own")],
        initial="FREQ=DAILY",
        label="How often",
        required=False,
    )
    rule = forms.CharField(
        max_length=300, required=False, label="Rule of its own", help_text="An RRULE, such as FREQ=WEEKLY;BYDAY=SU."
    )
    first_start = forms.DateTimeField(
        label="From when on",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Its time of day is that of every run.",
    )
    time_zone = forms.CharField(max_length=63, help_text="The wall clock that it follows.")
    owner = PickField(
        "person", label="Who answers for it", help_text="It runs with their rights; they hear of failures."
    )
    retire_missing = forms.BooleanField(required=False, label="Retire CIs that the source knew and no longer names")
    leave_out_broken = forms.BooleanField(
        required=False, label="Leave out what cannot be taken in, and import the rest"
    )
    dry_run = forms.BooleanField(required=False, label="Only show what it would change, and wait")
    enabled = forms.BooleanField(
        required=False, initial=True, label="It runs", help_text="Take the tick away to pause it."
    )

    def __init__(self, data: Any, *, schedule: ImportSchedule | None = None, initial: Any = None):
        zone = str(timezone.get_current_timezone())
        start = timezone.localtime().replace(hour=2, minute=30, second=0, microsecond=0)
        shown = {"time_zone": zone, "first_start": start} if schedule is None else _shown(schedule)
        super().__init__(data, initial=shown | (initial or {}))
        has_token = schedule is not None and schedule.has_token
        self.fields["token"].help_text = (
            "One is kept, and never shown. Left empty, it stays."
            if has_token
            else "Of an account that may read. It is kept encrypted and never shown."
        )
        if not has_token:
            del self.fields["forget_token"]

    def clean(self) -> dict[str, Any]:
        """As the operation takes it."""
        said = super().clean() or {}
        rhythm, rule = said.pop("rhythm", ""), said.pop("rule", "").strip()
        if rhythm == OWN and not rule:
            self.add_error("rule", "Give the rule, such as FREQ=WEEKLY;BYDAY=SU.")
        forgets, token = said.pop("forget_token", False), said.pop("token", "")
        if token or forgets:
            said["token"] = token
        return {**said, "recurrence": rule if rhythm == OWN else rhythm}

    @staticmethod
    def places(errors: dict[str, Any]) -> dict[str, Any]:
        return {("rule" if field == "recurrence" else field): messages for field, messages in errors.items()}


def _shown(schedule: ImportSchedule) -> dict[str, Any]:
    known = schedule.recurrence in RHYTHMS
    rhythm = {"rhythm": schedule.recurrence if known else OWN, "rule": "" if known else schedule.recurrence}
    return {name: getattr(schedule, name) for name in SAME} | rhythm
