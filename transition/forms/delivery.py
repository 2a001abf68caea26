"""Forms of plans, requirements, packages, items and streams."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from itsm.kernel import workdays
from itsm.kernel.forms import CheckedByItsOperation
from itsm.kernel.picking import PickField
from itsm.kernel.roles import SHORT, Role
from transition.models import (
    DeliveryItem,
    DeliveryStream,
    ReleasePackage,
    Requirement,
    StreamRun,
    TransitionPlan,
)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any):
        super().__init__(format="%Y-%m-%d", **kwargs)


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


class ReasonForm(forms.Form):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), help_text="Kept in the history.")


class PlanForm(forms.ModelForm):
    class Meta:
        model = TransitionPlan
        fields: ClassVar = ["style", "strategy", "policy_name"]


class NewPlanForm(PlanForm):
    service = PickField("service")
    field_order = ["service", "style", "strategy", "policy_name"]


class RequirementForm(forms.Form):
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), label="What must it do or be?")
    priority = forms.IntegerField(min_value=1, max_value=5, initial=3, help_text="1 is the most urgent, 5 the least.")


class NewRequirementForm(RequirementForm):
    code = forms.CharField(max_length=40, help_text="How people call it: a, b, PAY-1.")
    kind = forms.ChoiceField(choices=Requirement.Kind.choices)
    field_order = ["code", "text", "kind", "priority"]


class PackageForm(forms.Form):
    ordinal = forms.IntegerField(min_value=1, max_value=999, label="Delivery number")
    name = forms.CharField(max_length=200)
    target_date = forms.DateField(widget=DayInput(), help_text="T: what is due before or after counts from it.")
    els_days = forms.IntegerField(min_value=0, max_value=999, initial=5, label="Early life support (days)")


class RetargetForm(forms.Form):
    target_date = forms.DateField(widget=DayInput())
    reason = forms.CharField(required=False)


class ItemForm(forms.Form):
    kind = forms.ChoiceField(choices=DeliveryItem.Kind.choices)
    title = forms.CharField(max_length=200)
    requirement = forms.ModelChoiceField(Requirement.objects.none(), required=False)
    offset_days = forms.IntegerField(
        min_value=-999, max_value=999, initial=0, label="Due, in days from the target date",
        help_text="-21 is three weeks before it, 0 the day itself.",
    )  # fmt: skip

    def __init__(self, *args: Any, package: ReleasePackage, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["requirement"]
        field.queryset = Requirement.objects.filter(plan=package.plan_id).exclude(status="withdrawn").order_by("code")
        field.label_from_instance = lambda requirement: requirement.display


class TargetForm(forms.Form):
    requirement = forms.ModelChoiceField(Requirement.objects.none())
    target_percent = forms.DecimalField(min_value=0, max_value=100, decimal_places=2, label="Target (%)")

    def __init__(self, *args: Any, package: ReleasePackage, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["requirement"]
        field.queryset = Requirement.objects.filter(plan=package.plan_id, kind="non_functional").order_by("code")
        field.label_from_instance = lambda requirement: requirement.display


class MeasureForm(forms.Form):
    attained_percent = forms.DecimalField(min_value=0, max_value=100, decimal_places=2, label="Measured (%)")


def _roles(label: str) -> forms.MultipleChoiceField:
    choices = [(role.value, role.label) for role in SHORT]
    return forms.MultipleChoiceField(
        choices=choices, required=False, widget=forms.CheckboxSelectMultiple, label=label
    )  # fmt: skip


class StreamForm(CheckedByItsOperation, forms.ModelForm):
    """Who does it and how it hands over; the rhythm is promised once."""

    owner = PickField("person", required=False)
    accountable = forms.ChoiceField(
        choices=[(role.value, role.label) for role in SHORT], required=False, initial=Role.SERVICE_OWNER,
        help_text="Exactly one role answers for it.",
    )  # fmt: skip
    roles = _roles("Responsible")
    consulted = _roles("Consulted")
    informed = _roles("Informed")
    checklist = forms.CharField(
        required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}), label="Checklist of each run",
        help_text="One line for each thing to look at.",
    )  # fmt: skip

    class Meta:
        model = DeliveryStream
        fields: ClassVar = [
            "name", "owner", "accountable", "roles", "consulted", "informed", "feeds", "lag_target_days",
        ]  # fmt: skip
        labels: ClassVar = {
            "name": "What it delivers",
            "ordinal": "Number",
            "period_days": "A period lasts (days)",
            "period_months": "Or it lasts (months)",
            "min_runs": "Runs in a period, at least",
            "max_runs": "Runs in a period, at most",
            "feeds": "Hands over to",
            "lag_target_days": "The next stream follows within (working days)",
        }
        help_texts: ClassVar = {
            "period_days": "1 is daily, 2 every other day, 7 a week. Leave it empty for: as required.",
            "max_runs": "Leave it empty if more is never too much.",
            "feeds": "The stream that goes on with what this one delivers.",
            "lag_target_days": "Counted from deployment; what takes longer is late on the dashboard.",
        }

    def __init__(self, *args: Any, plan: TransitionPlan, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["feeds"]
        others = DeliveryStream.objects.filter(plan=plan).exclude(pk=self.instance.pk).order_by("ordinal")
        field.queryset = others
        field.label_from_instance = lambda stream: stream.display

    def clean_checklist(self) -> list[str]:
        return [line.strip()[:300] for line in self.cleaned_data["checklist"].splitlines() if line.strip()]

    def clean_accountable(self) -> str:
        return self.cleaned_data["accountable"] or Role.SERVICE_OWNER


class RhythmForm(CheckedByItsOperation, forms.ModelForm):
    """What is promised from the next period on, and why."""

    class Meta:
        model = DeliveryStream
        fields: ClassVar = ["period_days", "period_months", "min_runs", "max_runs", "working_days_only", "country"]
        labels: ClassVar = StreamForm.Meta.labels
        help_texts: ClassVar = StreamForm.Meta.help_texts

    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = [("", "None"), *((code, code) for code in workdays.countries())]
        self.fields["country"] = forms.ChoiceField(choices=known, required=False, label="Public holidays of")


class NewStreamForm(StreamForm):
    class Meta(StreamForm.Meta):
        fields: ClassVar = [
            "ordinal", "kind", "name", "active_from", "period_days", "period_months", "min_runs", "max_runs",
            "working_days_only", "time_zone", "country", "owner", "accountable", "roles", "consulted", "informed",
            "feeds", "lag_target_days",
        ]  # fmt: skip
        widgets: ClassVar = {"active_from": DayInput()}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = [("", "None"), *((code, code) for code in workdays.countries())]
        self.fields["country"] = forms.ChoiceField(choices=known, required=False, label="Public holidays of")


class RunForm(forms.Form):
    """Ten seconds: what came of it, in a line; the time is now unless said otherwise."""

    summary = forms.CharField(max_length=300, required=False, label="In a line")
    outcome = forms.ChoiceField(choices=StreamRun.Outcome.choices, initial="done")
    checklist = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Checklist")
    items = forms.ModelMultipleChoiceField(
        DeliveryItem.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Completes"
    )
    evidence = forms.URLField(required=False, max_length=500, assume_scheme="https", label="Link to the evidence")
    at = forms.DateTimeField(
        required=False,
        label="When",
        help_text="Leave it empty for now.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, stream: DeliveryStream, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.checks = [str(line) for line in stream.checklist]
        self.fields["checklist"].choices = [(line, line) for line in self.checks]  # type: ignore[attr-defined]
        if not self.checks:
            del self.fields["checklist"]
        field: Any = self.fields["items"]
        waiting = list(stream.items.filter(state__in=["planned", "in_work"]).order_by("pk"))
        if not waiting:
            del self.fields["items"]
            return
        field.queryset = stream.items.filter(pk__in=[item.pk for item in waiting]).order_by("pk")
        field.label_from_instance = lambda item: item.title

    def clean_at(self) -> datetime | None:
        at = self.cleaned_data["at"]
        if at is not None and at > timezone.now():
            raise forms.ValidationError("A run is recorded when it has happened.")
        return at

    def clean(self) -> dict[str, Any]:
        """Checklist and link are what the run shows as its evidence."""
        said = dict(self.cleaned_data)
        ticked, link = said.pop("checklist", []), said.pop("evidence", "")
        said["evidence"] = {line: "done" if line in ticked else "left out" for line in self.checks}
        if link:
            said["evidence"]["link"] = link
        return said


class SliceForm(forms.Form):
    """One smaller package: what goes into it, and its date."""

    name = forms.CharField(max_length=200)
    target_date = forms.DateField(widget=DayInput(), help_text="Offsets stay, so that dates follow this one.")
    items = forms.ModelMultipleChoiceField(
        DeliveryItem.objects.none(), widget=forms.CheckboxSelectMultiple, label="What goes into it"
    )
    reason = forms.CharField(required=False, label="Why", help_text="Kept with the package.")

    def __init__(self, *args: Any, package: ReleasePackage, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["items"]
        field.queryset = DeliveryItem.objects.filter(package=package).order_by("offset_days", "kind", "pk")
        field.label_from_instance = lambda item: f"{item.title} ({item.get_kind_display().lower()})"


class IntoStreamsForm(forms.Form):
    """A stream for each kind of item that is left to do."""

    reason = forms.CharField(required=False, label="Why", help_text="Kept with the package.")

    def __init__(self, *args: Any, kinds: Mapping[str, DeliveryStream | None], streams: Sequence[DeliveryStream],
                 **kwargs: Any):  # fmt: skip
        super().__init__(*args, **kwargs)
        self.kinds = list(kinds)
        known = [("", "No stream yet"), *((str(stream.pk), stream.display) for stream in streams)]
        by_pk = {str(stream.pk): stream for stream in streams}
        for kind, stream in kinds.items():
            self.fields[kind] = forms.TypedChoiceField(
                choices=known, coerce=by_pk.__getitem__, empty_value=None, required=False,
                initial=str(stream.pk) if stream else "", label=DeliveryItem.Kind(kind).label,
            )  # fmt: skip
        self.order_fields([*kinds, "reason"])

    @property
    def chosen(self) -> dict[str, DeliveryStream]:
        return {kind: stream for kind in self.kinds if (stream := self.cleaned_data.get(kind))}
