from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class KnownWord(models.Model):
    """A word of some title: what a word with a typing error may have been meant to be. Never shown by itself."""

    word = models.TextField(primary_key=True)

    class Meta:
        indexes: ClassVar = [GinIndex(OpClass("word", name="gin_trgm_ops"), name="known_word_parts")]

    def __str__(self) -> str:
        return self.word
