"""Forms about whose word counts."""

import json
from typing import Any

from django import forms

from cmdb.models import CIClass, Conflict, SourcePrecedence
from cmdb.models.reconciliation import ATTRIBUTE, FIELDS
from cmdb.queries.reconciliation import sources_known
from cmdb.reconciling.words import shown
from itsm.kernel.picking import PickField

OTHER = "other"


class DecideForm(forms.Form):
    choice = forms.ChoiceField(widget=forms.RadioSelect, label="What is true?")
    value = forms.CharField(max_length=10_000, required=False, label="Another value")
    scope = forms.ChoiceField(widget=forms.RadioSelect, initial="ci", label="For which CIs?")
    reason = forms.CharField(max_length=500, label="Why?")

    def __init__(self, *args: Any, conflict: Conflict, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.conflict = conflict
        said = [
            (f"source:{source}", f"{shown(value, conflict.field)}, says {source}")
            for source, value in conflict.words.items()
        ]
        self.fields["choice"].choices = [*said, (OTHER, "Something else")]  # type: ignore[attr-defined]
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            ("ci", f"Only for {conflict.ci}"),
            ("class", f"For every {conflict.ci.ci_class}: whoever is right here is right there"),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        decided: dict[str, Any] = {"reason": said.get("reason", ""), "for_class": said.get("scope") == "class"}
        if said.get("choice") == OTHER:
            if not said.get("value"):
                self.add_error("value", "Say what is true.")
            decided["value"] = self._read(said.get("value", ""))
        else:
            decided["source"] = str(said.get("choice", "")).removeprefix("source:")
        return decided

    def _read(self, text: str) -> Any:
        """Of the kind that the sources' values are: a number where they say numbers."""
        values = [value for value in self.conflict.words.values() if value is not None]
        if any(isinstance(value, str) for value in values):
            return text
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text


class PrecedenceForm(forms.Form):
    field = forms.ChoiceField(required=False, label="Field")
    attribute = forms.CharField(
        max_length=180, required=False, label="Attribute", help_text="Instead of a field: its name, such as ram_gb."
    )
    ci_class = forms.ModelChoiceField(
        CIClass.objects.order_by("name"), required=False, label="Class", empty_label="Every class",
        help_text="And those below it.",
    )  # fmt: skip
    ci = PickField("ci", required=False, label="Only this CI", help_text="Instead of a class.")
    sources = forms.CharField(
        label="Sources", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line, the one that counts first. “people” is what somebody typed by hand.",
    )  # fmt: skip

    def __init__(self, *args: Any, rule: SourcePrecedence | None = None, **kwargs: Any):
        if rule is not None:
            is_attribute = rule.field.startswith(ATTRIBUTE)
            kwargs["initial"] = {
                "field": "" if is_attribute else rule.field,
                "attribute": rule.field.removeprefix(ATTRIBUTE) if is_attribute else "",
                "sources": "\n".join(rule.sources),
            }
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", "All fields"), *FIELDS.items()]  # type: ignore[attr-defined]
        known = ", ".join(sources_known()[:12])
        self.fields["sources"].help_text = f"{self.fields['sources'].help_text} Known: {known}."
        if rule is not None:
            del self.fields["ci_class"], self.fields["ci"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        attribute = said.pop("attribute", "").strip()
        if attribute and said.get("field"):
            self.add_error("attribute", "A field or an attribute, not both.")
        said["field"] = ATTRIBUTE + attribute if attribute else said.get("field", "")
        said["sources"] = said.get("sources", "").replace(",", "\n").splitlines()
        return said
