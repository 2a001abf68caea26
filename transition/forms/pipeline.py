"""Forms of the tools that send events."""

from typing import Any

from django import forms

from cmdb.models import Service
from transition.models import PipelineSource


class SourceForm(forms.Form):
    name = forms.CharField(max_length=100, label="What is it called?", help_text="Such as GitHub of the shop.")
    names = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 4}), label="Which service is which?",
        help_text="One a line: the repository (or the tool's id of the service) = our service. acme/shop = online-shop",
    )  # fmt: skip
    environments = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), label="What does it call environments?",
        help_text="One a line: its name = our name. prod = production. What is not named here keeps its name.",
    )  # fmt: skip

    @staticmethod
    def of(source: PipelineSource) -> dict[str, Any]:
        return {
            "name": source.name,
            "names": "\n".join(f"{name.external} = {name.service.slug}" for name in source.names.all()),
            "environments": "\n".join(f"{theirs} = {ours}" for theirs, ours in source.environments.items()),
        }

    def clean_names(self) -> list[tuple[str, Service]]:
        pairs = _pairs(self.cleaned_data["names"])
        known = {service.slug: service for service in Service.objects.filter(slug__in=[ours for _, ours in pairs])}
        if missing := sorted({ours for _, ours in pairs} - known.keys()):
            raise forms.ValidationError(f"There is no service {', '.join(missing)}.")
        return [(theirs, known[ours]) for theirs, ours in pairs]

    def clean_environments(self) -> dict[str, str]:
        return dict(_pairs(self.cleaned_data["environments"]))


class NewSourceForm(SourceForm):
    kind = forms.ChoiceField(choices=PipelineSource.Kind.choices, label="Which tool?")
    field_order = ("name", "kind")


def _pairs(text: str) -> list[tuple[str, str]]:
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        theirs, sign, ours = (part.strip() for part in line.rpartition("="))
        if not sign or not theirs or not ours:
            raise forms.ValidationError(f"{line[:80]!r}: write its name = our name.")
        found.append((theirs, ours))
    return found
