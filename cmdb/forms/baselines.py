from typing import Any

from django import forms

from itsm.kernel.picking import PickField


class BaselineForm(forms.Form):
    name = forms.CharField(max_length=200, help_text="What it is for, such as: before the move to the new data centre.")
    service = PickField("service", required=False, help_text="Its CI and all that it hangs on.")
    query = forms.CharField(
        required=False, label="Or a filter", max_length=2000,
        help_text="As the address of the list of CIs has it, such as status=live&environment=production.",
    )  # fmt: skip
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean(self) -> dict[str, Any]:
        """An empty filter means every CI only where somebody came from the whole list."""
        said = super().clean() or {}
        if said.get("service") is None and not said.get("query") and "all" not in self.data:
            raise forms.ValidationError("Name a service, or give a filter.")
        return said | {"query": None if said.get("service") and not said.get("query") else said.get("query") or ""}
