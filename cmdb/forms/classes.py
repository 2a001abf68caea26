from typing import Any, ClassVar

from django import forms

from cmdb.forms.fields import ObjectField
from cmdb.models import CIClass, ConfigurationItem


class CIClassForm(forms.ModelForm):
    schema = ObjectField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        label="Attributes its CIs have",
        help_text='A JSON Schema, such as {"properties": {"ram_gb": {"type": "integer"}}, "required": ["ram_gb"]}. '
        "Empty takes any attributes.",
    )

    class Meta:
        model = CIClass
        fields: ClassVar = [
            "code", "name", "kind", "parent", "reason_required", "reviewed_from", "verify_days", "schema",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["parent"].empty_label = "None"  # type: ignore[attr-defined]
        criticalities = ConfigurationItem.Criticality.choices
        self.fields["reviewed_from"].choices = [("", "Nobody has to"), *criticalities]  # type: ignore[attr-defined]
        if self.instance.pk:  # the code is what other tools know it by
            del self.fields["code"]
            self.fields["accept_misfits"] = forms.BooleanField(
                required=False,
                label="Save it although some CIs do not fit any more",
                help_text="They are kept as they are, and found by the filter “Does not fit its class”.",
            )
