"""Decide once where sources disagree: by a source or by a value, for this CI or for its class."""

import json
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Func, JSONField, Model, QuerySet, Value

from cmdb import rules
from cmdb.models import CIClass, ConfigurationItem, Conflict, SourcePrecedence
from cmdb.models.reconciliation import ATTRIBUTE, PEOPLE
from cmdb.operations import cis
from cmdb.reconciling import assigning, conflicts, typed
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.models import Team, User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

State = Conflict.State
# What the decision makes of the conflicts that it decides, at once, however many they are.
DECIDED = """
    SELECT k.ci_id, k.field, k.words -> %(source)s AS value FROM cmdb_conflict k WHERE k.id = ANY(%(ids)s)
"""


class NameTaken(DomainError):
    code = "name_taken"


@operation
def decide(
    *,
    conflict_id: int,
    actor: Actor,
    now: datetime,
    reason: str,
    source: str = "",
    value: Any = None,
    for_class: bool = False,
) -> Conflict:
    """Choose a source, for this CI or for all of its class; or a value, for this CI. It becomes a rule.

    By a source: its word counts from now on. By a value: it holds as long as the sources say what they say now.
    """
    conflict: Conflict = Conflict.objects.lock(conflict_id)
    require(rules.may_reconcile, actor, conflict)
    Conflict.LIFECYCLE.move(conflict, to=State.DECIDED)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why, for whoever wonders later.")
    if bool(source) == (value is not None):
        raise InvalidInput.at("source", "Choose a source, or give a value: one of the two.")
    said = {"decided_by": actor.user, "decided_at": now, "reason": reason.strip()[:500]}
    if source:
        _by_source(conflict, source, for_class, said, actor)
    else:
        _by_value(conflict, value, for_class, said, actor)
    conflict.refresh_from_db()
    return conflict


def _by_source(conflict: Conflict, source: str, for_class: bool, said: dict[str, Any], actor: Actor) -> None:
    if source not in conflict.words:
        raise InvalidInput.at(
            "source", f"{source[:60]!r} says nothing of it. Those that do: {', '.join(conflict.words)}."
        )
    rule = _rule(conflict, [source, *sorted(set(conflict.words) - {source})], for_class)
    decided = _same_question(conflict) if for_class else Conflict.objects.filter(pk=conflict.pk)
    ids = list(decided.filter(words__has_key=source).select_for_update().values_list("pk", flat=True))
    try:
        with transaction.atomic():
            assigning.assign(DECIDED, source=source, ids=ids)
    except IntegrityError as error:
        raise NameTaken("Another CI has this class, name and environment already. Decide on another value.") from error
    chosen = Func(F("words"), Value(source), function="jsonb_extract_path", output_field=JSONField())
    Conflict.objects.filter(pk__in=ids).update(
        state=State.DECIDED, source=source, chosen=chosen, precedence=rule, **said
    )
    changed = ConfigurationItem.objects.filter(conflicts__in=ids)
    events.record_each("cmdb.ci.updated", changed, actor=actor, fields=[conflict.field])
    _told(conflict, actor, source, len(ids))


def _same_question(conflict: Conflict) -> QuerySet[Conflict]:
    same = Conflict.objects.filter(field=conflict.field, ci__ci_class=conflict.ci.ci_class_id)
    return same.filter(state=State.OPEN) | Conflict.objects.filter(pk=conflict.pk)


def _by_value(conflict: Conflict, value: Any, for_class: bool, said: dict[str, Any], actor: Actor) -> None:
    if for_class:
        raise InvalidInput.at("for_class", "A value is one CI's. For the class choose a source.")
    rule = _rule(conflict, [PEOPLE, *sorted(set(conflict.words) - {PEOPLE})], for_class=False)
    _type(conflict, value, said["reason"], actor)
    typed.put(conflict.ci, {conflict.field: value}, actor)
    words = {**conflict.words, PEOPLE: value}
    Conflict.objects.filter(pk=conflict.pk).update(
        state=State.DECIDED, source="", chosen=value, words=words, precedence=rule, **said
    )
    _told(conflict, actor, "", 1)


def _type(conflict: Conflict, value: Any, reason: str, actor: Actor) -> None:
    """As if somebody typed it on the CI's form, with all that is checked there."""
    field, ci = conflict.field, conflict.ci
    read = _read(field, value)
    try:
        if field == "status":
            if read != ci.status:
                cis.move(ci_id=ci.pk, to=read, actor=actor, reason=reason)
        elif field.startswith(ATTRIBUTE):
            attributes = {**ci.attributes, field.removeprefix(ATTRIBUTE): read}
            cis.update(ci_id=ci.pk, actor=actor, reason=reason, attributes=attributes)
        else:
            cis.update(ci_id=ci.pk, actor=actor, reason=reason, **{field: read})
    except InvalidInput as error:
        raise InvalidInput.at("value", error.message) from error


# Where a source's word is the name of another record.
POINTING: dict[str, tuple[type[Model], str]] = {
    "owner": (User, "username"), "support_team": (Team, "name"), "ci_class": (CIClass, "code"),
}  # fmt: skip


def _read(field: str, value: Any) -> Any:
    """The value as the CI keeps it."""
    if field.startswith(ATTRIBUTE):
        if "\\u0000" in json.dumps(value):
            raise InvalidInput.at("value", "A NUL character cannot be kept; take it out.")
        return value
    if field in POINTING:
        model, name = POINTING[field]
        found = model._default_manager.filter(**{name: str(value)}).first() if "\x00" not in str(value) else None
        if found is None:
            raise InvalidInput.at("value", f"There is no {model._meta.verbose_name} {str(value)[:60]!r}.")
        return found
    try:
        if not isinstance(value, str | int):
            raise ValidationError("Give a text or a number.")
        if "\x00" in str(value):
            raise ValidationError("A NUL character cannot be kept; take it out.")
        return ConfigurationItem._meta.get_field(field).clean(value, None)  # type: ignore[union-attr]
    except ValidationError as error:
        raise InvalidInput.at("value", " ".join(error.messages)) from error


def _rule(conflict: Conflict, sources: list[str], for_class: bool) -> SourcePrecedence:
    """The decision as a rule: a new one, or the one there is with the winner put first."""
    scope = {"ci": None, "ci_class": conflict.ci.ci_class} if for_class else {"ci": conflict.ci, "ci_class": None}
    found = SourcePrecedence.objects.select_for_update().filter(field=conflict.field, **scope).first()
    rule = found or SourcePrecedence(field=conflict.field, **scope)
    rule.sources = list(dict.fromkeys([sources[0], *(rule.sources or []), *sources]))
    rule.save()
    return rule


def _told(conflict: Conflict, actor: Actor, source: str, count: int) -> None:
    conflicts.look([conflict.ci_id])
    events.record("cmdb.conflict.decided", conflict, actor=actor, field=conflict.field, source=source, decided=count)
