"""The base of every list page's table."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html


class RecordTable(tables.Table):
    """Columns link to their records; an empty cell is a dash."""

    class Meta:
        template_name = "partials/table.html"
        default = "–"
        attrs = {"class": "t"}
        order_by_field = "ordering"


class VerdictColumn(tables.Column):
    """A state as word, colour and shape; `kinds` maps the value to a verdict kind."""

    def __init__(self, kinds: dict[str, str], **kwargs: Any):
        self.kinds = kinds
        super().__init__(**kwargs)

    def render(self, value: Any, record: Any, bound_column: Any) -> str:
        raw = getattr(record, bound_column.accessor, value)
        return format_html('<span class="v {}">{}</span>', self.kinds.get(str(raw), "none"), value)
