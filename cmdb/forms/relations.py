"""Forms about what CIs hang on: questions of impact, groups, proposed relations."""

from typing import Any

from django import forms

from cmdb.models import CIClass, ConfigurationItem, Relation, RelationGroup, RelationProposal
from cmdb.queries.groups import groupable
from cmdb.queries.hits import TOGETHER, Question
from cmdb.queries.impact import CARRYING, DEPTH
from itsm.kernel.picking import PickField, PickManyField

TYPES = [(type_.value, type_.label) for type_ in Relation.Type if type_.value in CARRYING]


class ImpactForm(forms.Form):
    """Asked by GET: all of it may be left away."""

    direction = forms.ChoiceField(
        choices=[("downstream", "What it hits"), ("upstream", "What it hangs on")], required=False
    )
    ci_class = forms.ModelChoiceField(
        CIClass.objects.order_by("name"), to_field_name="code", required=False, label="Class", empty_label="All classes"
    )
    environment = forms.CharField(max_length=40, required=False)
    depth = forms.IntegerField(min_value=1, max_value=20, required=False, label="Steps at most")
    distance = forms.IntegerField(min_value=1, max_value=20, required=False, label="Steps exactly")
    type = forms.MultipleChoiceField(
        choices=TYPES, required=False, widget=forms.CheckboxSelectMultiple, label="Only by these relations"
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["with"] = PickManyField("ci", required=False, label="And if these fail at the same time?")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if len(said.get("with", [])) > TOGETHER:
            self.add_error("with", f"At most {TOGETHER}.")
        return said

    def others(self, ci: ConfigurationItem) -> list[ConfigurationItem]:
        return [other for other in self.cleaned_data.get("with", []) if other.pk != ci.pk]

    def question(self, ci: ConfigurationItem) -> Question:
        """What was asked, as far as it could be understood."""
        said = self.cleaned_data
        ci_class = said.get("ci_class")
        return Question(
            starts=(ci.pk, *(other.pk for other in self.others(ci))),
            direction=said.get("direction") or "downstream",
            depth=said.get("depth") or DEPTH,
            types=tuple(said.get("type") or CARRYING),
            environment=said.get("environment") or None,
            ci_class=ci_class.pk if ci_class else None,
            distance=said.get("distance"),
        )


class GroupForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="What people call it, such as Web servers.")
    relations = forms.ModelMultipleChoiceField(
        Relation.objects.none(), widget=forms.CheckboxSelectMultiple, label="It hangs on"
    )
    needs = forms.IntegerField(min_value=1, max_value=10_000, label="So many of them must be up")

    def __init__(self, *args: Any, ci: ConfigurationItem, group: RelationGroup | None = None, **kwargs: Any):
        if group is not None:
            members = [relation.pk for relation in group.relations.all()]
            kwargs["initial"] = {"name": group.name, "needs": group.needs, "relations": members}
        super().__init__(*args, **kwargs)
        found = groupable(ci, group)
        field: Any = self.fields["relations"]
        field.queryset = Relation.objects.filter(pk__in=[relation.pk for relation in found])
        field.choices = [(relation.pk, str(relation)) for relation in found]
        if not found:
            field.help_text = "It hangs on nothing yet: relate it first."


class AcceptForm(forms.Form):
    type = forms.ChoiceField(choices=TYPES)
    target = PickField("ci", label="Other CI")
    reason = forms.CharField(max_length=400, required=False, label="Anything to add?")

    def __init__(self, *args: Any, proposal: RelationProposal, **kwargs: Any):
        kwargs["initial"] = {"type": proposal.type, "target": proposal.target}
        super().__init__(*args, **kwargs)


class DismissForm(forms.Form):
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea(attrs={"rows": 2}), label="Why is there no such relation?"
    )


class RelateForm(forms.Form):
    type = forms.ChoiceField(choices=Relation.Type.choices)
    target = PickField("ci", label="Other CI")
