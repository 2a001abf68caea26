"""The few requests that the command makes, over HTTP, with patience."""

import json
import os
import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

AGAIN = (429, 502, 503, 504)
LONGEST_PAUSE = 30.0
TIME_OUT = 75.0  # a decision is waited for up to 60 s in one request


class CouldNotAsk(Exception):
    """No answer; `unreachable` if trying again later could help, else what was said or set is wrong."""

    def __init__(self, message: str, *, unreachable: bool = False):
        super().__init__(message)
        self.unreachable = unreachable


class Refused(Exception):
    """The answer is no."""


class NoRedirect(HTTPRedirectHandler):
    """A token is sent to nobody but the address that was given."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass(frozen=True)
class Client:
    """Where to ask, as whom, and for how long to try."""

    url: str
    token: str
    retry_for: float

    @classmethod
    def of(cls, url: str | None, *, retry_for: float) -> "Client":
        """From what was said or set; the token comes from SLIPWAY_TOKEN alone, so that no process list shows it."""
        url, token = url or os.environ.get("SLIPWAY_URL", ""), os.environ.get("SLIPWAY_TOKEN", "").strip()
        if urlsplit(url).scheme not in ("http", "https"):
            raise CouldNotAsk("Say where Slipway is: --url https://slipway.example.org, or set SLIPWAY_URL.")
        if not token:
            raise CouldNotAsk("Set SLIPWAY_TOKEN to an API token of the pipeline's account.")
        return cls(url.rstrip("/"), token, retry_for)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One effect, however often the network fails: all tries carry the same Idempotency-Key."""
        return self._ask("POST", path, json.dumps(body).encode(), {"Idempotency-Key": f"gate-{uuid.uuid4()}"})

    def get(self, path: str) -> dict[str, Any]:
        return self._ask("GET", path, None, {})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> dict[str, Any]:
        until, pause = time.monotonic() + self.retry_for, 1.0
        while True:
            try:
                return self._once(method, path, body, headers)
            except _Later as later:
                wait = later.after if later.after is not None else pause
                if time.monotonic() + wait > until:
                    raise CouldNotAsk(str(later), unreachable=True) from later
                time.sleep(wait)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> dict[str, Any]:
        said = {
            "Authorization": f"Token {self.token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        request = Request(f"{self.url}{path}", data=body, method=method, headers=said | headers)
        try:
            with build_opener(NoRedirect).open(request, timeout=TIME_OUT) as answer:
                return _object(answer.read())
        except HTTPError as error:
            raise _told(error) from error
        except (URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            raise _Later(f"{self.url} cannot be reached: {reason}") from error


class _Later(Exception):
    """Nothing was decided; ask again after so many seconds, or after a pause of one's own choice."""

    def __init__(self, message: str, after: float | None = None):
        super().__init__(message)
        self.after = after


def _told(error: HTTPError) -> Exception:
    """What an answer without success means; a refused operation is a refusal, anything else is a wrong question."""
    try:
        problem = _object(error.read())
    except (CouldNotAsk, OSError):
        problem = {}
    words = str(problem.get("detail") or problem.get("title") or error.reason)
    if error.code in AGAIN or (error.code == 409 and problem.get("code") == "idempotency_key_in_flight"):
        after = error.headers.get("Retry-After", "")
        return _Later(f"HTTP {error.code}: {words}", float(after) if after.isdecimal() else None)
    if error.code == 409:
        return Refused(words)
    if error.code >= 500:
        return CouldNotAsk(f"HTTP {error.code}: {words}", unreachable=True)
    wrong = "; ".join(f"{each.get('pointer')}: {each.get('detail')}" for each in problem.get("errors") or [])
    return CouldNotAsk(f"HTTP {error.code}: {words} {wrong}".strip())


def _object(text: bytes) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except ValueError as error:
        raise CouldNotAsk("The answer is not JSON; is this the address of a Slipway?") from error
    if not isinstance(said, dict):
        raise CouldNotAsk("The answer is no JSON object; is this the address of a Slipway?")
    return said
