"""Search over everything: numbers, words by their beginnings, and words with a typing error when nothing else fits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, QuerySet, When

from changes.models import ChangeProposal, ChangeRequest
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor
from itsm.kernel.models.record import REFERENCE
from itsm.kernel.searching import HasWords, question, words_in
from knowledge.models import Article, ArticleVersion
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
# Of more than so many that fit, the best of these are shown: nobody finds one in a thousand by its place in a list.
LOOKED_AT = 500
SPELLINGS = 4


@dataclass(frozen=True)
class Kind:
    """What is searched: named as its REST resource; `fields` as in the words_index, the first its title."""

    name: str
    label: str
    records: QuerySet
    fields: tuple[str, ...]
    also: Callable[[str], QuerySet] | None = None

    def fitting(self, words: str, asked: str, actor: Actor) -> QuerySet:
        """The records that the actor may see, those called or beginning so first, then the newest."""
        visible = self.records.visible_to(actor)  # type: ignore[attr-defined]
        parts = [visible.filter(HasWords(asked, *self.fields))] if asked else []
        if asked and self.also:
            parts.append(visible.filter(pk__in=self.also(asked)))
        if not (by_number := visible.by_ref(words)).query.is_empty():
            parts.append(by_number)
        if not parts:
            return self.records.none()
        first, *others = [part.order_by().values("pk")[:LOOKED_AT] for part in parts]
        found = self.records.filter(pk__in=first.union(*others) if others else first)
        return found.order_by(self._rank(words), "-pk")

    def _rank(self, words: str) -> Case:
        title = self.fields[0]
        called, begins = {f"{title}__iexact": words}, {f"{title}__istartswith": words}
        return Case(When(**called, then=0), When(**begins, then=1), default=2)


def _by_body(asked: str) -> QuerySet:
    return ArticleVersion.objects.filter(HasWords(asked, "body")).values("article")[:LOOKED_AT]


KINDS = (
    Kind("change-request", "Change requests", ChangeRequest.objects.all(), ("title", "external_key")),
    Kind("proposal", "Change proposals", ChangeProposal.objects.all(), ("title", "outcome_wanted")),
    Kind("service", "Services", Service.objects.all(), ("name", "slug", "summary")),
    Kind("ci", "Configuration items", ConfigurationItem.objects.select_related("ci_class"), ("name",)),
    Kind("article", "Knowledge articles", Article.objects.all(), ("title",), _by_body),
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
    groups = (Found(kind, list(kind.fitting(words, asked, actor)[:per_kind])) for kind in kinds)
    return [group for group in groups if group.records]


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
