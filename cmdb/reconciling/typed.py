"""What people type by hand is kept as their word, beside those of the sources."""

from typing import Any

from django.utils import timezone

from cmdb.models import ConfigurationItem, TypedValue
from cmdb.reconciling import conflicts
from cmdb.reconciling.words import recorded
from itsm.kernel.actor import Actor

EMPTY: tuple[Any, ...] = (None, "", [], {})


def keep(ci: ConfigurationItem, before: dict[str, Any], actor: Actor) -> None:
    """Of each field that now says otherwise than `before`. What the program itself writes is nobody's word."""
    if actor.user is None:
        return
    now = recorded(ci)
    typed = {field: value for field, value in now.items() if value != before.get(field)}
    typed |= dict.fromkeys(before.keys() - now.keys())  # attributes that were taken away
    if not before:
        typed = {field: value for field, value in typed.items() if value not in EMPTY}
    put(ci, typed, actor)


def put(ci: ConfigurationItem, typed: dict[str, Any], actor: Actor) -> None:
    if not typed:
        return
    TypedValue.objects.bulk_create(
        [
            TypedValue(ci=ci, field=field[:200], value=value, by=actor.user, at=timezone.now())
            for field, value in typed.items()
        ],
        update_conflicts=True,
        unique_fields=["ci", "field"],
        update_fields=["value", "by", "at"],
    )
    if ci.external_keys.filter(said__isnull=False).exists():
        conflicts.look([ci.pk])
