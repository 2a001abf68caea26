"""Words of the CMDB's own pages: `{% load cmdb %}`."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cmdb.models import ImportDifference, SupportAccess
from cmdb.queries.labels import Labels
from cmdb.reconciling.words import CHOICES
from cmdb.tables.cis import CI_KINDS
from cmdb.tables.imports import kind_of

register = template.Library()
DIFFERENCES = {
    "added": ("open", "CI added"), "removed": ("block", "CI gone"), "changed": ("warn", "changed"),
    "relation_added": ("open", "relation added"), "relation_removed": ("block", "relation gone"),
}  # fmt: skip


@register.simple_tag
def ci_state(state: str, label: str) -> SafeString:
    """A state of a CI's life as word, colour and shape."""
    return format_html('<span class="v {}">{}</span>', CI_KINDS.get(state, "none"), label)


@register.simple_tag
def difference_kind(kind: str) -> SafeString:
    """A kind of difference as word, colour and shape."""
    return format_html('<span class="v {}">{}</span>', *DIFFERENCES[kind])


@register.simple_tag
def import_kind(difference: ImportDifference) -> SafeString:
    """What an import does there, as word, colour and shape."""
    return format_html('<span class="v {}">{}</span>', *kind_of(difference))


ACCESS = {"full": "ok", "write": "ok", "read": "open", "on_request": "warn", "none": "block"}


@register.simple_tag
def access_kind(access: SupportAccess) -> SafeString:
    """What support may do there, as word, colour and shape."""
    return format_html('<span class="v {}">{}</span>', ACCESS[access.access], access.get_access_display())


@register.simple_tag
def labels() -> Labels:
    """`{% labels as called %}`, to be asked by the two filters below."""
    return Labels()


@register.filter
def field_label(name: str, labels: Labels) -> str:
    """A field or an attribute of a CI, as people call it."""
    return labels(name)


@register.filter
def attribute_label(name: str, labels: Labels) -> str:
    return labels.of_attribute(name)


@register.filter
def called(value: Any, field: str) -> Any:
    """What a CI's state says of a field; a choice as it is called."""
    return CHOICES[field].get(value, value) if field in CHOICES and isinstance(value, str | int) else value
