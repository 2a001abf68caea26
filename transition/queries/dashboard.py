"""The service dashboard: what a service owner sees of plan, rhythm, flow and trouble, in one answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Func, OuterRef, QuerySet, Subquery
from django.utils import timezone

from cmdb.models import Service
from cmdb.queries import services
from itsm.kernel import organisation
from itsm.kernel.actor import Actor
from transition.models import DeliveryStream, Requirement, StreamPeriod, TransitionPlan
from transition.queries import board, cover, debt, flow, requirements, streams
from transition.queries.service_facts import Facts, facts_of
from transition.queries.tiles import Tile, tiles_of


@dataclass(frozen=True)
class Dashboard:
    service: Service
    plan: TransitionPlan | None
    streams: list[DeliveryStream]
    tiles: list[Tile]
    board: board.Board
    flow: list[flow.Row]
    debt: debt.Debt
    in_early_life: bool
    lacks: list[tuple[DeliveryStream, cover.Lack]]  # roles that nobody covers in the days to come


def dashboard_of(service: Service, *, actor: Actor, now: datetime, first: date | None = None) -> Dashboard:
    """Everything at `now`; the board begins at `first` or two weeks back."""
    lanes = list(streams.listed().filter(plan__service=service))
    plan = lanes[0].plan if lanes else TransitionPlan.objects.filter(service=service).first()
    said, wanted = organisation.current(), requirements.listed().filter(plan__service=service)
    rows = flow.flow_of(wanted, lanes, actor=actor, now=now, said=said)
    owed = debt.owed(rows)
    today = timezone.localdate(now)
    start, after = board.default_days(today)
    if first is not None:
        start, after = first, first + (after - start)
    facts = facts_of(service, actor=actor, now=now)
    gaps = cover.gaps(lanes, today, max(after, today + cover.AHEAD), said)
    return Dashboard(
        service=service,
        plan=plan,
        streams=lanes,
        tiles=tiles_of(service, owed, actor=actor, now=now, facts=facts),
        board=board.board_of(lanes, first=start, after=after, now=now, today=today, said=said, gaps=gaps),
        lacks=[(lane, lack) for lane in lanes for lack in gaps.of(lane.pk)],
        flow=rows,
        debt=owed,
        in_early_life=_in_early_life(facts, lanes, today),
    )


def _in_early_life(facts: Facts, lanes: list[DeliveryStream], today: date) -> bool:
    """As queries.incidents says it, from what is read already."""
    if any(lane.kind == DeliveryStream.Kind.EARLY_LIFE and lane.state == "active" for lane in lanes):
        return True
    return any(package.els_until >= today for package in facts.watched)


def planned_services(now: datetime) -> QuerySet[Service]:
    """Services that have a transition plan, each with what the list of dashboards shows."""
    since = now - timedelta(days=30)
    missed = StreamPeriod.objects.filter(state=StreamPeriod.State.MISSED, span__endswith__gt=since)
    owed = requirements.in_debt(Requirement.objects.all())
    return (
        services.listed()
        .filter(plan__isnull=False)
        .select_related("plan")
        .annotate(
            missed_periods=_count(missed.filter(stream__plan__service=OuterRef("pk"))),
            debt=_count(owed.filter(plan__service=OuterRef("pk"))),
        )
    )


def _count(records: QuerySet) -> Subquery:
    """How many there are, as a column of another query."""
    return Subquery(records.order_by().annotate(number=Func("pk", function="count")).values("number"))
