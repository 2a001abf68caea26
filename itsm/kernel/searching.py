"""Full-text search: words by their beginnings, whatever separates them (`leaf-switch-07` is three words).

Each searched kind has a `words_index`; a question that names the same fields in the same order is answered from it.
The functions are in the database (migration 0006), so that an index, bulk SQL and a question agree on what a word is.
"""

from collections.abc import Iterable

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db import connection
from django.db.models import BooleanField, Func, Value
from django.db.models.functions import Cast


class WordsOf(Func):
    """The words of these fields, lower case and without accents."""

    function = "words_of"
    output_field = SearchVectorField()


class HasWords(Func):
    """Whether fields have what was asked for (see `question`)."""

    arg_joiner = " @@ "
    template = "(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, asked: str, *fields: str):
        super().__init__(WordsOf(*fields), Cast(Value(asked), SearchQueryField()))

    @property
    def conditional(self) -> bool:
        return True


def words_index(name: str, *fields: str) -> GinIndex:
    return GinIndex(WordsOf(*fields), name=name)


def words_in(said: str) -> list[str]:
    """The words as the index knows them, each once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT words_in(%s)", [said])
        return list(cursor.fetchone()[0])


def question(words: Iterable[Iterable[str]]) -> str:
    """All of these at once, each by one of its spellings: the first by its beginning, the others whole.

    One letter or digit is asked whole: half of all words begin with some of them, and nobody looks for those.
    Words of `words_in` are letters, digits and points only, so nothing in them needs an escape.
    """
    return " & ".join(_spelt(*spellings) for spellings in words)


def _spelt(asked: str, *others: str) -> str:
    begins = ":*" if len(asked) > 1 else ""
    return "(" + " | ".join([f"'{asked}'{begins}", *(f"'{other}'" for other in others)]) + ")"
