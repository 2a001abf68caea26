"""What an event is about: who may know of it, and which services it touches.

A record is as confidential as its own `visible_to` says. One whose kind says nothing of its own is as
confidential as each record that it points to: a task is not to be known where its change is not. So a new
kind of record is covered without a word.
"""

from collections import defaultdict
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, Q

from itsm.kernel.actor import Actor
from itsm.kernel.models.record import REFERENCE, RecordQuerySet

_services: dict[str, tuple[str, ...]] = defaultdict(tuple)


def in_services(kind: str, *paths: str) -> None:
    """Say how a kind of record (`changes.changetask`) leads to its services: field look-ups, of which any may."""
    _services[kind] = paths


def declared() -> dict[str, tuple[str, ...]]:
    return dict(_services)


def may_be_known(kind: str, pk: int, actor: Actor) -> bool:
    """Whether the actor may see this record; one that is gone is known only where its kind is open to all."""
    model = _model(kind)
    if model is None:
        return False
    if not is_guarded(model):
        return actor.kind != "nobody"
    return bool(model._base_manager.filter(_seen_by(model, actor), pk=pk).exists())


def called(number: str, actor: Actor) -> Any:
    """The record of this number (`RFC-12`), whatever its kind; None where there is none that the actor may see."""
    match = REFERENCE.fullmatch(number.strip())
    if not match or not match["prefix"]:
        return None
    for model in apps.get_models():
        if getattr(model, "PREFIX", None) == match["prefix"].upper():
            known = model._base_manager.filter(_seen_by(model, actor), pk=int(match["pk"]))
            return known.first() if actor.kind != "nobody" else None
    return None


def touches(kind: str, pk: int, service_id: int) -> bool:
    model, paths = _model(kind), _services[kind]
    if model is None or not paths:
        return False
    leading = Q(*[(path, service_id) for path in paths], _connector=Q.OR)
    return bool(model._base_manager.filter(leading, pk=pk).exists())


def _model(kind: str) -> type[Model] | None:
    try:
        return apps.get_model(kind)
    except LookupError:  # of an app that is gone
        return None


@cache
def is_guarded(model: type[Model], seen: frozenset[type[Model]] = frozenset()) -> bool:
    """Whether some may not see some records of this kind."""
    further = seen | {model}
    return _has_own_rule(model) or any(is_guarded(field.related_model, further) for field in _pointers(model, further))


def _has_own_rule(model: type[Model]) -> bool:
    ask = getattr(type(model._default_manager.all()), "visible_to", None)
    return ask is not None and ask is not RecordQuerySet.visible_to


def _pointers(model: type[Model], seen: frozenset[type[Model]]) -> list[Any]:
    """The foreign keys to kinds that were not come by on the way here."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    return [field for field in keys if field.related_model not in seen]


def _seen_by(model: type[Model], actor: Actor, seen: frozenset[type[Model]] = frozenset()) -> Q:
    if _has_own_rule(model):
        return Q(pk__in=model._default_manager.all().visible_to(actor).values("pk"))  # type: ignore[attr-defined]
    further, found = seen | {model}, Q()
    for field in _pointers(model, further):
        if is_guarded(field.related_model, further):
            known = field.related_model._base_manager.filter(_seen_by(field.related_model, actor, further))
            found &= Q(**{f"{field.name}__isnull": True}) | Q(**{f"{field.name}__in": known.values("pk")})
    return found
