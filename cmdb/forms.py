import json
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.forms.fields import InvalidJSONInput
from django.utils import timezone

from cmdb.attribute_fields import PREFIX, fields_of, gathered, without_fields
from cmdb.edit_fields import Change
from cmdb.keys import Key
from cmdb.models import CIClass, ConfigurationItem, Relation
from cmdb.queries import selection
from cmdb.schemas import takes_others
from itsm.kernel.nesting import UNKEEPABLE_SAID, TooDeep, unkeepable
from itsm.kernel.picking import PickField, PickManyField


class KeysField(forms.CharField):
    """Names in other tools, `source:key` one a line; cleans to keys."""

    widget = forms.Textarea(attrs={"rows": 2})

    def clean(self, value: str) -> list[Key]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        keys = [Key.read(line) for line in lines]
        if None in keys:
            wrong = lines[keys.index(None)]
            raise forms.ValidationError(f"{wrong} is not a source, a colon and a key, such as netbox:device-17.")
        return [key for key in keys if key is not None]


class ObjectField(forms.JSONField):
    """A JSON object; left empty it is an object without members, never null. Shown a member a line."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "class": "code", "spellcheck": "false"}

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return json.dumps(value, indent=2, ensure_ascii=False, cls=self.encoder)
        return super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        """Says where the text stops being JSON."""
        try:
            if unkeepable(json.loads(value or "{}")) is not None:
                raise forms.ValidationError(UNKEEPABLE_SAID)
        except json.JSONDecodeError as error:
            raise forms.ValidationError(f"Line {error.lineno}, column {error.colno}: {error.msg}.") from error
        except (RecursionError, TooDeep) as error:
            raise forms.ValidationError("It is nested too deeply.") from error
        except TypeError:
            pass
        found = super().to_python(value)
        if found is not None and not isinstance(found, dict):
            raise forms.ValidationError('Give an object, such as {"name": "value"}.')
        return found or {}

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)  # shown as it was typed


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


class CIClassForm(forms.ModelForm):
    schema = ObjectField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        label="Attributes its CIs have",
        help_text="A JSON Schema; empty takes any attributes.",
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


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button says it."""


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


class AccountingForm(forms.Form):
    """A period and whose CIs; days are whole ones, the last among them."""

    service = PickField("service", required=False)
    query = forms.CharField(required=False, max_length=2000, label="Or a filter", help_text="Such as ci_class=server.")
    since = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Left empty, until today.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", "It ends before it starts.")
        if not said.get("service") and not said.get("query"):
            self.add_error("service", "Name a service, or give a filter.")
        return said

    def period(self) -> tuple[datetime, datetime]:
        """From the beginning of the first day to the end of the last."""
        first = self.cleaned_data["since"]
        last = self.cleaned_data["until"] or timezone.localdate()
        zone = timezone.get_current_timezone()
        midnight = time(tzinfo=zone)
        return datetime.combine(first, midnight), datetime.combine(last, midnight) + timedelta(days=1)

    def cis(self) -> QuerySet[ConfigurationItem]:
        """Raises InvalidInput for what is no filter."""
        if service := self.cleaned_data["service"]:
            return selection.of_service(service)
        return selection.of_query(selection.tidy(self.cleaned_data["query"]))


class AcceptEditForm(forms.Form):
    """Asks what to take only where the CI changed since the edit was proposed."""

    take = forms.MultipleChoiceField(label="Take these fields", widget=forms.CheckboxSelectMultiple)
    comment = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, rows: list[Change], **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not any(row.clashes for row in rows):
            del self.fields["take"]
            return
        choices = [(row.field, f"{row.label}: {row.now} → {row.shall_be}{_mark(row)}") for row in rows]
        self.fields["take"].choices = choices  # type: ignore[attr-defined]
        self.fields["take"].initial = [row.field for row in rows if not row.clashes]


def _mark(row: Change) -> str:
    return f" (was {row.was} when it was proposed)" if row.clashes else ""


class SendBackForm(forms.Form):
    comment = forms.CharField(max_length=500, label="What is wrong with it?")


class RelateForm(forms.Form):
    type = forms.ChoiceField(choices=Relation.Type.choices)
    target = PickField("ci", label="Other CI")
