"""Absences and rotas, and the warning of days to come on which nobody covers a role."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone
from psycopg2.extras import DateRange

from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.roles import Role
from itsm.kernel.uniqueness import unique
from transition.models import Absence, DeliveryStream, Shift
from transition.queries import cover
from transition.rules import delivery as rules

LONGEST = timedelta(days=366)

KEEP = """
    WITH gap AS MATERIALIZED ({gaps}),
    gone AS (
        DELETE FROM transition_uncoveredday AS known
        WHERE NOT EXISTS (SELECT FROM gap WHERE (gap.stream_id, gap.role, gap.day)
            = (known.stream_id, known.role, known.day))
    ), found AS (
        INSERT INTO transition_uncoveredday (stream_id, role, day, found_at)
        SELECT stream_id, role, day, %(now)s FROM gap ON CONFLICT DO NOTHING
        RETURNING stream_id
    )
    SELECT coalesce(stream.owner_id, service.owner_id), count(*), array_agg(DISTINCT stream.id)
    FROM found
    JOIN transition_deliverystream AS stream ON stream.id = found.stream_id
    JOIN transition_transitionplan AS plan ON plan.id = stream.plan_id
    JOIN cmdb_service AS service ON service.id = plan.service_id
    GROUP BY 1
"""


@operation
def absent(*, user: User, first: date, last: date, actor: Actor) -> Absence:
    """Say that somebody is not there on these days, the last one included."""
    absence = Absence(user=user, days=_days(first, last))
    require(rules.may_say_absent, actor, absence)
    with unique("first", f"{user} is away on some of these days already."):
        absence.save(force_insert=True)
    events.record("transition.absence.said", absence, actor=actor)
    return absence


@operation
def return_early(*, absence_id: int, actor: Actor) -> None:
    """The absence is taken back: whoever was away is there again."""
    absence = Absence.objects.select_related("user").lock(absence_id)
    require(rules.may_say_absent, actor, absence)
    events.record("transition.absence.withdrawn", absence, actor=actor)
    absence.delete()


@operation
def assign_shift(*, stream: DeliveryStream, role: str, user: User, first: date, last: date, actor: Actor) -> Shift:
    """Put somebody on the rota of a stream for one of its roles."""
    require(rules.may_steer, actor, stream)
    if role not in stream.roles:
        known = ", ".join(stream.roles) or "none"
        raise InvalidInput.at("role", f"{stream.display} has no such role. Its roles: {known}.")
    shift = Shift(stream=stream, role=role, user=user, days=_days(first, last))
    with unique("first", f"{user} has a shift as {Role(role).label} on some of these days already."):
        shift.save(force_insert=True)
    events.record("transition.shift.assigned", shift, actor=actor, role=role)
    return shift


@operation
def drop_shift(*, shift_id: int, actor: Actor) -> None:
    shift = Shift.objects.select_related("stream__plan__service", "user").lock(shift_id)
    require(rules.may_drop_shift, actor, shift)
    events.record("transition.shift.dropped", shift, actor=actor, role=shift.role)
    shift.delete()


@operation
def find_gaps(*, actor: Actor, now: datetime) -> int:
    """Keep the uncovered role-days of the next two weeks, and tell owners of those that are new; how many are."""
    today = timezone.localdate(now)
    countries = DeliveryStream.objects.filter(state="active").order_by().values_list("country", flat=True).distinct()
    asked: dict[str, Any] = cover.arguments(countries, today, today + cover.AHEAD) | {"now": now}
    with connection.cursor() as cursor:
        cursor.execute(KEEP.format(gaps=cover.GAPS), asked)
        found = cursor.fetchall()
    owners: dict[int, Model] = User.objects.in_bulk({owner for owner, *_ in found if owner})
    for pk, count, streams in found:
        if pk in owners:
            events.record("transition.cover.lacking", owners[pk], actor=actor, days=count, streams=streams[:20])
    return sum(count for _, count, _ in found)


def _days(first: date, last: date) -> DateRange:
    if last < first:
        raise InvalidInput.at("last", "The last day lies before the first. Give a later one.")
    if last - first > LONGEST:
        raise InvalidInput.at("last", f"At most {LONGEST.days} days at once.")
    return DateRange(first, last + timedelta(days=1))
