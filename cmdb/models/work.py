"""What a worker needs with a file that was handed in: its pieces, and a place to say how far it is."""

from typing import ClassVar

from django.db import models


class Chunk(models.Model):
    """A piece of a file, kept where every worker can read it."""

    ordinal = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        abstract = True


class Progress(models.Model):
    """How far the work is; written every second, so it is no record of its own."""

    phase = models.CharField(max_length=60, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)

    class Meta:
        abstract = True

    BEGINNING: ClassVar = {"phase": "", "rows": 0, "bytes": 0, "attempts": 0, "cancel_asked": False}
