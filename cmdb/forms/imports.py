"""Forms of imports."""

from typing import Any, ClassVar

from django import forms

from cmdb.forms.fields import ObjectField, WordsField
from cmdb.importing.mapping import ATTRIBUTE, FIELDS, RELATION, parse
from cmdb.importing.mapping import guess as guess_of
from cmdb.importing.readers import READERS, Reader
from cmdb.importing.readers.csv_table import Start
from cmdb.models import CIClass, ConfigurationItem, ImportProfile, ImportRun, Relation
from cmdb.schemas import attributes_of
from itsm.kernel.errors import DomainError

COLUMN = "column_"
OTHER = "other_"


class HandInForm(forms.Form):
    file = forms.FileField(max_length=200, help_text="It is kept for 30 days.")
    format = forms.ChoiceField(choices=[(code, reader.label) for code, reader in READERS.items()])
    profile = forms.ModelChoiceField(
        ImportProfile.objects.order_by("name"), required=False, empty_label="None yet: I say what the columns are",
        help_text="Says what the columns of such a table are.",
    )  # fmt: skip
    source = forms.CharField(
        max_length=60, required=False, label="Source",
        help_text="What the file comes from, such as inventory. With a profile it may be left empty.",
    )  # fmt: skip
    retire_missing = forms.BooleanField(
        required=False, label="Retire CIs that the source knew and this file no longer names"
    )
    at_once = forms.BooleanField(required=False, label="Import it at once, without a preview")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["retire_missing"] = said.get("retire_missing") or None  # without the tick, the profile says it
        if not said.get("profile") and not said.get("source"):
            self.add_error("source", "Say what the file comes from, or choose a profile.")
        return said


class MappingForm(forms.Form):
    """A select for each column of the file, and what holds for all rows."""

    ci_class = forms.ModelChoiceField(
        CIClass.objects.order_by("name"), to_field_name="code", required=False, label="Class of all rows",
        empty_label="A column says it",
    )  # fmt: skip
    environment = forms.CharField(max_length=40, required=False, label="Environment of all rows")
    status = forms.ChoiceField(
        choices=[("", "A column says it, or live"), *ConfigurationItem.Status.choices], required=False,
        label="Status of all rows",
    )  # fmt: skip
    values = WordsField(
        required=False, label="What words in the file mean",
        help_text="One a line, such as status: In use = live, or ci_class: computer = server.",
    )  # fmt: skip
    retire_missing = forms.BooleanField(
        required=False,
        label="Retire CIs that the source knew and this file no longer names",
    )
    save_as = forms.CharField(
        max_length=100, required=False, label="Keep this as the profile",
        help_text="The next file of this kind is then read by it. Left empty, it is for this file only.",
    )  # fmt: skip

    def __init__(self, data: Any, *, run: ImportRun, start: Start, encoding: str):
        told = run.options
        shown = {**told.get("fixed", {}), "values": told.get("values"), "retire_missing": run.retire_missing}
        super().__init__(data, initial=shown | {"save_as": run.profile.name if run.profile else ""})
        self.start, self.encoding, self.told = start, encoding, told
        guess = told.get("columns") or guess_of(start.headings)
        choices = _targets()
        known = {target for _, group in choices[1:] for target, _ in group}
        for number, heading in enumerate(start.headings):
            own = [] if f"{ATTRIBUTE}{heading}" in known else [(f"{ATTRIBUTE}{heading}", f"Attribute “{heading}”")]
            self.fields[f"{COLUMN}{number}"] = forms.ChoiceField(
                choices=[*choices, ("New attribute", own)] if own else choices,
                required=False,
                label=heading or f"Column {number + 1}",
                initial=guess.get(heading, ""),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Each with its select and its first cells, for the table on the page."""
        return [
            {"field": self[f"{COLUMN}{number}"], "cells": [row[number] for row in self.start.rows]}
            for number in range(len(self.start.headings))
        ]

    @property
    def rest(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith(COLUMN)]

    def clean(self) -> dict[str, Any]:
        """As the operation takes it; what is wrong with the whole is said on top."""
        said = super().clean() or {}
        ci_class = said.get("ci_class")
        fixed = {
            "ci_class": ci_class.code if ci_class else "",
            "environment": said.get("environment", ""),
            "status": said.get("status", ""),
        }
        columns = {heading: said.get(f"{COLUMN}{number}", "") for number, heading in enumerate(self.start.headings)}
        options = {
            **{name: self.told[name] for name in ("separator",) if name in self.told},
            "columns": {heading: target for heading, target in columns.items() if target},
            "fixed": {name: value for name, value in fixed.items() if value},
            "values": said.get("values") or {},
            "encoding": self.encoding,
            "delimiter": self.start.delimiter,
        }
        try:
            parse(options)
        except DomainError as error:
            place, messages = next(iter(error.errors.items()))
            self.add_error("values" if place == "values" else None, list(messages))
        return {"options": options, "retire_missing": said.get("retire_missing"), "save_as": said.get("save_as")}


TOLD = {
    "application": ("Application", "Its name in the CMDB. Left empty, as the file says."),
    "version": ("Version of the application", "Left empty, as the file says."),
    "environment": ("Environment", "Of everything of which the file does not say it."),
    "device_classes": (
        "Class of each role",
        'A device is of the class “device” unless its role says more, such as {"core-switch": "switch"}.',
    ),
    "others": ("Take in resources of other types too", "As the class “cloud resource”."),
}
FIELD_OF: dict[type, type[forms.Field]] = {str: forms.CharField, bool: forms.BooleanField, dict: ObjectField}


class ToldForm(forms.Form):
    """What the format may be told; of a table that is a MappingForm."""

    retire_missing = forms.BooleanField(
        required=False, label="Retire CIs that the source knew and this file no longer names"
    )

    def __init__(self, data: Any, *, run: ImportRun, reader: Reader):
        super().__init__(data, initial={"retire_missing": run.retire_missing, **run.options})
        own = {}
        for name, type_ in reader.told.items():
            label, help_text = TOLD[name]
            own[name] = FIELD_OF[type_](label=label, help_text=help_text, required=False)
        if "device_classes" in own:
            own["device_classes"].widget.attrs["rows"] = 3
        self.fields = {**own, **self.fields}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        retire_missing = said.pop("retire_missing", False)
        return {"options": {name: value for name, value in said.items() if value}, "retire_missing": retire_missing}

    @staticmethod
    def places(errors: dict[str, Any]) -> dict[str, Any]:
        return {field.removeprefix("options."): messages for field, messages in errors.items()}


def _targets() -> list[Any]:
    """What a column can be, in groups."""
    classes = CIClass.objects.select_related("parent")
    attributes = sorted({each.name for ci_class in classes for each in attributes_of(ci_class)})
    return [
        ("", "Leave it out"),
        ("Field", list(FIELDS.items())),
        ("Attribute", [(f"{ATTRIBUTE}{name}", name.replace("_", " ")) for name in attributes]),
        ("Relation to the keys in it", [(f"{RELATION}{kind}", str(label)) for kind, label in Relation.Type.choices]),
    ]


class MergeForm(forms.Form):
    leave_out_broken = forms.BooleanField(required=False, label="Leave out the rows that cannot be taken in")


class ImportProfileForm(forms.ModelForm):
    columns = ObjectField(
        widget=forms.Textarea(attrs={"rows": 12}), initial=dict,
        help_text='Heading in the file and what it is, such as {"CI Name": "key", "RAM": "attributes.ram_gb"}.',
    )  # fmt: skip
    fixed = ObjectField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), initial=dict, label="What all rows have",
        help_text='Such as {"ci_class": "server"}.',
    )  # fmt: skip
    values = ObjectField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), initial=dict, label="What words in the file mean",
        help_text='Such as {"status": {"In use": "live"}}.',
    )  # fmt: skip

    class Meta:
        model = ImportProfile
        fields: ClassVar = [
            "name", "source", "columns", "fixed", "values", "delimiter", "encoding", "separator", "retire_missing",
        ]  # fmt: skip
        labels: ClassVar = {"retire_missing": "Retire CIs that the source knew and a file no longer names"}
        help_texts: ClassVar = {"source": "What the files come from, such as inventory.", "retire_missing": ""}
