"""What stands around a change: the CIs in reach of it, and what else is in the calendar there; a statement each.

The few other changes that meet us are found by their CIs and people: a long window overlaps thousands of
changes, and to ask of each one whether it meets us takes ten times as long.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from changes.models import ChangeModel, ChangeRequest, ChangeTask
from changes.queries.freezes import ITS_CLASSES
from cmdb.queries.impact import Reached, path_to, reach_both

RELATED_DEPTH = 4
Status = ChangeRequest.Status
OVER = (Status.REVIEW, Status.CLOSED)
TASK_OVER = (ChangeTask.State.DONE, ChangeTask.State.SKIPPED, ChangeTask.State.FAILED)
Booking = dict[str, Any]  # {first, last, username, offset, lasts}

NEEDS = """
    SELECT ARRAY(SELECT ci_id FROM changes_affectedci WHERE change_id = %(change)s),
        ARRAY(SELECT service_id FROM changes_changerequest_services WHERE changerequest_id = %(change)s),
        ARRAY(SELECT assignee_id FROM changes_changetask
            WHERE change_id = %(change)s AND assignee_id IS NOT NULL AND state <> ALL (%(task_over)s::text[]))
"""
NEARBY = f"""
    SELECT
        (SELECT count(*) FROM changes_changerequest
            WHERE status = ANY (%(statuses)s::text[]) AND "window" && %(window)s::tstzrange AND id <> %(besides)s),
        (SELECT coalesce(jsonb_agg(jsonb_build_array(id, title, status, confidential, lower("window"), upper("window"),
                ARRAY(SELECT ci_id FROM changes_affectedci
                    WHERE change_id = change.id AND ci_id = ANY (%(near)s::bigint[])),
                ARRAY(SELECT jsonb_build_object('first', first_name, 'last', last_name, 'username', username,
                        'offset', offset_minutes, 'lasts', duration_minutes)
                    FROM changes_changetask AS task JOIN kernel_user ON kernel_user.id = assignee_id
                    WHERE change_id = change.id AND assignee_id = ANY (%(people)s::bigint[])
                        AND state <> ALL (%(task_over)s::text[]))
            )), '[]')
            FROM changes_changerequest AS change
            WHERE status = ANY (%(statuses)s::text[]) AND "window" && %(window)s::tstzrange AND id <> %(besides)s AND (
                id IN (SELECT change_id FROM changes_affectedci WHERE ci_id = ANY (%(near)s::bigint[]))
                OR id IN (SELECT change_id FROM changes_changetask
                    WHERE assignee_id = ANY (%(people)s::bigint[]) AND state <> ALL (%(task_over)s::text[])))),
        (SELECT count(*) FROM changes_operationaljob WHERE active AND cardinality(%(near)s::bigint[]) > 0),
        (SELECT coalesce(jsonb_object_agg(job_id, cis), '{{}}') FROM (
            SELECT operationaljob_id AS job_id, array_agg(configurationitem_id) AS cis
            FROM changes_operationaljob_cis JOIN changes_operationaljob AS job ON job.id = operationaljob_id
            WHERE active AND configurationitem_id = ANY (%(near)s::bigint[]) GROUP BY 1) AS jobs),
        (SELECT count(*) FROM changes_freeze WHERE "window" && %(window)s::tstzrange),
        ARRAY(SELECT id FROM changes_freeze AS one WHERE "window" && %(window)s::tstzrange AND (everywhere
            OR EXISTS (SELECT FROM changes_freeze_services JOIN cmdb_service AS service ON service.id = service_id
                WHERE freeze_id = one.id
                    AND (service.id = ANY (%(services)s::bigint[]) OR service.ci_id = ANY (%(hit)s::bigint[])))
            OR EXISTS (SELECT FROM changes_freeze_cis
                WHERE freeze_id = one.id AND configurationitem_id = ANY (%(hit)s::bigint[]))
            OR EXISTS (SELECT FROM cmdb_configurationitem AS ci
                WHERE ci.id = ANY (%(touched)s::bigint[]) AND (ci.environment = ANY (one.environments)
                    OR ci.ci_class_id IN ({ITS_CLASSES})))))
"""  # noqa: S608 - a part of our own


@dataclass(frozen=True)
class Scope:
    """What a change needs for itself: CIs, services and people, by id."""

    cis: frozenset[int]
    services: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    emergency: bool = False
    besides: int | None = None
    is_over: bool = False

    @classmethod
    def of(cls, change: ChangeRequest) -> "Scope":
        """Read in one statement."""
        with connection.cursor() as cursor:
            cursor.execute(NEEDS, {"change": change.pk, "task_over": [str(state) for state in TASK_OVER]})
            return cls.made_of(change, *cursor.fetchone())

    @classmethod
    def made_of(
        cls, change: ChangeRequest, cis: Iterable[int], services: Iterable[int], people: Iterable[int]
    ) -> "Scope":
        """Of what the caller has read already."""
        return cls(
            cis=frozenset(cis),
            services=frozenset(services),
            people=frozenset(people),
            emergency=change.type == ChangeModel.Type.EMERGENCY,
            besides=change.pk,
            is_over=change.status in OVER,
        )


@dataclass(frozen=True)
class Neighbourhood:
    """The CIs in reach of a scope: downstream ones are hit by it, upstream ones hit it."""

    touched: frozenset[int]
    down: dict[int, Reached]
    up: dict[int, Reached]

    @classmethod
    def of(cls, scope: Scope) -> "Neighbourhood":
        down, up = reach_both(scope.cis, depth=RELATED_DEPTH) if scope.cis else ({}, {})
        return cls(scope.cis, down, up)

    @property
    def everything(self) -> list[int]:
        return sorted(self.touched | set(self.down) | set(self.up))

    def nearest(self, cis: Iterable[int]) -> tuple[str, list[int]]:
        """How the nearest of these CIs is related, and the path of ids to it."""
        mine = sorted(cis)
        if same := [ci for ci in mine if ci in self.touched]:
            return "same CI", [same[0]]
        for why, found in (("same path", self.down), ("related CI", self.up)):
            if reached := [found[ci] for ci in mine if ci in found]:
                return why, path_to(min(reached, key=lambda r: r.distance).ci_id, found)
        return "related CI", mine[:1]


@dataclass(frozen=True)
class Nearby:
    """Of other changes, active jobs and freezes how many there are meanwhile, and those that are near."""

    changes: int
    rivals: list[tuple[ChangeRequest, list[int], list[Booking]]]  # with the CIs near us, and our people's tasks in it
    jobs: int
    jobs_on: dict[int, list[int]]
    freezes: int
    barring: list[int]


def nearby_of(scope: Scope, near: Neighbourhood, start: datetime, end: datetime) -> Nearby:
    """What is in the calendar within [start, end)."""
    asked: dict[str, Any] = {
        "statuses": [str(s) for s in (*ChangeRequest.IN_CALENDAR, *(OVER if scope.is_over else ()))],
        "window": DateTimeTZRange(start, end, "[)"),
        "besides": scope.besides or 0,
        "near": near.everything,
        "people": sorted(scope.people),
        "task_over": [] if scope.is_over else [str(state) for state in TASK_OVER],
        "services": sorted(scope.services),
        "touched": sorted(near.touched),
        "hit": sorted(near.touched | set(near.down)),
    }
    with connection.cursor() as cursor:
        cursor.execute(NEARBY, asked)
        changes, rivals, jobs, jobs_on, freezes, barring = cursor.fetchone()
    near_jobs = {int(pk): cis for pk, cis in json.loads(jobs_on).items()}
    return Nearby(changes, [_rival(*row) for row in json.loads(rivals)], jobs, near_jobs, freezes, barring)


def _rival(
    pk: int, title: str, status: str, confidential: bool, start: str, end: str, meets: list[int], booked: list[Booking]
) -> tuple[ChangeRequest, list[int], list[Booking]]:
    window = DateTimeTZRange(datetime.fromisoformat(start), datetime.fromisoformat(end), "[)")
    names = ["id", "title", "status", "window", "confidential"]  # in the order of the model's fields
    return ChangeRequest.from_db(connection.alias, names, [pk, title, status, window, confidential]), meets, booked
