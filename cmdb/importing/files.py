"""A file that was handed in, kept in pieces in the database: every worker can read it, and none holds it whole."""

import hashlib
import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.conf import settings
from django.db.models import Exists, OuterRef

from cmdb.models import Audit, ImportChunk, ImportDifference, ImportRun
from itsm.kernel.errors import InvalidInput

PIECE = 1 << 20
FILES_KEPT = timedelta(days=30)
DIFFERENCES_KEPT = timedelta(days=180)


def keep(run: ImportRun | Audit, data: Iterable[bytes]) -> None:
    """Store the file and what it is known by, on what it is for; the caller saves."""
    digest, size, most = hashlib.sha256(), 0, settings.IMPORT_MEGABYTES << 20
    for ordinal, piece in enumerate(_pieces(data)):
        run.chunks.create(ordinal=ordinal, data=piece)
        digest.update(piece)
        size += len(piece)
        if size > most:
            raise InvalidInput.at("file", f"It is larger than {settings.IMPORT_MEGABYTES:,} MB. Hand it in in parts.")
    if not size:
        raise InvalidInput.at("file", "The file is empty.")
    run.digest, run.file_size = digest.hexdigest(), size


def drop(run: ImportRun) -> None:
    """What was kept of it, such as by a worker that died."""
    run.chunks.all()._raw_delete("default")


def _pieces(data: Iterable[bytes]) -> Iterable[bytes]:
    """Pieces of one size, so that a place in the file is found by its number."""
    held = bytearray()
    for part in data:
        held += part
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


def open_file(run: ImportRun) -> BinaryIO:
    return buffered(KeptFile(run))


def buffered(kept: "KeptFile") -> BinaryIO:
    return io.BufferedReader(kept, PIECE)


class KeptFile(io.RawIOBase):
    """Reads the pieces as one file, one piece in memory."""

    def __init__(self, run: ImportRun | Audit):
        self._chunks, self._size, self._at = run.chunks, run.file_size, 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        ordinal, start = divmod(self._at, PIECE)
        part = self._piece(ordinal)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _piece(self, ordinal: int) -> bytes:
        if self._held[0] != ordinal:
            data = self._chunks.values_list("data", flat=True).get(ordinal=ordinal)
            self._held = ordinal, bytes(data)
        return self._held[1]


def forget(now: datetime) -> int:
    """Drop the files of runs that ended long ago, and what those runs changed a good while later."""
    chunks = ImportChunk.objects.filter(run=OuterRef("pk"))
    old = ImportRun.objects.exclude(state__in=ImportRun.UNDER_WAY).filter(Exists(chunks))
    runs = list(old.filter(updated_at__lt=now - FILES_KEPT).values_list("pk", flat=True))
    ImportChunk.objects.filter(run__in=runs)._raw_delete("default")
    ImportRun.objects.filter(pk__in=runs).update(file_forgotten_at=now)
    ImportDifference.objects.filter(run__finished_at__lt=now - DIFFERENCES_KEPT)._raw_delete("default")
    return len(runs)
