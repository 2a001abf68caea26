"""A file at an address, piece by piece."""

from collections.abc import Iterator

from cmdb.importing.fetching.http import PIECE, answered

FILE_SECONDS = 3600.0


def content(address: str, token: str) -> Iterator[bytes]:
    headers = {"Accept": "*/*", **({"Authorization": f"Bearer {token}"} if token else {})}
    with answered(address, headers, whole_seconds=FILE_SECONDS) as response:
        yield from response.stream(PIECE, decode_content=True)
