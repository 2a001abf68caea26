"""`gunicorn tests.faults.wsgi`: the program, and what a client's X-Fault asks for."""

from typing import Any

from itsm.wsgi import application as slipway
from tests.faults import build


def application(environ: dict[str, Any], start_response: Any) -> Any:
    build.request.fault = environ.get("HTTP_X_FAULT", "")
    return slipway(environ, start_response)
