"""What is known of a change's risk; `changes.risk` says what it means."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet

from changes.models import AffectedCI, ChangeRequest, ChangeTask
from changes.queries.nearby import RELATED_DEPTH
from changes.risk import Part, Record, RiskFacts, level_of, parts_of
from cmdb.models import ConfigurationItem, Service
from cmdb.queries.hours import hours_of_each
from cmdb.queries.impact import reach_both
from itsm.kernel.models import User

YEAR = timedelta(days=365)
LOOKED_AT = 20
ENOUGH = 3  # on the same CIs, before all of the model are looked at
WENT_WRONG = (ChangeRequest.Outcome.FAILED, ChangeRequest.Outcome.BACKED_OUT)
KEPT = ("computed_risk", "risk_parts")


def assess(
    change: ChangeRequest,
    now: datetime,
    *,
    cis: Collection[int] | None = None,
    services: Collection[int] | None = None,
) -> list[Part]:
    """Put the computed risk on the change (see `KEPT`); with no regard to what is saved, where ids are given."""
    parts = parts_of(_facts(change, now, cis, services))
    change.risk_parts = [part.as_dict() for part in parts]
    change.computed_risk = level_of(sum(part.points for part in parts))
    return parts


def _facts(
    change: ChangeRequest, now: datetime, cis: Collection[int] | None, services: Collection[int] | None
) -> RiskFacts:
    touched = list(change.affected.values_list("ci_id", flat=True)) if cis is None else sorted(cis)
    about = Service.objects.filter(pk__in=services) if services is not None else change.services.all()
    concerned = list(about.select_related("ci"))
    down = reach_both(touched, depth=RELATED_DEPTH)[0] if touched else {}
    alike, whose = _alike(change, touched, now)
    return RiskFacts(
        touched=len(touched),
        impacted=len(set(down) - set(touched)),
        criticality=_criticality([*touched, *down, *[service.ci_id for service in concerned]]),
        alike=alike,
        alike_is=whose,
        team=_team(change, now),
        in_hours=_in_hours(change, concerned),
    )


def _criticality(cis: list[int]) -> int | None:
    if not cis:
        return None
    found = ConfigurationItem.objects.filter(pk__in=cis).aggregate(most=Max("criticality"))
    most: int | None = found["most"]
    return most


def _ended(change: ChangeRequest, now: datetime) -> QuerySet[ChangeRequest]:
    ended = ChangeRequest.objects.filter(finished_at__gte=now - YEAR, finished_at__lte=now).exclude(outcome="")
    return ended.exclude(pk=change.pk or 0).order_by("-finished_at", "-pk")


def _alike(change: ChangeRequest, touched: list[int], now: datetime) -> tuple[Record, str]:
    """The latest of its model on the same CIs; where these are few, of its model."""
    of_model = _ended(change, now).filter(model=change.model_id)
    touching = AffectedCI.objects.filter(ci__in=touched).values("change")
    same = _record(of_model.filter(pk__in=touching)) if touched else Record()
    if same.ended >= ENOUGH:
        return same, "of this model on these CIs"
    return _record(of_model), "of this model"


def _team(change: ChangeRequest, now: datetime) -> Record:
    """The latest in which somebody of the teams of those with a task had one."""
    if change.pk is None:
        return Record()
    people = change.tasks.filter(assignee__isnull=False).order_by().values("assignee")
    colleagues = User.objects.filter(teams__members__in=people)
    mine = ChangeTask.objects.filter(assignee__in=colleagues.values("pk")).values("change")
    return _record(_ended(change, now).filter(pk__in=mine))


def _record(changes: QuerySet[ChangeRequest]) -> Record:
    outcomes: Iterable[str] = changes.values_list("outcome", flat=True)[:LOOKED_AT]
    found = list(outcomes)
    return Record(len(found), sum(outcome in WENT_WRONG for outcome in found))


def _in_hours(change: ChangeRequest, services: list[Service]) -> bool | None:
    if change.window is None or not services:
        return None
    agreed = [hours for hours in hours_of_each(services).values() if hours.agreed]
    if not agreed:
        return None
    return any(next(hours.between(change.window.lower, change.window.upper), None) for hours in agreed)
