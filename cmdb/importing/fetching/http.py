"""A GET that trusts nobody: to admissible addresses only, no redirect, with time-outs, its failures told in words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPException

from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from itsm.kernel.errors import DomainError
from itsm.kernel.webhooks import addresses, call

IDLE_SECONDS = 60.0
PIECE = 64 * 1024
MOST_OF_AN_ERROR = 500
BUSY = frozenset({429, 500, 502, 503, 504})


class FetchFailed(DomainError):
    """The source cannot be fetched; the message says why and what to do."""

    code = "fetch_failed"


class Unanswered(FetchFailed):
    """No answer, or one that says not now: worth another try, after `wait` where it was asked for."""

    def __init__(self, message: str, wait: timedelta | None = None):
        super().__init__(message)
        self.wait = wait


class Answered(FetchFailed):
    """Another answer than what was asked for."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


@contextmanager
def answered(url: str, headers: Mapping[str, str], *, whole_seconds: float) -> Iterator[BaseHTTPResponse]:
    """The answer (200), to be read inside. What goes wrong there with the line is told, too."""
    try:
        found = addresses.parsed(url)
        connection = call.connected(found)
        with call.deadline(connection, idle=IDLE_SECONDS, whole=whole_seconds):
            sent = {"Host": found.netloc or "", "User-Agent": "Slipway", "Accept-Encoding": "identity", **headers}
            connection.request("GET", found.request_uri, headers=sent, preload_content=False)
            response = connection.getresponse()
            _expect_success(response, found.host or "")
            yield response
    except addresses.Refused as refusal:
        raise FetchFailed(str(refusal)) from refusal
    except (OSError, HTTPException, HTTPError) as error:
        raise Unanswered(_reason(error, found.host or "")) from error


def _expect_success(response: BaseHTTPResponse, host: str) -> None:
    status = response.status
    if status == 200:
        return
    if status in BUSY:
        raise Unanswered(_busy(host, status), call.wait_asked(response.headers.get("Retry-After")))
    raise Answered(_meaning(host, status, response), status)


def _busy(host: str, status: int) -> str:
    if status == 429:
        return f"{host} says that it is asked too often (429). Let it run less often, or raise the limit there."
    return f"{host} could not answer ({status}). Something is wrong there; look into its log."


def _meaning(host: str, status: int, response: BaseHTTPResponse) -> str:
    if 300 <= status < 400:
        to = response.headers.get("Location", "elsewhere")[:200]
        return f"{host} sends to {to} ({status}), which is not followed. Give the final address."
    if status in (401, 403):
        said = response.read(MOST_OF_AN_ERROR).decode(errors="replace").replace("\x00", "").strip()
        told = f": {' '.join(said.split())[:200]}" if said and not said.startswith("<") else ""
        return f"{host} does not let the token in ({status}{told}). Give one that is valid and may read."
    if status == 404:
        return f"{host} has nothing at this address (404). Look whether it is the right one."
    return f"{host} answered {status}, not 200."


def _reason(error: Exception, host: str) -> str:
    return f"{host}: {call.reason(error, IDLE_SECONDS)}"[:500]
