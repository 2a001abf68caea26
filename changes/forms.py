"""The forms of the pages: which fields, in which words. What they mean is the operations' business."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.urls import reverse

from changes import fields, question_fields
from changes.models import (
    ChangeModel,
    ChangeProposal,
    ChangeRequest,
    ChangeTask,
    Consultation,
    Freeze,
    OperationalJob,
    Review,
    RunQuestion,
)
from changes.queries.completeness import ANSWERS, LATER
from changes.question_fields import AsksQuestions
from cmdb.models import CIClass
from itsm.kernel.forms import CheckedByItsOperation
from itsm.kernel.models import Team
from itsm.kernel.picking import PickField, PickManyField
from itsm.kernel.roles import Role


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button says it."""


class ReasonForm(forms.Form):
    reason = fields.Text(label="Why?")


class CommentForm(forms.Form):
    comment = fields.Text(required=False, label="Comment")


class SayWhyForm(forms.Form):
    comment = fields.Text(label="Why?")


class NoteForm(forms.Form):
    note = fields.Text(required=False, label="Note", help_text="What the next one should know.")


# --- Requests for change ----------------------------------------------------------------------


class RequestForm(AsksQuestions, forms.ModelForm):
    """The plan of an RFC: all that a reader must know to judge it."""

    services = PickManyField("service", required=False)
    cis = PickManyField("ci", required=False, label="CIs that it touches")
    start = fields.Moment(required=False, label="Window from")
    end = fields.Moment(required=False, label="Window to", help_text="Empty: as long as usual for its model.")

    class Meta:
        model = ChangeRequest
        fields: ClassVar = [
            "title", "reason", "model", "proposal", "services", "cis", "start", "end", "likelihood", "impact",
            "check_minutes", "back_out_minutes", "margin_minutes", "back_out_trigger", "back_out_steps",
            "back_out_tried", "confidential",
        ]  # fmt: skip
        labels: ClassVar = {
            "model": "Change model",
            "back_out_trigger": "What triggers the back-out?",
            "back_out_steps": "Steps of the back-out",
            "back_out_tried": "Was the back-out tried?",
        }
        help_texts: ClassVar = {
            "reason": "What for, and what happens without it.",
            "likelihood": "How likely is it that something goes wrong?",
            "impact": "How bad would it be?",
            "check_minutes": "How long does it take to see that it works?",
            "back_out_minutes": "How long does it take to go back?",
            "margin_minutes": "Kept free at the end of the window.",
            "back_out_trigger": "What is seen when it is time to go back.",
            "back_out_steps": "One a line.",
            "confidential": "Only those involved and those who decide see it.",
        }
        widgets: ClassVar = {
            "reason": forms.Textarea(attrs={"rows": 3}),
            "back_out_trigger": forms.Textarea(attrs={"rows": 2}),
            "back_out_steps": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = ChangeModel.objects.planned()  # type: ignore[attr-defined]
        proposals = ChangeProposal.objects.filter(status__in=["authorised", "in_delivery"]).order_by("-pk")
        self.fields["proposal"].queryset = proposals  # type: ignore[attr-defined]
        self.fields["proposal"].label_from_instance = lambda proposal: proposal.display  # type: ignore[attr-defined]
        self.fields["model"].widget.attrs |= {
            "hx-get": reverse("changes:request-questions"), "hx-target": "#questions", "hx-trigger": "change",
            "hx-swap": "innerHTML", "hx-push-url": "false",
        }  # fmt: skip
        self.ask()

    def clean(self) -> dict[str, Any]:
        said = self.answered(super().clean() or {})
        start = said.get("start")
        if start and self.chosen and not said.get("end") and "end" not in self.errors:
            said["end"] = start + timedelta(minutes=self.chosen.window_minutes)
        return said


class FoundForm(forms.Form):
    """What was done that nobody had authorised."""

    title = forms.CharField(max_length=200, label="What was done?")
    services = PickManyField("service", required=False)
    cis = PickManyField("ci", required=False, label="CIs that it changed")
    began_at = fields.Moment(label="When did it begin?")
    ended_at = fields.Moment(required=False, label="When did it end?", help_text="Empty: at once.")
    reason = fields.Text(required=False, label="What is known of why?")
    shows = fields.Text(required=False, rows=4, label="What shows it?", help_text="A log line, a difference, a ticket.")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if shows := said.pop("shows", ""):
            said["evidence"] = {"said": shows}
        return said


class WindowForm(forms.Form):
    """What is in the way then is asked again with each end that is changed."""

    start = fields.Moment(label="From")
    end = fields.Moment(label="To")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        again = {
            "hx-get": "", "hx-trigger": "change", "hx-include": "#id_start, #id_end", "hx-target": "#in-the-way",
            "hx-swap": "outerHTML", "hx-sync": "closest form:replace",
        }  # fmt: skip
        for field in self.fields.values():
            field.widget.attrs |= again


class FeedForm(forms.Form):
    service = PickField("service", required=False)
    team = forms.ModelChoiceField(Team.objects.filter(retired_at__isnull=True).order_by("name"), required=False)


class FinishForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=[choice for choice in ChangeRequest.Outcome.choices if choice[0] != ChangeRequest.Outcome.BACKED_OUT],
        label="How did it end?",
        widget=forms.RadioSelect,
    )


class ExtendForm(forms.Form):
    until = fields.Moment(label="Until when?", help_text="At most 24 hours more.")
    reason = fields.Text(label="Why is more time needed?")


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=RunQuestion.Answer.choices, widget=forms.RadioSelect, label="How does it go on?")
    reason = fields.Text(label="Why?")


class ExtensionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[("granted", "Grant it"), ("refused", "Refuse it")], widget=forms.RadioSelect, label="More time?"
    )
    comment = fields.Text(required=False, label="Comment", help_text="Required when you refuse.")


class ReviewForm(forms.Form):
    objectives_met = forms.TypedChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        label="Did it reach what it was made for?",
    )
    outcome = forms.ChoiceField(
        choices=[("", "as it was reported"), *ChangeRequest.Outcome.choices],
        required=False,
        label="How did it end, now that all is known?",
    )
    causes = forms.MultipleChoiceField(
        choices=Review.Cause.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="What went wrong, if something did?",
    )
    lessons = fields.Text(required=False, rows=4, label="What do we do differently next time?")


class FillInForm(forms.Form):
    """What the change's model lets be said afterwards, with what is said already."""

    def __init__(self, *args: Any, change: ChangeRequest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        later = change.model.later_fields
        for name in (name for name in LATER if name in later and name not in ("services", ANSWERS)):
            self.fields[name] = fields.Text(required=False, rows=3, label=LATER[name], initial=getattr(change, name))
        if "services" in later:
            known = list(change.services.order_by("name"))
            self.fields["services"] = PickManyField("service", required=False, initial=known)
        self.asked = change.model.questions if ANSWERS in later else []
        for one in self.asked:
            answer = question_fields.shown(change.answers.get(one["code"]))
            self.fields[f"answer-{one['code']}"] = question_fields.field_of(one)
            self.fields[f"answer-{one['code']}"].initial = answer

    def clean(self) -> dict[str, Any]:
        return question_fields.gathered(self.asked, super().clean() or {})


class LessonForm(forms.Form):
    title = forms.CharField(max_length=200, label="Title of the article")
    body = fields.Text(
        rows=8, label="What it says", help_text="Markdown. Somebody else tests it before it is published."
    )


class ViewForm(forms.Form):
    view = forms.ChoiceField(choices=Consultation.View.choices, widget=forms.RadioSelect, label="Your view")
    comment = fields.Text(required=False, label="Comment", help_text="Needed with an objection.")
    fingerprint = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class WaiveForm(forms.Form):
    check_code = forms.ChoiceField(label="Which check?", widget=forms.RadioSelect)
    reason = fields.Text(label="Why do you take it upon yourself?")

    def __init__(self, *args: Any, checks: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["check_code"].choices = checks  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """One authority's decision about what was seen: the authorisation's revision and fingerprint."""

    decision = forms.ChoiceField(
        choices=[("authorised", "Authorise"), ("more_information", "Ask"), ("rejected", "Reject")],
        widget=forms.HiddenInput,
        error_messages={"required": "Choose one of the buttons."},
    )
    comment = fields.Text(required=False, label="Comment")
    revision = forms.IntegerField(widget=forms.HiddenInput)
    fingerprint = forms.CharField(widget=forms.HiddenInput)


class AnswerAskedForm(forms.Form):
    answer = fields.Text(rows=4, label="Your answer")


# --- Tasks ------------------------------------------------------------------------------------


class TaskForm(forms.ModelForm):
    assignee = PickField("person", required=False, label="Who does it?")
    ci = PickField("ci", required=False, label="On which CI?")

    class Meta:
        model = ChangeTask
        fields: ClassVar = [
            "title", "instructions", "phase", "assignee", "offset_minutes", "duration_minutes", "predecessor", "ci",
        ]  # fmt: skip
        help_texts: ClassVar = {
            "instructions": "So that somebody who has never done it can.",
            "phase": "The way back is gone only if the change is backed out; its start counts from then.",
            "predecessor": "The task that must be done before.",
        }
        widgets: ClassVar = {"instructions": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, change: ChangeRequest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        others = ChangeTask.objects.filter(change=change).exclude(pk=self.instance.pk).order_by("order")
        self.fields["predecessor"].queryset = others  # type: ignore[attr-defined]
        self.fields["predecessor"].label_from_instance = (  # type: ignore[attr-defined]
            lambda task: f"{task.order} {task.title}"
        )


class HandOverForm(forms.Form):
    to = PickField("person", label="Who takes it over?")
    note = fields.Text(required=False, label="What must they know?")


# --- Calendar and policies --------------------------------------------------------------------


class JobForm(CheckedByItsOperation, forms.ModelForm):
    cis = PickManyField("ci", label="CIs that it runs on")
    owner = PickField("person", required=False)
    first_start = fields.Moment(label="First start")

    class Meta:
        model = OperationalJob
        fields: ClassVar = [
            "name", "kind", "cis", "first_start", "recurrence", "time_zone", "duration_minutes", "effect", "owner",
            "active",
        ]  # fmt: skip
        help_texts: ClassVar = {
            "recurrence": "Such as FREQ=DAILY or FREQ=WEEKLY;BYDAY=SU; empty when it runs once.",
            "active": "Take the tick away when it no longer runs.",
        }


class FreezeForm(forms.Form):
    name = forms.CharField(max_length=200)
    reason = fields.Text(required=False)
    start = fields.Moment(label="From")
    end = fields.Moment(label="To")
    everywhere = forms.BooleanField(required=False, label="Everywhere", help_text="For all services.")
    services = PickManyField("service", required=False, label="Or only for these services")
    cis = PickManyField("ci", required=False, label="For these CIs", help_text="What hits one is barred too.")
    classes = forms.ModelMultipleChoiceField(
        CIClass.objects.order_by("name"), required=False, label="For CIs of these classes",
        help_text="And of the classes below them.",
    )  # fmt: skip
    environments = forms.CharField(
        required=False, label="For CIs in these environments", help_text="Such as production; separated by commas."
    )
    override_role = forms.ChoiceField(
        choices=Role.choices, initial=Role.CHANGE_MANAGER, label="Who may make an exception?"
    )
    emergency_lane = forms.BooleanField(required=False, initial=True, label="Emergency changes may pass")

    @classmethod
    def of(cls, freeze: Freeze) -> dict[str, Any]:
        """What the form shows of a freeze that exists."""
        kept = {
            name: getattr(freeze, name) for name in ("name", "reason", "everywhere", "override_role", "emergency_lane")
        }
        scope = {what: getattr(freeze, what).all() for what in ("services", "cis", "classes")}
        window = {"start": freeze.window.lower, "end": freeze.window.upper}
        return kept | scope | window | {"environments": ", ".join(freeze.environments)}

    def clean_environments(self) -> list[str]:
        return [name.strip()[:40] for name in self.cleaned_data["environments"].split(",") if name.strip()]


class BacktestForm(forms.Form):
    since = forms.DateTimeField(
        required=False,
        label="Submitted from",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}),
    )
    until = forms.DateTimeField(
        required=False,
        label="until",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}),
    )
