"""Who says what of a CI, and where sources disagree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cmdb.models import ConfigurationItem, Conflict, ExternalKey, ImportRun, SourcePrecedence
from cmdb.models.reconciliation import ATTRIBUTE, FIELDS, PEOPLE
from cmdb.queries.labels import Labels
from cmdb.reconciling.words import recorded, shown
from itsm.kernel.models import User


@dataclass(frozen=True)
class Word:
    """What one source says of one field; `counts` where the record says the same."""

    source: str
    field: str
    value: Any
    counts: bool
    by: User | None = None

    @property
    def text(self) -> str:
        return shown(self.value, self.field)


@dataclass(frozen=True)
class Line:
    field: str
    label: str
    recorded: Any
    words: list[Word | None]
    conflict: Conflict | None

    @property
    def text(self) -> str:
        return shown(self.recorded, self.field)

    @property
    def disagree(self) -> bool:
        return len({str(word.value) for word in self.words if word is not None}) > 1


@dataclass(frozen=True)
class Speaker:
    """A source, by which name it knows the CI, and since when it says what it says."""

    source: str
    key: str
    at: datetime | None


@dataclass(frozen=True)
class Words:
    speakers: list[Speaker]
    lines: list[Line]

    @property
    def of_sources(self) -> bool:
        """Whether anybody but people says anything."""
        return any(speaker.source != PEOPLE for speaker in self.speakers)


def words_of(ci: ConfigurationItem, keys: Iterable[ExternalKey]) -> Words:
    """The table source × field of one CI, from its external keys; two queries more."""
    said: dict[str, dict[str, Any]] = {}
    speakers = []
    for key in keys:
        if key.said is None or key.gone_in is not None:
            continue
        told: dict[str, Any] = key.said
        own = {name: value for name, value in told.items() if name != "attributes"}
        own |= {ATTRIBUTE + name: value for name, value in (told.get("attributes") or {}).items()}
        said[key.source] = said.get(key.source, {}) | own
        speakers.append(Speaker(key.source, key.key, key.said_at))
    typed = {each.field: each for each in ci.typed_values.select_related("by")}
    if typed:
        said[PEOPLE] = {field: each.value for field, each in typed.items()}
        speakers.append(Speaker(PEOPLE, "", max(each.at for each in typed.values())))
    found = {each.field: each for each in ci.conflicts.all()} if speakers else {}
    labels = Labels()
    return Words(speakers, [_line(labels(field), field, ci, said, typed, found) for field in _fields(said)])


def _fields(said: dict[str, dict[str, Any]]) -> list[str]:
    """Those of every CI first, then the attributes by name."""
    named = {field for each in said.values() for field in each}
    return [each for each in FIELDS if each in named] + sorted(named - FIELDS.keys())


def _line(
    label: str,
    field: str,
    ci: ConfigurationItem,
    said: dict[str, dict[str, Any]],
    typed: dict[str, Any],
    found: dict[str, Conflict],
) -> Line:
    now = recorded(ci).get(field)
    words: list[Word | None] = [
        Word(source, field, each[field], each[field] == now, typed[field].by if source == PEOPLE else None)
        if field in each
        else None
        for source, each in said.items()
    ]
    return Line(field, label, now, words, found.get(field))


def conflicts() -> QuerySet[Conflict]:
    related = ("ci__ci_class", "ci__owner", "ci__support_team", "decided_by", "precedence__ci", "precedence__ci_class")
    return Conflict.objects.select_related(*related).order_by("-pk")


def precedences() -> QuerySet[SourcePrecedence]:
    return SourcePrecedence.objects.select_related("ci", "ci_class").order_by("-pk")


def sources_known() -> list[str]:
    """For choosing: every source that an import or a rule names."""
    named = set(ImportRun.objects.order_by().values_list("source", flat=True).distinct()[:200])
    for sources in SourcePrecedence.objects.values_list("sources", flat=True)[:200]:
        named |= set(sources)
    return [PEOPLE, *sorted(named - {PEOPLE})]
