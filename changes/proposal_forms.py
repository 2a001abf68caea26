"""The forms of proposals: no technical word."""

from typing import Any, ClassVar

from django import forms

from changes import fields
from changes.criteria import CRITERIA, MARKS
from changes.models import ChangeModel, ChangeProposal
from changes.models.proposal import AUTHORITIES
from itsm.kernel.forms import CheckedByItsOperation
from itsm.kernel.picking import PickField, PickManyField


class ProposalForm(CheckedByItsOperation, forms.ModelForm):
    sponsor = PickField(
        "person", label="Who stands behind it?", help_text="The person who answers for it in the business."
    )
    services = PickManyField(
        "service",
        required=False,
        label="What does it touch, as far as you know?",
        help_text="Type what it does, such as “pay” or “invoice”.",
    )
    deadline = fields.Day(required=False, label="Is there a date by which it must be there?")

    class Meta:
        model = ChangeProposal
        fields: ClassVar = [
            "title", "outcome_wanted", "why_now", "value", "value_low_eur", "value_high_eur", "cost_low_eur",
            "cost_high_eur", "risks", "deadline", "sponsor", "services",
        ]  # fmt: skip
        labels: ClassVar = {
            "title": "What do you want, in one line?",
            "outcome_wanted": "What will be better?",
            "why_now": "Why now?",
            "value": "What is it worth?",
            "value_low_eur": "In a year, from (EUR)",
            "value_high_eur": "up to (EUR)",
            "cost_low_eur": "What may it cost? From (EUR)",
            "cost_high_eur": "up to (EUR)",
            "risks": "What could go wrong?",
        }
        help_texts: ClassVar = {
            "why_now": "What happens if nothing is done?",
            "value": "And to whom?",
            "value_low_eur": "A rough idea is enough.",
            "cost_low_eur": "A rough idea is enough.",
            "risks": "For customers, staff or money.",
        }
        widgets: ClassVar = {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("outcome_wanted", "why_now", "value", "risks")
        }


class AssessForm(forms.Form):
    """A mark on each criterion, what was found, and who decides."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for code, question in CRITERIA.items():
            self.fields[f"mark_{code}"] = forms.TypedChoiceField(
                choices=[(mark, word.capitalize()) for mark, word in MARKS.items()], coerce=int,
                widget=forms.RadioSelect, label=question,
            )  # fmt: skip
        self.fields["assessment"] = fields.Text(
            rows=5, label="What did you find?", help_text="Worth, cost, risks, and what you advise."
        )
        self.fields["authority"] = forms.ChoiceField(
            choices=[("", "as its size and these marks say"), *AUTHORITIES], required=False, label="Who decides?"
        )

    @classmethod
    def of(cls, proposal: ChangeProposal) -> dict[str, Any]:
        marks = {f"mark_{code}": mark for code, mark in proposal.marks.items()}
        return marks | {"assessment": proposal.assessment}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        marks = {code: said.pop(f"mark_{code}") for code in CRITERIA if f"mark_{code}" in said}
        return said | {"marks": marks}


class DeferForm(forms.Form):
    until = fields.Day(label="Until when?")
    comment = fields.Text(label="Why?")


class RealiseForm(forms.Form):
    check_on = fields.Day(
        required=False,
        label="When shall we look what it brought?",
        help_text="You are reminded. Empty: in 90 days.",
    )


class BenefitForm(forms.Form):
    benefit_reached = fields.Text(label="What is better now?", help_text="Held against what was wanted.")
    value_actual_eur = forms.DecimalField(
        required=False, min_value=0, max_digits=14, decimal_places=2, label="What is it worth in a year (EUR)?"
    )
    cost_actual_eur = forms.DecimalField(
        required=False, min_value=0, max_digits=14, decimal_places=2, label="What did it cost (EUR)?"
    )


class SpawnForm(forms.Form):
    title = forms.CharField(max_length=200, label="Title of the request")
    model = forms.ModelChoiceField(ChangeModel.objects.planned(), label="Change model")
