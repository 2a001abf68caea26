"""Hand-overs: what one stream delivered makes the need in the next, with its lag target in working time.

Needs follow from facts (what is live, documented, accepted, run) and from which stream feeds which, in one
statement for any number of CIs. So it does not matter what told of a fact, nor how often: the same facts
leave the same needs, and a sweep finds what nobody told.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from itsm.kernel import events, organisation
from itsm.kernel.actor import Actor
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from transition.models import DeliveryStream, Need

AT_ONCE = 20_000
SHOWN = 5  # needs that a message names

# A hop is something delivered by a kind of stream; whatever that stream feeds has to follow, until it has.
FOLLOW = """
    WITH live AS (
        SELECT ci_id, plan_id, id AS requirement_id, 'code' AS kind, deployed_at AS at
        FROM transition_requirement
        WHERE status = 'deployed' AND kind = 'functional' AND deployed_at IS NOT NULL
            AND (%(cis)s::bigint[] IS NULL OR ci_id = ANY (%(cis)s))
        UNION ALL
        SELECT item.ci_id, stream.plan_id, NULL, stream.kind, min(item.done_at)
        FROM transition_deliveryitem AS item JOIN transition_deliverystream AS stream ON stream.id = item.stream_id
        WHERE item.state = 'done' AND stream.kind = 'hardware' AND (%(cis)s::bigint[] IS NULL OR ci_id = ANY (%(cis)s))
            AND item.ci_id IS NOT NULL
        GROUP BY 1, 2, 4
    ), fact AS (
        SELECT live.*,
            (SELECT min(test.at) FROM cmdb_relation AS link
                JOIN knowledge_article AS article ON article.ci_id = link.source_id AND article.state <> 'retired'
                JOIN knowledge_articletest AS test ON test.version_id = article.published_id AND test.result = 'passed'
                WHERE link.type = 'describes' AND link.target_id = live.ci_id) AS documented_at,
            (SELECT min(decided_at) FROM transition_acceptancereview AS review
                WHERE review.state = 'accepted' AND (review.id IN (
                    SELECT acceptancereview_id FROM transition_acceptancereview_requirements AS named
                    WHERE named.requirement_id = live.requirement_id
                ) OR review.package_id IN (
                    SELECT package_id FROM transition_deliveryitem AS packed
                    WHERE packed.requirement_id = live.requirement_id AND packed.package_id IS NOT NULL
                ))) AS accepted_at
        FROM live
    ), hop AS (
        SELECT ci_id, plan_id, requirement_id, kind, at, documented_at, accepted_at FROM fact
        UNION ALL
        SELECT ci_id, plan_id, requirement_id, 'knowledge', greatest(at, documented_at), documented_at, accepted_at
        FROM fact WHERE documented_at IS NOT NULL
        UNION ALL
        SELECT ci_id, plan_id, requirement_id, 'acceptance_test', greatest(at, accepted_at), documented_at, accepted_at
        FROM fact WHERE accepted_at IS NOT NULL
    ), wanted AS (
        SELECT DISTINCT ON (fed.id, hop.ci_id) fed.id AS stream_id, feeder.id AS fed_by_id, hop.ci_id, hop.at,
            CASE WHEN fed.kind = 'knowledge' THEN hop.documented_at
                WHEN fed.kind = 'acceptance_test' AND hop.requirement_id IS NOT NULL THEN hop.accepted_at
                ELSE (SELECT min(run.at) FROM transition_streamrun AS run
                    WHERE run.stream_id = fed.id AND run.at >= hop.at AND run.outcome <> 'failed')
            END AS met_at
        FROM hop
        JOIN transition_deliverystream AS feeder
            ON feeder.plan_id = hop.plan_id AND feeder.kind = hop.kind AND feeder.state <> 'ended'
        JOIN transition_deliverystream AS fed ON fed.id = feeder.feeds_id AND fed.state <> 'ended'
        ORDER BY fed.id, hop.ci_id, hop.at, feeder.ordinal
    ), closed AS (
        UPDATE transition_need AS need
        SET state = CASE WHEN standing.met_at IS NULL THEN 'void' ELSE 'met' END,
            ended_at = greatest(need.arisen_at, coalesce(standing.met_at, %(now)s))
        FROM (
            SELECT open.id, wanted.met_at, wanted.stream_id IS NULL AS is_gone
            FROM transition_need AS open LEFT JOIN wanted USING (stream_id, ci_id)
            WHERE open.state = 'open' AND (%(cis)s::bigint[] IS NULL OR open.ci_id = ANY (%(cis)s))
        ) AS standing
        WHERE need.id = standing.id AND (standing.is_gone OR standing.met_at IS NOT NULL)
        RETURNING need.id, need.state
    ), opened AS (
        INSERT INTO transition_need (stream_id, fed_by_id, ci_id, arisen_at, state)
        SELECT stream_id, fed_by_id, ci_id, greatest(at, (
            SELECT max(ended_at) FROM transition_need AS earlier
            WHERE earlier.stream_id = wanted.stream_id AND earlier.ci_id = wanted.ci_id
        )), 'open'
        FROM wanted WHERE met_at IS NULL
        ON CONFLICT (stream_id, ci_id) WHERE state = 'open' DO NOTHING
        RETURNING id
    )
    SELECT id, 'arisen' FROM opened UNION ALL SELECT id, state FROM closed ORDER BY 1
"""

DATED = """
    UPDATE transition_need AS need SET due = dated.due
    FROM unnest(%(needs)s::bigint[], %(dues)s::date[]) AS dated (id, due) WHERE need.id = dated.id
"""

OVERDUE = """
    WITH late AS (
        SELECT need.id, stream.owner_id, service.owner_id AS service_owner_id
        FROM transition_need AS need
        JOIN transition_deliverystream AS stream ON stream.id = need.stream_id
        JOIN transition_transitionplan AS plan ON plan.id = stream.plan_id
        JOIN cmdb_service AS service ON service.id = plan.service_id
        WHERE need.state = 'open' AND need.escalated_at IS NULL AND need.due < %(today)s
        ORDER BY need.due, need.id LIMIT %(most)s
        FOR UPDATE OF need SKIP LOCKED
    ), told AS (
        UPDATE transition_need AS need SET escalated_at = %(now)s FROM late WHERE need.id = late.id RETURNING need.id
    ), concerned AS (
        SELECT id, owner_id FROM late UNION SELECT id, service_owner_id FROM late
    )
    SELECT owner_id, array_agg(id ORDER BY id), (SELECT count(*) FROM told) FROM concerned GROUP BY 1
"""


@operation
def follow(*, cis: Iterable[int] | None, actor: Actor, now: datetime) -> int:
    """Let needs of these CIs (of all) arise and end as the facts are; how many moved."""
    asked = None if cis is None else sorted(set(cis))
    if asked == []:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, {"cis": asked, "now": now})
        found = cursor.fetchall()
    moved = {word: [pk for pk, said in found if said == word] for word in ("arisen", "met", "void")}
    _agree_dates(moved["arisen"])
    for word, needs in moved.items():
        events.record_set(f"transition.need.{word}", Need, needs, actor=actor)
    return len(found)


def _agree_dates(needs: list[int]) -> None:
    """The last working day within the lag target, by the calendar of the stream that has to follow."""
    rows = list(
        Need.objects.filter(pk__in=needs, fed_by__lag_target_days__isnull=False)
        .order_by("pk")
        .values_list("pk", "arisen_at", "fed_by__lag_target_days", "stream__country")
    )
    if not rows:
        return
    said = organisation.current()
    calendars = {country: organisation.calendar(said, country) for _, _, _, country in rows}
    wanted = {(timezone.localdate(at), days, country) for _, at, days, country in rows}
    dues = {(day, days, country): calendars[country].after(day, days or 0) for day, days, country in wanted}
    asked: dict[str, Any] = {
        "needs": [pk for pk, *_ in rows],
        "dues": [dues[timezone.localdate(at), days, country] for _, at, days, country in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(DATED, asked)


@operation
def follow_stream(*, stream_id: int, actor: Actor, now: datetime) -> int:
    """A run may have met what waits for the stream, and another hand-over may ask for more or for less."""
    stream = DeliveryStream.objects.get(pk=stream_id)
    waiting = Need.objects.filter(stream=stream, state=Need.State.OPEN).values_list("ci_id", flat=True)
    return follow(cis=list(waiting), actor=actor, now=now)


@operation
def sweep(*, actor: Actor, now: datetime) -> int:
    """All needs as the facts are; finds what a changed hand-over or an import left behind."""
    return follow(cis=None, actor=actor, now=now)


@operation
def escalate(*, actor: Actor, now: datetime, most: int = AT_ONCE) -> int:
    """Tell of each need that is past its day, once: the stream's owner and the service's; how many were found."""
    with connection.cursor() as cursor:
        cursor.execute(OVERDUE, {"today": timezone.localdate(now), "now": now, "most": most})
        found = cursor.fetchall()
    owners = User.objects.in_bulk({owner for owner, *_ in found if owner})
    for pk, needs, _ in found:
        if pk in owners:
            late = {"late": len(needs), "needs": needs[-SHOWN:]}
            events.record("transition.needs.overdue", owners[pk], actor=actor, **late)
    return found[0][2] if found else 0
