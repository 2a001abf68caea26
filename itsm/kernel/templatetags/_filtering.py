"""What a list page needs of its FilterSet and table: fields in rows, headings that sort."""

from typing import Any

from django import forms
from django.http import QueryDict

HIDDEN = {"ordering", "id"}
INLINE = 3
UNKNOWN = "unknown"


def filter_fields(filterset: Any) -> dict[str, Any]:
    """The filter's fields as the page places them: search, selects in the row, the rest behind a disclosure."""
    form = filterset.form
    placed: dict[str, Any] = {"search": None, "inline": [], "more": [], "carried": [], "active": 0}
    for bound in form:
        given = form.data.getlist(bound.html_name) if hasattr(form.data, "getlist") else []
        given = [value for value in given if value not in ("", UNKNOWN)]
        if bound.name == "search":
            placed["search"] = bound
        elif bound.name in HIDDEN or getattr(filterset.filters[bound.name], "derived", False):
            placed["carried"] += [(bound.html_name, value) for value in given if bound.name != "ordering"]
        elif _is_select(bound.field) and len(placed["inline"]) < INLINE:
            _dress(bound)
            placed["inline"].append(bound)
        else:
            _dress(bound, labelled=True)
            placed["more"].append(bound)
            placed["active"] += bool(given)
    return placed


def headings(table: Any, filterset: Any, query: QueryDict) -> list[dict[str, Any]]:
    """The table's columns with, where the filter can order by them, the address that does."""
    known = set(getattr(filterset, "ordering_fields", ()))
    now = query.get("ordering", "").split(",")[0]
    return [_heading(column, known, now, query) for column in table.columns]


def _heading(column: Any, known: set[str], now: str, query: QueryDict) -> dict[str, Any]:
    heading: dict[str, Any] = {"column": column, "url": "", "sort": "", "name": column.name}
    names = [str(by).lstrip("-") for by in (column.column.order_by or ())] + [column.name, str(column.accessor)]
    field = next((name for name in names if name in known), None) if column.orderable else None
    if field is None:
        return heading
    heading["sort"] = {field: "ascending", f"-{field}": "descending"}.get(now, "")
    address = query.copy()
    address.pop("page", None)
    address["ordering"] = f"-{field}" if now == field else field
    return heading | {"url": "?" + address.urlencode()}


def _is_select(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.Select) and not isinstance(field.widget, forms.SelectMultiple)


def _dress(bound: Any, *, labelled: bool = False) -> None:
    """Give the widget its class; a select without a label beside it says its name as the empty choice."""
    field = bound.field
    select = _is_select(field)
    field.widget.attrs.setdefault("class", "form-select" if select else "form-control")
    if not select:
        return
    word = "Any" if labelled else f"{bound.label}: any"
    if hasattr(field, "empty_label"):
        field.empty_label = word
        field.widget.choices = field.choices
    else:
        # A yes-or-no select looks its value up as part of a text, so its own word for neither has to stay.
        field.widget.choices = [
            (value, word) if value in ("", UNKNOWN) else (value, text) for value, text in field.widget.choices
        ]
