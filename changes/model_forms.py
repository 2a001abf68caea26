"""The form of change models."""

from typing import Any, ClassVar

from django import forms

from changes import fields, questions, task_fields
from changes.models import ChangeModel, Policy
from changes.queries.completeness import LATER, REQUIRABLE
from itsm.kernel.forms import CheckedByItsOperation


class ModelForm(CheckedByItsOperation, forms.ModelForm):
    required_fields = forms.MultipleChoiceField(
        choices=[(name, label) for name, (label, _) in REQUIRABLE.items()], required=False,
        widget=forms.CheckboxSelectMultiple, label="What must a request say before it is submitted?",
    )  # fmt: skip
    later_fields = forms.MultipleChoiceField(
        choices=list(LATER.items()), required=False, widget=forms.CheckboxSelectMultiple,
        label="What of it may an emergency say afterwards?",
    )  # fmt: skip
    description = fields.Text(required=False, label="When is it used?")
    policy_name = forms.ChoiceField(label="Which policy says who must authorise?")
    tasks = task_fields.TasksField(
        required=False, label="With which tasks does a request begin?",
        help_text="In this order. A row left empty is no task; three more come with each save.",
    )  # fmt: skip
    questions = fields.Text(
        required=False, rows=4, label="What is asked besides?",
        help_text="One a line, a star for one that must be answered: “downtime: How long is it down? (number) *”. "
        "In brackets: text, yes_no, number, or “choice: night / weekend”.",
    )  # fmt: skip

    class Meta:
        model = ChangeModel
        fields: ClassVar = [
            "code", "name", "type", "description", "window_minutes", "windows", "policy_name", "tasks",
            "required_fields", "questions", "later_fields", "later_hours", "review_hours", "review_percent",
            "clean_back_out",
        ]  # fmt: skip
        labels: ClassVar = {"window_minutes": "Usual window (min)"}
        help_texts: ClassVar = {"window_minutes": "", "code": "Programs call it so. It stays for ever."}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = dict(
            Policy.objects.exclude(state=Policy.State.RETIRED).order_by("version").values_list("name", "title")
        )
        if self.instance.pk:
            self.initial["questions"] = questions.written(self.instance.questions)
            del self.fields["code"]
            known.setdefault(self.instance.policy_name, "there is none of this name")
            self.fields["policy_name"].required = self.instance.type in ChangeModel.PLANNED
        said = [(name, f"{name} – {title}") for name, title in sorted(known.items())]
        self.fields["policy_name"].choices = [("", "Choose…"), *said]  # type: ignore[attr-defined]

    def clean_questions(self) -> list[dict[str, Any]]:
        asked = questions.parsed(self.cleaned_data["questions"])
        if wrong := questions.problems(asked):
            raise forms.ValidationError(wrong)
        return asked
