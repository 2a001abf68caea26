"""The base of every list page's table."""

from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import django_tables2 as tables
from django.db.backends.postgresql.psycopg_any import Range
from django.utils.html import format_html, strip_tags


class RecordTable(tables.Table):
    """Columns link to their records; an empty cell is a dash."""

    class Meta:
        template_name = "partials/table.html"
        default = "–"
        attrs = {"class": "t"}
        order_by_field = "ordering"

    def plain_rows(self) -> Iterator[list[Any]]:
        """The table without its looks: the headings, then each row; moments as they are, the rest as its words."""
        columns = [column for column in self.columns.iterall() if not isinstance(column.column, ChooseColumn)]
        yield [str(column.header) for column in columns]
        for row in self.rows:
            yield [self._plain(row, column) for column in columns]

    @staticmethod
    def _plain(row: Any, column: Any) -> Any:
        raw = column.accessor.resolve(row.record, quiet=True) if column.accessor else None
        if isinstance(raw, date):
            return raw
        if isinstance(raw, Range):
            return f"{raw.lower.isoformat()}/{raw.upper.isoformat()}"
        words = unescape(strip_tags(str(row.get_cell(column.name)))).strip()
        return "" if words == "–" else words


class ChooseColumn(tables.Column):
    """A box to choose the row; what is chosen goes with the form of that id, as `pick`."""

    def __init__(self, form: str):
        self.form = form
        super().__init__(accessor="pk", orderable=False, verbose_name="Choose", attrs={"td": {"class": "choose"}})

    def render(self, value: Any, record: Any) -> str:
        box = '<input type="checkbox" class="form-check-input" name="pick" value="{}" form="{}" aria-label="Choose {}">'
        return format_html(box, value, self.form, record)


class VerdictColumn(tables.Column):
    """A state as word, colour and shape; `kinds` maps the value to a verdict kind."""

    def __init__(self, kinds: dict[str, str], **kwargs: Any):
        self.kinds = kinds
        super().__init__(**kwargs)

    def render(self, value: Any, record: Any, bound_column: Any) -> str:
        raw = getattr(record, bound_column.accessor, value)
        return format_html('<span class="v {}">{}</span>', self.kinds.get(str(raw), "none"), value)
