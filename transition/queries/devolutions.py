"""Earned devolutions: which stand, and whether the record still holds their terms."""

from dataclasses import dataclass

from django.db.models import QuerySet

from transition.models import DeliveryStream, Devolution
from transition.queries.records import Record


@dataclass(frozen=True)
class Held:
    """The terms held against the record: what does not hold is said."""

    record: Record
    why: str

    @property
    def holds(self) -> bool:
        return not self.why


def listed() -> QuerySet[Devolution]:
    return Devolution.objects.select_related(
        "stream__plan__service", "change_model", "granted_by", "revoked_by"
    ).order_by("-pk")  # fmt: skip


def standing_for(stream_id: int, model_id: int, criticality: int) -> Devolution | None:
    return Devolution.objects.filter(
        stream=stream_id, change_model=model_id, criticality=criticality, state=Devolution.State.GRANTED
    ).first()


def held_against(devolution: Devolution, record: Record) -> Held:
    """The record is that of its service, over its days."""
    misses = []
    if record.deployments < devolution.min_deployments:
        least = devolution.min_deployments
        misses.append(f"{record.deployments} deployments in {devolution.days} days, at least {least} are asked")
    if record.failed_percent is not None and record.failed_percent > devolution.max_failed_percent:
        misses.append(f"{record.sentence}, at most {devolution.max_failed_percent:g} % are allowed")
    if record.never_asked:
        misses.append(f"{record.never_asked} deployed without asking")
    return Held(record, "; ".join(misses))


def latest_of(stream: DeliveryStream) -> Devolution | None:
    """The one that stands, or the last that did."""
    return listed().filter(stream=stream).first()
