"""Which of our services and environments an event is about, and whether its sender may tell of them."""

from collections.abc import Iterable
from functools import cached_property

from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.permissions import require
from transition.models import PipelineEvent, PipelineSource, SourceName
from transition.pipeline.signals import Signal
from transition.rules import pipeline as rules


class Unplaced(DomainError):
    code = "no_such_service"


class Places:
    """Looked up for many events at once: three queries, however many there are."""

    def __init__(self, pairs: Iterable[tuple[PipelineEvent, Signal]]):
        names = {name for _, signal in pairs for name in signal.names}
        found = Service.objects.select_related("ci", "owner")
        self.by_slug = {service.slug: service for service in found.filter(slug__in=names)}
        self.called: dict[tuple[int | None, str], Service] = {}
        known = SourceName.objects.filter(external__in=names).select_related("source", "service__ci")
        for name in known.order_by("pk"):
            self.called[name.source_id, name.external] = name.service
            if name.source.kind == PipelineSource.Kind.CDEVENTS:
                self.called.setdefault((None, name.external), name.service)
        self.actors: dict[int | None, Actor] = {}

    @cached_property
    def _environments(self) -> dict[str, str]:
        merged: dict[str, str] = {}
        for source in PipelineSource.objects.active().filter(kind=PipelineSource.Kind.CDEVENTS).order_by("pk"):
            merged = source.environments | merged
        return merged

    def environment(self, event: PipelineEvent, said: str) -> str:
        named = event.origin.environments if event.origin else self._environments
        found: str = named.get(said.strip().lower(), said.strip().lower())
        return found[:40]

    def service(self, event: PipelineEvent, signal: Signal) -> Service | None:
        """By the names that the source has for it; a sender with a token may also use ours."""
        for name in signal.names:
            if found := self.called.get((event.origin_id, name)):
                return found
            if event.origin_id is None and (found := self.by_slug.get(name)):
                return found
        return None

    def placed(self, event: PipelineEvent, signal: Signal) -> Service:
        """Raises Unplaced, and Forbidden where the sender is no pipeline of that service."""
        service = self.service(event, signal)
        if service is None:
            names = ", ".join(signal.names[:4]) or "any name"
            where = f"the source {event.origin}" if event.origin else "a source of the kind CDEvents"
            raise Unplaced(f"No service is known by {names}. Say in {where} which it is, then try again.")
        self.may_tell(event, service)
        return service

    def may_tell(self, event: PipelineEvent, service: Service | None) -> None:
        if event.origin_id is None:
            require(rules.may_tell_of, self.sender(event), service)

    def sender(self, event: PipelineEvent) -> Actor:
        """Read once for many events: rights as they stand now, not as they stood when it came in."""
        user = event.received_by
        if event.received_by_id not in self.actors:
            self.actors[event.received_by_id] = Actor.person(user) if user else Actor.nobody()
        return self.actors[event.received_by_id]


def actor_for(event: PipelineEvent) -> Actor:
    """The program acts on what it was told; its name says by whom."""
    return Actor.system(f"events of {event.origin or event.received_by}"[:100])
