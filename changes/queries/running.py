"""What is known of changes while they are implemented."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from changes.models import AffectedCI, ChangeModel, ChangeRequest, ChangeTask, Freeze, RunQuestion, WindowExtension
from cmdb.models import Service

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
    services = ChangeRequest.services.through.objects.filter(changerequest=OuterRef("pk")).values("service_id")
    cis = AffectedCI.objects.filter(change=OuterRef("pk")).values("ci_id")
    changes = list(running.annotate(about=ArraySubquery(services), touches=ArraySubquery(cis)).order_by("pk"))
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
    of_freeze = Service.objects.filter(freezes=OuterRef("pk"))
    freezes = Freeze.objects.filter(window__contains=now).annotate(
        bars=ArraySubquery(of_freeze.values("pk")), bars_cis=ArraySubquery(of_freeze.values("ci_id"))
    )
    return [
        Due(change.pk, Kind.FREEZE_BEGAN, freeze.window.lower, freeze.pk)
        for freeze in freezes.order_by("pk")
        for change in changes
        if change.started_at is not None and change.started_at < freeze.window.lower and _bars(freeze, change)
    ]


def _bars(freeze: Freeze, change: ChangeRequest) -> bool:
    if freeze.emergency_lane and change.type == ChangeModel.Type.EMERGENCY:
        return False
    about, touches = set(change.about), set(change.touches)  # type: ignore[attr-defined]
    return freeze.everywhere or bool(about & set(freeze.bars)) or bool(touches & set(freeze.bars_cis))  # type: ignore[attr-defined]


def open_questions(changes: Iterable[int]) -> QuerySet[RunQuestion]:
    found: QuerySet[RunQuestion] = RunQuestion.objects.filter(change__in=changes, answer__in=RunQuestion.OPEN)
    return found.select_related("freeze", "answered_by").order_by("pk")


def extensions() -> QuerySet[WindowExtension]:
    listed: QuerySet[WindowExtension] = WindowExtension.objects.select_related("change", "asked_by", "decided_by")
    return listed.order_by("-pk")
