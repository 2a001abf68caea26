from typing import Any, ClassVar

from django import forms

from cmdb.forms.attributes import PREFIX, fields_of, gathered, without_fields
from cmdb.forms.fields import KeysField, ObjectField
from cmdb.models import CIClass, ConfigurationItem
from cmdb.schemas import takes_others
from itsm.kernel.picking import PickField, PickManyField


class CIForm(forms.ModelForm):
    attributes = ObjectField(
        required=False, initial=dict, widget=forms.Textarea(attrs={"rows": 4}), label="Other attributes",
        help_text='A JSON object, such as {"name": "value"}.',
    )  # fmt: skip
    owner = PickField("person", required=False)
    external_keys = KeysField(
        required=False, label="Known elsewhere as", help_text="In other tools: source:key, one a line."
    )

    class Meta:
        model = ConfigurationItem
        fields: ClassVar = [
            "ci_class", "name", "environment", "version", "owner", "support_team", "criticality", "attributes",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["external_keys"].initial = "\n".join(map(str, self.instance.external_keys.order_by("pk")))
            self.fields["reason"] = forms.CharField(max_length=500, required=False, label="Why?")
        if ci_class := self._class():
            self._ask_for(ci_class)

    def _class(self) -> CIClass | None:
        """The class that is chosen in the form, or that the CI has."""
        said = self.data.get("ci_class") or self.initial.get("ci_class")
        return CIClass.objects.filter(pk=int(said)).first() if said and str(said).isdecimal() else None

    def _ask_for(self, ci_class: CIClass) -> None:
        present = self.instance.attributes or {}
        asked = fields_of(ci_class, present)
        for name, field in asked.items():
            self.fields[name] = field
        others = without_fields(ci_class, present)
        self.initial["attributes"] = others
        if not others and not takes_others(ci_class) and "attributes" not in self.data:
            del self.fields["attributes"]
        last: list[str] = [name for name in ("attributes", "external_keys", "reason") if name in self.fields]
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def places(self, errors: dict[str, Any]) -> dict[str, Any]:
        """What is wrong with an attribute stands at its field, where it has one."""
        found = {name: said for name, said in errors.items() if name != "attributes"}
        for place, said in (errors.get("attributes") or {}).items():
            own = PREFIX + place.partition("/")[0]
            shown = own if own in self.fields else "attributes"
            found.setdefault(shown, []).extend(said if shown == own else [f"{place}: {each}" for each in said])
        return found

    def _post_clean(self) -> None:
        """The attributes together, as the operation takes them; after Django has looked at what each field holds."""
        super()._post_clean()  # type: ignore[misc]
        said = {name: value for name, value in self.cleaned_data.items() if not name.startswith(PREFIX)}
        held = (said.get("attributes") or {}) | gathered(self.cleaned_data)
        self.cleaned_data = said | {"attributes": held}


class MoveForm(forms.Form):
    to = forms.ChoiceField(label="New status")
    reason = forms.CharField(max_length=500, required=False, label="Why?")

    def __init__(self, *args: object, record: ConfigurationItem, **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        labels = dict(record._meta.get_field(record.LIFECYCLE.field).flatchoices)  # type: ignore[union-attr]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (state, labels[state]) for state in labels if record.LIFECYCLE.allows(record, state)
        ]


class VerifyManyForm(forms.Form):
    cis = PickManyField("ci", label="These CIs")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return {"ci_ids": [ci.pk for ci in said.get("cis", [])]}
