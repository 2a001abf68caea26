"""A higher app puts a panel on a lower app's page without the lower one knowing it."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

Panel = Callable[[HttpRequest, Any], dict[str, Any] | None]
_panels: dict[str, list[tuple[int, str, Panel]]] = defaultdict(list)


def add(page: str, template: str, *, order: int = 50) -> Callable[[Panel], Panel]:
    """Register the function's context, rendered with the template, for the page (`cmdb.ci`).

    The function gets the request and the page's record and may answer None: no panel.
    """

    def register(function: Panel) -> Panel:
        _panels[page].append((order, template, function))
        _panels[page].sort(key=lambda entry: entry[0])
        return function

    return register


def render(page: str, request: HttpRequest, record: Any) -> list[str]:
    contexts = [(template, function(request, record)) for _, template, function in _panels[page]]
    return [render_to_string(template, context, request) for template, context in contexts if context is not None]
