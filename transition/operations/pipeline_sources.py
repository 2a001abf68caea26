"""The tools that send events: their secrets, and what their names mean here."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cmdb.models import Service
from itsm.kernel import events, sealing
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.uniqueness import unique
from transition.models import PipelineSource, SourceName
from transition.rules import pipeline as rules

PURPOSE = "pipeline source"
Kind, State = PipelineSource.Kind, PipelineSource.State
Names = Iterable[tuple[str, Service]]


class HasNoSecret(DomainError):
    code = "has_no_secret"


@operation
def create(
    *, name: str, kind: str, actor: Actor, names: Names = (), environments: dict[str, str] | None = None
) -> tuple[PipelineSource, str]:
    """A source, with the secret that its webhooks are signed with; it cannot be had again."""
    require(rules.may_manage_sources, actor)
    if kind not in Kind.values:
        raise InvalidInput.at("kind", f"Unknown kind. Known: {', '.join(Kind.values)}.")
    secret = _new_secret(kind)
    source = PipelineSource(name=name.strip(), kind=kind, environments=_environments(environments or {}))
    source.secret = sealing.seal(secret, purpose=PURPOSE) if secret else ""
    _save(source)
    _call(source, names)
    events.record("transition.pipeline_source.created", source, actor=actor)
    return source, secret


@operation
def update(*, source_id: int, actor: Actor, **changes: Any) -> PipelineSource:
    """Its name, what it calls services (`names`, in place of those there were) and environments."""
    source: PipelineSource = PipelineSource.objects.lock(source_id)
    require(rules.may_manage_sources, actor, source)
    for field, value in changes.items():
        if field == "name":
            source.name = value.strip()
        elif field == "environments":
            source.environments = _environments(value)
        elif field == "names":
            _call(source, value)
        else:
            raise InvalidInput.at(field, "This cannot be changed here.")
    _save(source)
    events.record("transition.pipeline_source.updated", source, actor=actor, fields=sorted(changes))
    return source


@operation
def rotate(*, source_id: int, actor: Actor, now: datetime) -> tuple[PipelineSource, str]:
    """A new secret; the one before is good for nothing from now on."""
    source: PipelineSource = PipelineSource.objects.lock(source_id)
    require(rules.may_manage_sources, actor, source)
    secret = _new_secret(source.kind)
    if not secret:
        raise HasNoSecret(f"{source} sends by token, so there is no secret to change.")
    source.secret, source.rotated_at = sealing.seal(secret, purpose=PURPOSE), now
    source.save(update_fields=["secret", "rotated_at"])
    events.record("transition.pipeline_source.rotated", source, actor=actor)
    return source, secret


@operation
def disable(*, source_id: int, actor: Actor) -> PipelineSource:
    """Its webhooks are refused from now on."""
    return _move(source_id, State.DISABLED, actor)


@operation
def enable(*, source_id: int, actor: Actor) -> PipelineSource:
    return _move(source_id, State.ACTIVE, actor)


def _move(source_id: int, to: str, actor: Actor) -> PipelineSource:
    source: PipelineSource = PipelineSource.objects.lock(source_id)
    require(rules.may_manage_sources, actor, source)
    PipelineSource.LIFECYCLE.move(source, to=to)
    source.save(update_fields=["state"])
    events.record(f"transition.pipeline_source.{'enabled' if to == State.ACTIVE else 'disabled'}", source, actor=actor)
    return source


def _new_secret(kind: str) -> str:
    return "" if kind == Kind.CDEVENTS else secrets.token_urlsafe(32)


def _save(source: PipelineSource) -> None:
    if not source.name:
        raise InvalidInput.at("name", "Give it a name, such as GitHub of the shop.")
    with unique("name", f"There is a source {source.name!r} already."):
        source.save()


def _environments(said: Any) -> dict[str, str]:
    """Its names of environments, small, each with ours."""
    if not isinstance(said, dict) or len(said) > 200:
        raise InvalidInput.at("environments", "Give an object of its name: our name, at most 200.")
    for theirs, ours in said.items():
        if not isinstance(ours, str) or not 0 < len(ours.strip()) <= 40 or not 0 < len(theirs.strip()) <= 300:
            raise InvalidInput.at("environments", f"{theirs!r}: give our name of it, at most 40 letters.")
    return {theirs.strip().lower(): ours.strip() for theirs, ours in said.items()}


def _call(source: PipelineSource, names: Names) -> None:
    """It knows these services by these names and no others."""
    wanted: dict[str, Service] = {}
    for external, service in names:
        external = external.strip()
        if not 0 < len(external) <= 300:
            raise InvalidInput.at("names", "Each service needs the name that the tool has for it.")
        if wanted.setdefault(external.lower(), service) != service:
            raise InvalidInput.at("names", f"{external} is said to be two services.")
    if source.pk is None:
        _save(source)
    had = {name.external: name for name in source.names.select_related("service")}
    gone = [name.pk for external, name in had.items() if wanted.get(external) != name.service]
    SourceName.objects.filter(pk__in=gone).delete()
    kept = had.keys() - {name.external for name in had.values() if name.pk in gone}
    SourceName.objects.bulk_create(
        [SourceName(source=source, external=external, service=service)
         for external, service in wanted.items() if external not in kept]
    )  # fmt: skip
