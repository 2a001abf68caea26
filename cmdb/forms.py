from typing import ClassVar

from django import forms

from cmdb.models import ConfigurationItem, Relation, Service


class CIForm(forms.ModelForm):
    class Meta:
        model = ConfigurationItem
        fields: ClassVar = [
            "ci_class", "name", "environment", "version", "owner", "support_team", "criticality", "attributes",
        ]  # fmt: skip


class MoveForm(forms.Form):
    to = forms.ChoiceField(label="New status")

    def __init__(self, *args: object, record: ConfigurationItem | Service, **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        labels = dict(record._meta.get_field(record.LIFECYCLE.field).flatchoices)  # type: ignore[union-attr]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (state, labels[state]) for state in labels if record.LIFECYCLE.allows(record, state)
        ]


class VerifyForm(forms.Form):
    """Nothing to fill in: the button says that the record is true."""


class RelateForm(forms.Form):
    type = forms.ChoiceField(choices=Relation.Type.choices)
    target = forms.CharField(label="Other CI", help_text="Its number (CI-17) or its exact name.")

    def clean_target(self) -> ConfigurationItem:
        ref = self.cleaned_data["target"].strip()
        cis = ConfigurationItem.objects.all()
        found = cis.by_ref(ref).first() or cis.filter(name=ref).first()
        if found is None:
            raise forms.ValidationError(f"There is no CI {ref!r}.")
        return found


class ServiceForm(forms.ModelForm):
    class Meta:
        model = Service
        fields: ClassVar = [
            "name", "summary", "owner", "sponsor", "support_team", "hours", "delivery_model", "support_access",
        ]  # fmt: skip
