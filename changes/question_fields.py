"""The questions of a change model as fields of a request's form."""

from typing import Any

from django import forms

from changes.models import ChangeModel

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


class AsksQuestions:
    """For a form with a `model` of changes: asks what that model asks, and gives `answers`."""

    asked: list[dict[str, Any]]

    def ask(self) -> None:
        """Add a field for each question; called when the form's own fields stand."""
        form: Any = self
        kept = form.instance.answers if form.instance.pk else {}
        self.asked = self._chosen()
        for one in self.asked:
            name = f"answer-{one['code']}"
            form.fields[name] = field_of(one)
            form.initial.setdefault(name, shown(kept.get(one["code"])))

    def _chosen(self) -> list[dict[str, Any]]:
        form: Any = self
        ref = form.data.get("model") if form.is_bound else form.initial.get("model")
        ref = getattr(ref, "pk", ref)
        found = ChangeModel.objects.planned().by_ref(str(ref)).first() if ref else None
        return found.questions if found else []

    def answered(self, said: dict[str, Any]) -> dict[str, Any]:
        """The cleaned data with the answers by code, in place of their fields."""
        form: Any = self
        found = gathered(self.asked, said)
        if not self.asked and form.instance.pk and form.instance.answers:
            found["answers"] = {}
        return found

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
