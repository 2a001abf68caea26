"""Every route of the site, as the URL resolver knows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLResolver, get_resolver

# allauth's pages guard themselves, tests/kernel/test_sign_in.py asks them; Django's admin is asked by
# tests/portal/administration/test_support.py, every page of it.
FOREIGN = ("accounts/", "static/", "admin/")
VERBS = ("get", "post", "put", "patch", "delete")
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)+?")


@dataclass(frozen=True)
class Route:
    """One method of one address; its arguments in braces: `/api/cmdb/cis/{pk}/verify/`."""

    method: str
    path: str
    callback: Any

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_read(self) -> bool:
        return self.method == "GET"

    @property
    def key(self) -> str:
        return f"{self.method:<6} {self.path}"

    @property
    def app(self) -> str:
        first = self.path.removeprefix("/api").split("/")[1]
        return first if first in ("cmdb", "knowledge", "changes", "transition") else "kernel"

    @property
    def kind(self) -> str:
        """What stands before the first argument: `cis` of `/cmdb/cis/{number}/move/`."""
        return self.path.partition("/{")[0].rstrip("/").rpartition("/")[2]


def _walk(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in node.url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, here)
        else:
            yield here, pattern.callback


def _address(pattern: str) -> str:
    return "/" + ARGUMENT.sub(lambda m: f"{{{m[1] or m[2]}}}", pattern).replace("^", "").replace("$", "")


def _methods(path: str, callback: Any) -> list[str]:
    if actions := getattr(callback, "actions", None):
        return [method.upper() for method in actions if method != "head"]  # which comes and goes with the first request
    if path.startswith("/api/"):
        return [method.upper() for method in VERBS if hasattr(callback.cls, method)]
    return ["GET", "POST"]


@cache
def all_routes() -> tuple[Route, ...]:
    """Each once; of a page both methods, because its view alone knows which it takes."""
    found = [
        Route(method, _address(pattern), callback)
        for pattern, callback in _walk(get_resolver())
        if not pattern.startswith(FOREIGN)
        for method in _methods(_address(pattern), callback)
    ]
    return tuple({route.key: route for route in found}.values())
