"""One call to a stranger: to an address that was looked at, within a deadline, its answer read only so far."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from threading import Timer

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.util import Url

from itsm.kernel.webhooks import addresses

CONNECT_SECONDS, DEADLINE_SECONDS = 5.0, 15.0
MOST_ADDRESSES = 3
ANSWER_KEPT = 2_000
LONGEST_RETRY_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """What was answered; without a status, `problem` says why there was no answer."""

    status: int | None
    text: str = ""
    problem: str = ""
    retry_after: timedelta | None = None
    milliseconds: int = 0

    @property
    def took_it(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send the body; never raises for what the other side does, follows no redirect."""
    started = time.monotonic()
    try:
        found = addresses.parsed(url)
        status, text, retry_after = _ask(found, body, headers)
    except addresses.Refused as refusal:
        return Answer(None, problem=str(refusal))
    except (OSError, HTTPException, HTTPError, ValueError) as error:
        return Answer(None, problem=reason(error, DEADLINE_SECONDS)[:500], milliseconds=_since(started))
    problem = "" if 200 <= status < 300 else _meaning(status)
    return Answer(status, text, problem, wait_asked(retry_after), _since(started))


def _ask(found: Url, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, str | None]:
    connection = connected(found)
    with deadline(connection, idle=DEADLINE_SECONDS, whole=DEADLINE_SECONDS):
        connection.request(
            "POST",
            found.request_uri,
            body=body,
            headers={**headers, "Host": found.netloc or ""},
            preload_content=False,
        )
        response = connection.getresponse()
        text = response.read(ANSWER_KEPT, decode_content=False).decode(errors="replace").replace("\x00", "")
        return response.status, text, response.headers.get("Retry-After")


def connected(found: Url) -> HTTPConnection:
    """Connected to the first of the host's admissible addresses that answers; TLS still asks for the host's name."""
    problem: Exception = addresses.Refused(f"{found.host} has no address.")
    for address in addresses.admissible(found)[:MOST_ADDRESSES]:
        connection = _connection(found, address)
        try:
            connection.connect()
        except (OSError, HTTPError) as error:
            problem = error
            connection.close()
        else:
            return connection
    raise problem


def _connection(found: Url, address: str) -> HTTPConnection:
    if found.scheme == "http":
        return HTTPConnection(address, found.port or 80, timeout=CONNECT_SECONDS)
    name = addresses.bare(found.host)
    return HTTPSConnection(
        address, found.port or 443, timeout=CONNECT_SECONDS, server_hostname=name, assert_hostname=name
    )


@contextmanager
def deadline(connection: HTTPConnection, *, idle: float, whole: float) -> Iterator[None]:
    """However slowly the other side trickles: at the deadline the line is cut, and before that where nothing comes."""
    line: socket.socket | None = connection.sock
    assert line is not None
    connection.timeout = idle  # the connection sets it on the line with each request
    over = Timer(whole, _cut, [line])
    over.daemon = True
    over.start()
    try:
        yield
    finally:
        over.cancel()
        connection.close()


def _cut(line: socket.socket) -> None:
    with suppress(OSError, ValueError):
        line.shutdown(socket.SHUT_RDWR)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def reason(error: Exception, seconds: float) -> str:
    """Why there was no answer, as a sentence."""
    if isinstance(error, NewConnectionError) and isinstance(error.__cause__, OSError):
        return f"No connection: {error.__cause__.strerror or error.__cause__}."
    if isinstance(error, ConnectTimeoutError):
        return f"No connection within {CONNECT_SECONDS:.0f} seconds."
    if isinstance(error, TimeoutError):
        return f"No answer within {seconds:.0f} seconds."
    return f"{type(error).__name__}: {error}"


def _meaning(status: int) -> str:
    if 300 <= status < 400:
        return f"It answered {status}; redirects are not followed. Give the endpoint its final address."
    if status == 410:
        return "It answered 410: nothing is to be sent there any more."
    return f"It answered {status}, not 2xx."


def wait_asked(header: str | None) -> timedelta | None:
    """Retry-After: seconds or a date; nothing that makes no sense, and not for ever."""
    if not header:
        return None
    try:
        found = timedelta(seconds=int(header)) if header.strip().isdecimal() else _until(header)
    except (ValueError, OverflowError):
        return None
    return min(max(found, timedelta()), LONGEST_RETRY_AFTER)


def _until(date: str) -> timedelta:
    when = parsedate_to_datetime(date)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)) - datetime.now(UTC)
