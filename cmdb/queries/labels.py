"""What people call the fields and attributes of CIs: an attribute has the title that its class gives it."""

from functools import cached_property

from django.utils.text import capfirst

from cmdb.models import CIClass
from cmdb.models.reconciliation import ATTRIBUTE, label_of


class Labels:
    """For one page: the titles are read once, and only when an attribute is named.

    Where two classes call an attribute of one name differently it keeps its name, as the page may speak of both.
    """

    do_not_call_in_templates = True

    def __call__(self, field: str) -> str:
        """Of `version`, or of `attributes.ram_gb`."""
        name = field.removeprefix(ATTRIBUTE)
        return (self.titles.get(name) if name != field else None) or label_of(field)

    def of_attribute(self, name: str) -> str:
        return self(ATTRIBUTE + name)

    @cached_property
    def titles(self) -> dict[str, str]:
        called: dict[str, set[str]] = {}
        for properties in CIClass.objects.filter(schema__has_key="properties").values_list(
            "schema__properties", flat=True
        ):
            for name, rule in properties.items():
                if isinstance(rule, dict) and rule.get("title"):
                    called.setdefault(name, set()).add(capfirst(str(rule["title"])))
        return {name: next(iter(titles)) for name, titles in called.items() if len(titles) == 1}
