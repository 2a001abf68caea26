"""Role cover: the days on which nobody stands for a role of a stream.

A role is covered by whoever holds it everywhere or for the service, themselves, by a team or as a stand-in, and
is not absent; where the stream has a rota for the role, by those whose shift it is.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Prefetch, Q

from itsm.kernel import organisation
from itsm.kernel.models import Organisation, RoleAssignment, User
from itsm.kernel.roles import Role, short
from transition.models import DeliveryStream

PARTS = (("accountable", "Accountable"), ("roles", "Responsible"), ("consulted", "Consulted"), ("informed", "Informed"))
AHEAD = timedelta(days=14)

GAPS = """
    WITH day AS (SELECT unnest(%(days)s::date[]) AS day),
    work AS (SELECT * FROM unnest(%(countries)s::text[], %(worked)s::date[]) AS work (country, day)),
    asked AS (
        SELECT stream.id AS stream_id, plan.service_id, role, day
        FROM transition_deliverystream AS stream
        JOIN transition_transitionplan AS plan ON plan.id = stream.plan_id
        CROSS JOIN unnest(stream.roles) AS role CROSS JOIN day
        WHERE stream.state = 'active' AND stream.active_from <= day
            AND (%(streams)s::bigint[] IS NULL OR stream.id = ANY (%(streams)s))
            AND (NOT stream.working_days_only OR (stream.country, day) IN (SELECT country, day FROM work))
    ), assigned AS (
        SELECT role, service_id, coalesce(held.user_id, member.user_id) AS user_id, since, until
        FROM kernel_roleassignment AS held
        LEFT JOIN kernel_team_members AS member ON member.team_id = held.team_id
        WHERE role IN (SELECT role FROM asked)
            AND (service_id IS NULL OR service_id IN (SELECT service_id FROM asked))
    ), holder AS (
        SELECT * FROM assigned
        UNION ALL
        SELECT lent.role, assigned.service_id, lent.taker_id, greatest(assigned.since, lent.since),
            least(assigned.until, lent.until)
        FROM kernel_delegation AS lent
        JOIN assigned ON assigned.role = lent.role AND assigned.user_id = lent.giver_id
        WHERE lent.ended_at IS NULL
    ), away AS (SELECT user_id, day FROM transition_absence JOIN day ON days @> day),
    there AS MATERIALIZED (
        SELECT DISTINCT role, service_id, day
        FROM holder
        JOIN kernel_user AS person ON person.id = holder.user_id AND person.is_active
        JOIN day ON since < day + 1 AND (until IS NULL OR until > day)
        WHERE (user_id, day) NOT IN (SELECT user_id, day FROM away)
    ), everywhere AS (SELECT role, day FROM there WHERE service_id IS NULL),
    here AS (SELECT role, day, service_id FROM there WHERE service_id IS NOT NULL),
    rota AS (
        SELECT stream_id, role, user_id, days FROM transition_shift
        WHERE days && daterange(%(first)s, %(after)s)
            AND (%(streams)s::bigint[] IS NULL OR stream_id = ANY (%(streams)s))
    ), planned AS (SELECT DISTINCT stream_id, role FROM rota),
    standing AS (
        SELECT DISTINCT stream_id, role, day FROM rota
        JOIN kernel_user AS person ON person.id = rota.user_id AND person.is_active
        JOIN day ON days @> day
        WHERE (user_id, day) NOT IN (SELECT user_id, day FROM away)
    )
    SELECT stream_id, role, day FROM asked
    LEFT JOIN planned USING (stream_id, role)
    LEFT JOIN standing USING (stream_id, role, day)
    LEFT JOIN everywhere USING (role, day)
    LEFT JOIN here USING (role, day, service_id)
    WHERE CASE WHEN planned.stream_id IS NULL THEN everywhere.role IS NULL AND here.role IS NULL
        ELSE standing.stream_id IS NULL END
"""


@dataclass(frozen=True)
class Lack:
    """A role that nobody covers on these days."""

    role: str
    days: list[date]

    @property
    def spells(self) -> str:
        """Thu 26 Nov – Fri 27 Nov, Wed 2 Dec."""
        return ", ".join(_spell(spell) for spell in _spells(self.days))

    @property
    def text(self) -> str:
        return f"{short(self.role)}: {self.spells}"


@dataclass(frozen=True)
class Part:
    """A role of a stream: what it has to do with it (RACI), and who holds it now."""

    part: str
    role: str
    people: list[User]
    lack: Lack | None = None

    @property
    def label(self) -> str:
        return str(Role(self.role).label)


def people_of(stream: DeliveryStream, found: "Gaps", now: datetime) -> list[Part]:
    """The stream's roles by their parts, each with who holds it for the service; two queries."""
    named = [(label, role) for part, label in PARTS for role in _roles(getattr(stream, part))]
    held = RoleAssignment.objects.current(now).filter(
        Q(service_id=None) | Q(service_id=stream.plan.service_id), role__in={role for _, role in named}
    ).select_related("user", "team").prefetch_related(
        Prefetch("team__members", User.objects.filter(is_active=True).order_by("username"))
    ).order_by("pk")  # fmt: skip
    holders: dict[str, dict[int, User]] = defaultdict(dict)
    for assignment in held:
        people = [assignment.user] if assignment.user else list(assignment.team.members.all())  # type: ignore[union-attr]
        holders[assignment.role].update({user.pk: user for user in people if user.is_active})
    lacks = {lack.role: lack for lack in found.of(stream.pk)}
    return [
        Part(label, role, list(holders[role].values()), lacks.get(role) if label == "Responsible" else None)
        for label, role in named
    ]


def _roles(said: str | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else said


class Gaps:
    """The uncovered days of some streams."""

    def __init__(self, rows: Iterable[tuple[int, str, date]]):
        self._days: dict[int, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
        for stream, role, day in sorted(rows):
            self._days[stream][role].append(day)

    def between(self, stream: int, roles: Iterable[str], first: date, after: date) -> list[str]:
        """The roles, in this order, that nobody covers on some of these days."""
        known = self._days.get(stream, {})
        return [role for role in roles if any(first <= day < after for day in known.get(role, ()))]

    def of(self, stream: int) -> list[Lack]:
        return [Lack(role, days) for role, days in self._days.get(stream, {}).items()]

    def count(self, before: date) -> int:
        """How many role-days, of all streams together."""
        return sum(day < before for roles in self._days.values() for days in roles.values() for day in days)


def gaps(streams: Collection[Any], first: date, after: date, said: Organisation | None = None) -> Gaps:
    """Of these streams, from one day until before another; one query, and one for the organisation unless said."""
    if not any(stream.roles for stream in streams) or first >= after:
        return Gaps([])
    asked = arguments({stream.country for stream in streams}, first, after, said)
    with connection.cursor() as cursor:
        cursor.execute(GAPS, asked | {"streams": [stream.pk for stream in streams]})
        return Gaps(cursor.fetchall())


def arguments(countries: Iterable[str], first: date, after: date, said: Organisation | None = None) -> dict[str, Any]:
    """What GAPS asks for: the days, and which of them are worked where."""
    days = [first + timedelta(days=i) for i in range((after - first).days)]
    said = said or organisation.current()
    calendars = {country: organisation.calendar(said, country) for country in countries}
    worked = [(country, day) for country, calendar in calendars.items() for day in days if calendar.works(day)]
    return {
        "days": days, "first": first, "after": after, "streams": None,
        "countries": [country for country, _ in worked], "worked": [day for _, day in worked],
    }  # fmt: skip


def _spells(days: list[date]) -> list[list[date]]:
    """Days that follow each other, together; a weekend between them parts them not."""
    spells: list[list[date]] = []
    for day in days:
        near = spells and (day - spells[-1][-1]).days <= (3 if day.weekday() == 0 else 1)
        spells[-1].append(day) if near else spells.append([day])
    return spells


def _spell(days: list[date]) -> str:
    first, last = days[0], days[-1]
    return _said(first) if first == last else f"{_said(first)} – {_said(last)}"


def _said(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
