"""The open changes whose basics depend on something: what has to be examined again when it moves."""

from collections.abc import Iterable
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from changes.models import AffectedCI, BasicsCheck, ChangeRequest, Freeze, OperationalJob
from changes.queries.nearby import RELATED_DEPTH
from cmdb.models import Relation
from cmdb.queries.impact import reach_both

Changes = QuerySet[ChangeRequest]


def still_planned(now: datetime) -> Changes:
    """Those that are still planned and whose window is not over: what the basics say of others is past."""
    planned: Changes = ChangeRequest.objects.filter(status__in=ChangeRequest.PLANNABLE)
    return planned.filter(Q(window__isnull=True) | Q(window__overlap=DateTimeTZRange(now, None, "[)")))


def by_change(change: ChangeRequest, now: datetime) -> Changes:
    """The change, those in whose window it may now be, and those that said that something was in their way."""
    doubting = BasicsCheck.objects.filter(code__in=["no_collision", "not_booked_twice"]).exclude(verdict="ok")
    concerned = Q(pk=change.pk) | Q(pk__in=doubting.filter(explanation__contains=f"{change.number} ").values("change"))
    if change.window is not None:
        concerned |= Q(window__overlap=change.window)
    return still_planned(now).filter(concerned)


def by_cis(cis: Iterable[int], now: datetime) -> Changes:
    """Those that touch one of these, or something near it; the far ones are examined at night."""
    start = list(cis)
    down, up = reach_both(start, depth=RELATED_DEPTH) if start else ({}, {})
    touching = AffectedCI.objects.filter(ci__in=[*start, *down, *up]).values("change")
    return still_planned(now).filter(pk__in=touching)


def by_people(people: Iterable[int], now: datetime) -> Changes:
    return still_planned(now).filter(tasks__assignee__in=list(people)).distinct()


def by_freeze(freeze: Freeze, now: datetime) -> Changes:
    """All in its time: which of them it bars follows from what they reach, and it may have been elsewhere before."""
    said = BasicsCheck.objects.filter(code="no_collision", explanation__contains=freeze.name).values("change")
    return still_planned(now).filter(Q(window__overlap=freeze.window) | Q(pk__in=said))


def by_job(job: OperationalJob, now: datetime) -> Changes:
    said = BasicsCheck.objects.filter(code="no_collision", explanation__contains=job.name).values("change")
    near = by_cis(job.cis.values_list("pk", flat=True), now)
    return still_planned(now).filter(Q(pk__in=near.values("pk")) | Q(pk__in=said))


def by_article(article_ci: int, now: datetime) -> Changes:
    described = Relation.objects.filter(source=article_ci, type=Relation.Type.DESCRIBES).values("target")
    return still_planned(now).filter(affected__ci__in=described).distinct()
