"""How long tasks really took, by model and task: what the next plan can count on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Extract, JSONObject

from changes.models import ChangeTask

YEAR = timedelta(days=365)
ENOUGH = 5  # times, before it is worth more than the plan


class Percentile(Aggregate):
    """The interpolated value below which this share of the values lies."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(at)s) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Learnt:
    """A task of this title, in changes of one model, within the last year."""

    title: str
    times: int
    p50_minutes: int
    p90_minutes: int

    @property
    def is_enough(self) -> bool:
        return self.times >= ENOUGH


def _done(now: datetime) -> QuerySet[ChangeTask]:
    """What is confidential teaches nobody."""
    return ChangeTask.objects.filter(
        state=ChangeTask.State.DONE, change__confidential=False, started_at__isnull=False, finished_at__gte=now - YEAR
    )


def _figures() -> dict[str, Any]:
    lasted = ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField())
    took = Extract(lasted, "epoch")
    return {
        "times": Count("pk"),
        "p50": Percentile(took, at=0.5, output_field=FloatField()),
        "p90": Percentile(took, at=0.9, output_field=FloatField()),
    }


def learnt(model_id: int, now: datetime, titles: Iterable[str] | None = None) -> dict[str, Learnt]:
    """By title; one query, over an index on titles where they are named."""
    done = _done(now).filter(change__model=model_id)
    if titles is not None:
        done = done.filter(title__in=list(titles))
    rows: Any = done.order_by("title").values("title").annotate(**_figures())
    return {row["title"]: _learnt(row["title"], row["times"], row["p50"], row["p90"]) for row in rows}


def with_usual(tasks: QuerySet[ChangeTask], now: datetime) -> QuerySet[Any]:
    """The tasks, each with what is known of its like, for `usual` to read; no query more."""
    alike = _done(now).filter(title=OuterRef("title"), change__model=OuterRef("change__model"))
    figures = alike.order_by().values("title").annotate(said=JSONObject(**_figures())).values("said")
    return tasks.annotate(took=Subquery(figures))


def usual(task: Any) -> Learnt | None:
    """What is known of the task's like, if it was done often enough."""
    took = _learnt(title=task.title, **task.took) if getattr(task, "took", None) else None
    return took if took is not None and took.is_enough else None


def _learnt(title: str, times: int, p50: float, p90: float) -> Learnt:
    return Learnt(title, times, _minutes(p50), _minutes(p90))


def _minutes(seconds: float) -> int:
    """Whole minutes, upwards: a plan that is seconds too short is too short."""
    return max(1, ceil(seconds / 60))


def fill(tasks: Iterable[ChangeTask], model_id: int, now: datetime) -> None:
    """Plan the tasks that nobody gave a duration with the one that nine of ten kept to."""
    lacking = [task for task in tasks if not task.duration_minutes]
    known = learnt(model_id, now, {task.title for task in lacking}) if lacking else {}
    for task in lacking:
        took = known.get(task.title)
        if took is not None and took.is_enough:
            task.duration_minutes = took.p90_minutes
