"""Each request gets an id, is timed, and leaves one line in the log."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars

from itsm.kernel.watching import metrics

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/+=-]{7,127}")
# Asked for every few seconds by machines: in the log only when it goes wrong, or at LOG_LEVEL=DEBUG.
QUIET = frozenset({"health-live", "health-ready", "metrics", "static"})

log = structlog.get_logger(__name__)


class RequestWatch:
    """The outermost middleware: what others refuse is counted, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = id_of(request.headers.get(HEADER, ""))
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        self._note(request, response.status_code, time.perf_counter() - started)
        response[HEADER] = request_id  # and in the context, for what Django says of the answer after us
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        bind_contextvars(route=route_of(request))

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        route = route_of(request)
        metrics.note_request(route, str(request.method), status, seconds)
        say = log.debug if route in QUIET and status < 500 else log.info
        say("request", method=request.method, route=route, status=status, ms=round(1000 * seconds, 1))


def id_of(given: str) -> str:
    """The id that the caller gave, or a new one where it gave none, or something that does not belong in a log."""
    return given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex


def route_of(request: HttpRequest) -> str:
    """The route's name: there are some hundreds, whatever people ask for."""
    if match := request.resolver_match:
        return match.view_name or match.route
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
