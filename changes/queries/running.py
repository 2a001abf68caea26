"""What is known of changes while they are implemented."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from changes.models import AffectedCI, ChangeModel, ChangeRequest, ChangeTask, Freeze, RunQuestion, WindowExtension
from changes.queries import freezes

Kind = RunQuestion.Kind


@dataclass(frozen=True)
class Due:
    """A question that has to be asked and is not yet."""

    change_id: int
    kind: str
    moment: datetime
    freeze_id: int | None = None


def due(now: datetime, change_id: int | None = None) -> list[Due]:
    """What has to be asked, of all changes under way or of one; three queries.

    Whatever a pipeline carries out alone is not asked: it has nobody to answer, and its end is told by the pipeline.
    """
    running = ChangeRequest.objects.filter(
        Exists(ChangeTask.objects.filter(change=OuterRef("pk"))),
        status=ChangeRequest.Status.IMPLEMENTING, window__isnull=False, backing_out_at__isnull=True,
    )  # fmt: skip
    if change_id is not None:
        running = running.filter(pk=change_id)
    changes = list(running.order_by("pk"))
    if not changes:
        return []
    found = [Due(c.pk, Kind.WINDOW_OVER, c.window.upper) for c in changes if c.window.upper <= now]
    found += _frozen(changes, now)
    known = set(
        RunQuestion.objects.filter(change__in=[c.pk for c in changes]).values_list(
            "change_id", "kind", "moment", "freeze_id"
        )
    )
    return [one for one in found if (one.change_id, one.kind, one.moment, one.freeze_id) not in known]


def _frozen(changes: Sequence[ChangeRequest], now: datetime) -> list[Due]:
    """Freezes that are in force now and began while a change was under way that they bar."""
    running = [change.pk for change in changes]
    of_services = ChangeRequest.services.through.objects.filter(changerequest__in=running)
    of_cis = AffectedCI.objects.filter(freezes.holds_for("ci__"), change__in=running).distinct()
    in_force = Freeze.objects.filter(window__contains=now).annotate(
        about=ArraySubquery(of_services.filter(service__freezes=OuterRef("pk")).values("changerequest_id")),
        touching=ArraySubquery(of_cis.values("change_id")),
    )
    return [
        Due(change.pk, Kind.FREEZE_BEGAN, freeze.window.lower, freeze.pk)
        for freeze in in_force.order_by("pk")
        for change in changes
        if change.started_at is not None and change.started_at < freeze.window.lower and _bars(freeze, change)
    ]


def _bars(freeze: Any, change: ChangeRequest) -> bool:
    if freeze.emergency_lane and change.type == ChangeModel.Type.EMERGENCY:
        return False
    return freeze.everywhere or change.pk in freeze.about or change.pk in freeze.touching


def open_questions(changes: Iterable[int]) -> QuerySet[RunQuestion]:
    found: QuerySet[RunQuestion] = RunQuestion.objects.filter(change__in=changes, answer__in=RunQuestion.OPEN)
    return found.select_related("freeze", "answered_by").order_by("pk")


def extensions() -> QuerySet[WindowExtension]:
    listed: QuerySet[WindowExtension] = WindowExtension.objects.select_related("change", "asked_by", "decided_by")
    return listed.order_by("-pk")
