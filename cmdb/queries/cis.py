"""Configuration items and their relations."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from cmdb.models import ConfigurationItem, ExternalKey, Relation


def listed() -> QuerySet[ConfigurationItem]:
    """Every CI with what a list shows of it."""
    return ConfigurationItem.objects.select_related("ci_class", "owner", "support_team", "verified_by").order_by("-pk")


def drawn() -> QuerySet[ConfigurationItem]:
    """As REST draws them, a thousand in one query: with the names that other tools know them by, as {source, key}."""
    keys = ExternalKey.objects.filter(ci=OuterRef("pk")).order_by("source", "key")
    return listed().annotate(drawn_keys=ArraySubquery(keys.values(said_as=JSONObject(source="source", key="key"))))


def relations_of(ci: ConfigurationItem) -> QuerySet[Relation]:
    """Both directions, as sentences are read."""
    related = Relation.objects.select_related("source__ci_class", "target__ci_class")
    return (related.filter(source=ci) | related.filter(target=ci)).order_by("type", "pk")


@dataclass(frozen=True)
class Sentences:
    """A CI's direct relations, each read from left to right; `count` is how many there are in all."""

    said: list[Relation]
    of_it: list[Relation]
    count: int


def sentences_of(ci: ConfigurationItem, *, most: int = 50) -> Sentences:
    """What it says of others, and what others say of it: the first of each."""
    related = Relation.objects.select_related("source", "target").order_by("type", "pk")
    said, of_it = related.filter(source=ci)[: most + 1], related.filter(target=ci)[: most + 1]
    counted = len(said) + len(of_it)
    if len(said) > most or len(of_it) > most:
        counted = relations_of(ci).count()
    return Sentences(list(said[:most]), list(of_it[:most]), counted)
