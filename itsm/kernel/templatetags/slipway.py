"""The tags and filters of every template (builtin: no {% load %}). docs/interface.md shows them in use."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.db.backends.postgresql.psycopg_any import Range
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from itsm.kernel.templatetags import _filtering, _time, _window

register = template.Library()

KINDS = ("ok", "warn", "block", "unknown", "open", "none")

register.filter("when", _time.when)
register.filter("moment", _time.moment)
register.filter("clock", _time.clock)
register.filter("day", _time.day)
register.filter("minutes", _time.minutes)
register.simple_tag(_time.span, name="span")
register.simple_tag(_time.countdown, name="countdown")
register.simple_tag(_filtering.filter_fields, name="filter_fields")
register.simple_tag(_filtering.headings, name="headings")


@register.simple_tag
def verdict(kind: str, word: Any) -> SafeString:
    """A state as word, colour and shape."""
    return format_html('<span class="v {}">{}</span>', kind if kind in KINDS else "none", word)


@register.inclusion_tag("partials/states.html")
def states(steps: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """The whole way of a record in one line, the present step marked."""
    return {"steps": steps}


@register.inclusion_tag("partials/facts.html")
def facts(pairs: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """(label, value) or (label, value, url); an empty value is left out."""
    full = [(*pair, None)[:3] for pair in pairs]
    return {"pairs": [pair for pair in full if pair[1] not in (None, "")]}


@register.inclusion_tag("partials/tiles.html")
def tiles(tiles: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Figures, each a link to the list that it counts: {label, figure, note, url}."""
    return {"tiles": tiles}


@register.inclusion_tag("partials/empty.html")
def empty(title: str, text: str = "", action_label: str = "", action_url: str = "") -> dict[str, Any]:
    return {"title": title, "text": text, "action_label": action_label, "action_url": action_url}


@register.inclusion_tag("partials/verdict_rows.html")
def verdict_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows of {kind, word, title, url, text, fixes: [{label, url}]}, drawn in the order given."""
    return {"rows": rows}


@register.inclusion_tag("partials/history.html")
def history(entries: Sequence[Mapping[str, Any]], number: str = "", shown: int = 5) -> dict[str, Any]:
    return {"first": entries[:shown], "count": len(entries), "number": number, "whole_url": _whole(number)}


def _whole(number: str) -> str:
    """Where the whole story is; the page is of a higher floor and may be missing."""
    try:
        return reverse("history", args=[number]) if number else ""
    except NoReverseMatch:
        return ""


@register.inclusion_tag("partials/window.html")
def window_track(rows: Iterable[Mapping[str, Any]], start: datetime, end: datetime) -> dict[str, Any]:
    """What happens between start and end, a line for each row on one axis of time."""
    return _window.drawn(rows, start, end)


@register.inclusion_tag("partials/graph.html")
def graph(url: str, label: str = "Graph", direction: str = "down") -> dict[str, Any]:
    """A graph read as JSON from the address; put the list that it shows beside it."""
    library = static("vendor/cytoscape/cytoscape.esm.min.mjs")
    return {"url": url, "label": label, "direction": direction, "library": library}


@register.inclusion_tag("partials/progress.html")
def progress(done: float, total: float, label: str) -> dict[str, Any]:
    return {"done": done, "total": total or 1, "label": label}


@register.inclusion_tag("partials/icon.html")
def icon(name: str) -> dict[str, str]:
    return {"name": name}


@register.simple_tag
def person(user: Any, none: str = "nobody yet") -> SafeString:
    """A person's name, the sign-in name on hover."""
    if user is None:
        return format_html('<span class="muted">{}</span>', none)
    return format_html('<span class="person" title="{}">{}</span>', getattr(user, "username", ""), user)


@register.simple_tag
def refused_actions(actions: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [action for action in actions if not action["allowed"]]


@register.filter
def thousands(number: float | None) -> str:
    """17262 → 17,262."""
    return "–" if number is None else f"{number:,}"


@register.filter
def percent(share: float | None) -> str:
    """A share of one: 0.053 → 5.3 %, 0.94 → 94 %."""
    return "–" if share is None else f"{round(share * 100, 1):g} %"


@register.filter
def read(value: Any) -> Any:
    """A list as people read it, an object as it is written elsewhere."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Range):
        return _time.span(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else value


@register.filter
def dash(value: Any) -> Any:
    """A dash for what is not there."""
    return "–" if value in (None, "") else value
