"""What the database keeps unique, said as the input error that it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from psycopg2.errors import ExclusionViolation, UniqueViolation

from itsm.kernel.errors import InvalidInput


@contextmanager
def unique(field: str, taken: str) -> Iterator[None]:
    """Writes inside raise InvalidInput at the field, with that sentence, where it is there, or overlaps."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation | ExclusionViolation):
            raise
        raise InvalidInput.at(field, taken) from error
