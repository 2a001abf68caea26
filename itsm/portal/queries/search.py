"""Search over everything: numbers, words by their beginnings, and words with a typing error when nothing else fits."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from changes.models import ChangeProposal, ChangeRequest
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor
from itsm.kernel.models.record import REFERENCE
from itsm.kernel.searching import question, words_in
from itsm.portal.queries import fitting
from itsm.portal.queries.fitting import Source, Statement
from knowledge.models import Article
from transition.models import (
    DeliveryStream,
    Deployment,
    Gap,
    Improvement,
    Incident,
    ReleasePackage,
    Requirement,
)

PER_KIND = 6
SPELLINGS = 4


@dataclass(frozen=True)
class Kind:
    """What is searched: named as its REST resource; `fields` as in the words_index, the first its title."""

    name: str
    label: str
    records: QuerySet
    fields: tuple[str, ...]
    by_parts: str = ""
    by_title: bool = False

    def source(self, words: str, actor: Actor) -> Source | None:
        """Where to look for those that the actor may see; None where there can be none."""
        visible: QuerySet = self.records.visible_to(actor)  # type: ignore[attr-defined]
        if visible.query.is_empty():
            return None
        seen = self._seen(visible) if visible.query.where else self._all
        return Source(seen, len(self.fields), self.by_parts, self.by_title, visible.said(words))  # type: ignore[attr-defined]

    @cached_property
    def _all(self) -> Statement:
        return self._seen(self.records)

    def _seen(self, records: QuerySet) -> Statement:
        return Statement.of(records.order_by().values_list("pk", *self.fields))


BY_BODY = "SELECT article_id FROM knowledge_articleversion WHERE words_of(body) @@ %s::tsquery"
KINDS = (
    Kind("change-request", "Change requests", ChangeRequest.objects.all(), ("title", "external_key")),
    Kind("proposal", "Change proposals", ChangeProposal.objects.all(), ("title", "outcome_wanted")),
    Kind("service", "Services", Service.objects.all(), ("name", "slug", "summary")),
    Kind("ci", "Configuration items", ConfigurationItem.objects.all(), ("name",), by_title=True),
    Kind("article", "Knowledge articles", Article.objects.all(), ("title",), BY_BODY),
    Kind("requirement", "Requirements", Requirement.objects.all(), ("code", "text")),
    Kind("package", "Release packages", ReleasePackage.objects.all(), ("name",)),
    Kind("stream", "Delivery streams", DeliveryStream.objects.select_related("plan__service"), ("name",)),
    Kind("deployment", "Deployments", Deployment.objects.select_related("service"), ("artifact", "version")),
    Kind("incident", "Incidents", Incident.objects.all(), ("title", "text", "external_key")),
    Kind("gap", "Gaps", Gap.objects.all(), ("title",)),
    Kind("improvement", "Improvements", Improvement.objects.all(), ("title", "text")),
)


@dataclass(frozen=True)
class Found:
    """The first records of one kind that fit."""

    kind: Kind
    records: list[Any]


def find(words: str, actor: Actor, per_kind: int = PER_KIND, kinds: Iterable[Kind] = KINDS) -> list[Found]:
    """What fits the words, grouped by kind; only what the actor may see."""
    words, kinds = words.strip(), tuple(kinds)
    each = words_in(words)
    if not each:
        return []
    found = _groups(words, question([word] for word in each), actor, per_kind, kinds)
    if not found and (spelt := _respelt(each)):
        found = _groups("", question(spelt), actor, per_kind, kinds)
    return found


def _groups(words: str, asked: str, actor: Actor, per_kind: int, kinds: Iterable[Kind]) -> list[Found]:
    """One question for all kinds, and one for each that has something."""
    places = places_of(words, actor, kinds)
    found = fitting.ids([source for _, source in places], words, asked, per_kind)
    return [Found(places[place][0], _in_order(places[place][0], pks)) for place, pks in found.items()]


def places_of(words: str, actor: Actor, kinds: Iterable[Kind] = KINDS) -> list[tuple[Kind, Source]]:
    return [(kind, source) for kind in kinds if (source := kind.source(words, actor))]


def _in_order(kind: Kind, pks: list[int]) -> list[Any]:
    records = kind.records.in_bulk(pks)
    return [records[pk] for pk in pks if pk in records]


def _respelt(words: list[str]) -> list[list[str]]:
    """Each word with the words of titles that it resembles; nothing where none resembles any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', '0.25', false)")
        cursor.execute(
            "SELECT asked, near.word FROM unnest(%s) AS asked, LATERAL ("
            " SELECT word FROM portal_knownword WHERE word %% asked"
            " ORDER BY similarity(word, asked) DESC, word LIMIT %s) AS near",
            [words, SPELLINGS],
        )
        near = cursor.fetchall()
    return [[word, *(other for asked, other in near if asked == word)] for word in words] if near else []


def by_number(words: str, actor: Actor) -> Any:
    """The one record that is called by this very number (`RFC-1042`); None otherwise."""
    match = REFERENCE.fullmatch(words.strip())
    if not match or not match["prefix"]:
        return None
    for kind in KINDS:
        if match["prefix"].upper() == kind.records.model.PREFIX:
            return kind.records.visible_to(actor).by_ref(words.strip()).first()  # type: ignore[attr-defined]
    return None
