"""The questions of a change model as fields of a request's form."""

from typing import Any

from django import forms

from changes.models import ChangeModel
from changes.queries.completeness import LATER, REQUIRABLE
from itsm.kernel.templatetags import _time

YES_NO = [("", "–"), ("yes", "Yes"), ("no", "No")]


def _number(said: float) -> float | int:
    return int(said) if said == int(said) else said


def field_of(question: dict[str, Any]) -> forms.Field:
    """Nothing is required here: a draft may be kept without, submitting it refuses."""
    about: dict[str, Any] = {"label": question["text"], "required": False}
    if question.get("required"):
        about["help_text"] = "Must be answered before it is submitted."
    kind = question.get("kind", "text")
    if kind == "yes_no":
        return forms.ChoiceField(choices=YES_NO, **about)
    if kind == "number":
        return forms.FloatField(min_value=-1e14, max_value=1e14, **about)
    if kind == "choice":
        return forms.ChoiceField(choices=[("", "–"), *[(each, each) for each in question["choices"]]], **about)
    return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), **about)


def shown(answer: Any) -> Any:
    return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else answer


def gathered(asked: list[dict[str, Any]], said: dict[str, Any]) -> dict[str, Any]:
    """The cleaned data with the answers by code, in place of their fields."""
    answers = {one["code"]: _answer(one, said.pop(f"answer-{one['code']}", None)) for one in asked}
    if asked:
        said["answers"] = {code: answer for code, answer in answers.items() if answer not in (None, "")}
    return said


def _answer(question: dict[str, Any], said: Any) -> Any:
    if question.get("kind") == "yes_no":
        return {"yes": True, "no": False}.get(said)
    return _number(said) if isinstance(said, float) else said


def about(model: ChangeModel) -> str:
    """What choosing this model means, in a few sentences."""
    hours = f", {model.windows}" if model.windows else ""
    said = [f"Usually {_time.minutes(model.window_minutes)}{hours}"]
    if model.tasks:
        said.append(f"Starts with {len(model.tasks)} task{'s' if len(model.tasks) > 1 else ''} of its template")
    later = set(model.later_fields)
    if first := [REQUIRABLE[name][0] for name in model.required_fields if name in REQUIRABLE and name not in later]:
        said.append(f"Wanted before it is submitted: {', '.join(first)}")
    if later:
        afterwards = ", ".join(LATER[name] for name in model.later_fields if name in LATER)
        said.append(f"May be said within {_time.minutes(model.later_within)} of its end: {afterwards}")
    if model.pre_authorised:
        said.append("Pre-authorised: when the basics are in order, nobody is asked")
    return ". ".join(said) + "."


class AsksQuestions:
    """For a form with a `model` of changes: asks what that model asks, and gives `answers`."""

    chosen: ChangeModel | None
    asked: list[dict[str, Any]]

    def ask(self) -> None:
        """Add a field for each question; called when the form's own fields stand."""
        form: Any = self
        kept = form.instance.answers if form.instance.pk else {}
        self.chosen = self._chosen()
        self.asked = self.chosen.questions if self.chosen else []
        for one in self.asked:
            name = f"answer-{one['code']}"
            form.fields[name] = field_of(one)
            form.initial.setdefault(name, shown(kept.get(one["code"])))

    def _chosen(self) -> ChangeModel | None:
        form: Any = self
        ref = form.data.get("model") if form.is_bound else form.initial.get("model")
        ref = getattr(ref, "pk", ref)
        return ChangeModel.objects.planned().by_ref(str(ref)).first() if ref else None

    def answered(self, said: dict[str, Any]) -> dict[str, Any]:
        """The cleaned data with the answers by code, in place of their fields."""
        form: Any = self
        found = gathered(self.asked, said)
        if not self.asked and form.instance.pk and form.instance.answers:
            found["answers"] = {}
        return found

    @property
    def model_said(self) -> str:
        return about(self.chosen) if self.chosen else ""

    @property
    def question_fields(self) -> list[Any]:
        form: Any = self
        return [form[f"answer-{one['code']}"] for one in self.asked]

    def places(self, errors: dict[str, Any]) -> dict[str, Any]:
        """Errors of answers stand at the question's field."""
        wrong = errors.get("answers")
        if not isinstance(wrong, dict):
            return errors
        rest = {name: said for name, said in errors.items() if name != "answers"}
        return rest | {f"answer-{code}": said for code, said in wrong.items()}
