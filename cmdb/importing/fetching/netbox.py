"""NetBox over REST: endpoint by endpoint, page by page as it says what comes next, made into the file of its pages."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from cmdb.importing.fetching.http import Answered, FetchFailed, Unanswered, answered

ENDPOINTS = (
    "dcim/sites", "virtualization/clusters", "dcim/devices", "virtualization/virtual-machines", "ipam/services",
    "dcim/cables",
)  # fmt: skip
# In the order of their ids, so that what is added meanwhile comes last; contexts of configuration are large and unread.
FIRST = "limit=200&offset=0&ordering=id"
WITHOUT = dict.fromkeys(("dcim/devices", "virtualization/virtual-machines"), "&exclude=config_context")
MOST_OF_A_PAGE = 16 << 20
PAGE_SECONDS = 120.0
WAITS = (2.0, 10.0, 30.0)  # before each further try; where NetBox names a wait, that, up to LONGEST_WAIT
LONGEST_WAIT = 120.0


def content(address: str, token: str, pause: Callable[[float], None]) -> Iterator[bytes]:
    """All that is read of NetBox as one file, `{endpoint: [page, …], …}`; one page of it is in memory."""
    ask = Asks(address.rstrip("/").removesuffix("/api"), token, pause)
    for number, endpoint in enumerate(ENDPOINTS):
        yield b"%s%s:[" % (b"," if number else b"{", json.dumps(endpoint).encode())
        for at, page in enumerate(pages(ask, endpoint)):
            yield b"," if at else b""
            yield page
        yield b"]"
    yield b"}"


def pages(ask: Callable[[str], bytes], endpoint: str) -> Iterator[bytes]:
    """The pages as they came. Of the address of the next only the question is taken: the token goes nowhere else."""
    question, count = FIRST + WITHOUT.get(endpoint, ""), 0
    while question:
        said = ask(f"/api/{endpoint}/?{question}")
        page = _page(said, endpoint)
        if page["count"] < count:
            raise FetchFailed(
                f"Records of {endpoint} were removed from NetBox while they were read, so some may have been passed "
                "over. Nothing was taken in: run it again."
            )
        yield said.removeprefix(b"\xef\xbb\xbf")
        question, count = _next(page, question, endpoint), page["count"]


class Asks:
    """NetBox, asked again after a while when it does not answer or is busy."""

    def __init__(self, base: str, token: str, pause: Callable[[float], None]):
        self.base, self.pause = base, pause
        # Tokens of the second version (NetBox 4.5 and later) are told from those before by how they begin.
        kind = "Bearer" if token.startswith("nbt_") else "Token"
        self.headers = {"Accept": "application/json", **({"Authorization": f"{kind} {token}"} if token else {})}

    def __call__(self, path: str) -> bytes:
        for wait in WAITS:
            try:
                return self._once(path)
            except Unanswered as failed:
                seconds = failed.wait.total_seconds() if failed.wait else wait
                if seconds > LONGEST_WAIT:
                    raise FetchFailed(
                        f"{failed.message} It asks to come back in {seconds / 60:,.0f} minutes."
                    ) from failed
                self.pause(seconds)
        try:
            return self._once(path)
        except Unanswered as failed:
            raise FetchFailed(f"{failed.message} It was asked {len(WAITS) + 1} times.") from failed

    def _once(self, path: str) -> bytes:
        try:
            with answered(self.base + path, self.headers, whole_seconds=PAGE_SECONDS) as response:
                said = response.read(MOST_OF_A_PAGE + 1, decode_content=True)
        except Answered as other:
            if other.status == 404:
                endpoint = path.partition("?")[0]
                raise FetchFailed(
                    f"There is no {endpoint} at {self.base} (404). Give NetBox's own address, such as "
                    "https://netbox.example.org."
                ) from other
            raise
        if len(said) > MOST_OF_A_PAGE:
            raise FetchFailed(
                f"A page of {self.base} is larger than {MOST_OF_A_PAGE >> 20} MB; no page of NetBox's is."
            )
        return bytes(said)


def _page(said: bytes, endpoint: str) -> Mapping[str, Any]:
    try:
        page = json.loads(said.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _no_page(endpoint, said) from error
    if not isinstance(page, dict) or not isinstance(page.get("results"), list):
        raise _no_page(endpoint, said)
    if not isinstance(page.get("next"), str | None) or type(page.get("count")) is not int:
        raise _no_page(endpoint, said)
    return page


def _no_page(endpoint: str, said: bytes) -> FetchFailed:
    start = " ".join(said[:200].decode(errors="replace").replace("\x00", "").split())[:60]
    hint = " That is a web page: is this NetBox's own address?" if start.startswith("<") else ""
    return FetchFailed(f"Where a page of {endpoint} was expected came something else: “{start}…”.{hint}")


def _next(page: Mapping[str, Any], question: str, endpoint: str) -> str:
    """The question for the next page; nothing after the last."""
    if page["next"] is None:
        return ""
    try:
        following = urlsplit(page["next"]).query
    except ValueError:
        following = ""
    if not following or following == question or not page["results"] or not following.isascii():
        raise FetchFailed(
            f"NetBox's pages of {endpoint} lead nowhere: after “?{question}” comes “{page['next'][:200]}”."
        )
    return following
