"""What lies around some CIs: totals of all in reach, the services among it, and the near ones with their paths.

One statement of the database: of 50,000 CIs in reach only those that are told of leave it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from cmdb.queries.impact import Reached, ways

SERVICES_SHOWN = 20
NAMED = 100  # of those that nobody verified lately
# Who hangs on whom is counted among so many; among more nobody reads it, and it takes seconds.
COUNTED = 2000
KEPT, WAYS = ("reached", "farthest", "stale", "old", "owners", "services"), ("down", "up")
AROUND = """
    WITH down AS MATERIALIZED (SELECT * FROM cmdb_hits(%(starts)s, %(against)s, %(along)s, %(down)s, 'hold')),
    known AS MATERIALIZED (
        SELECT ci.id, found.distance, ci.name, ci.criticality, ci.verified_at, s.id AS service,
            c.kind = 'service' AS is_service,
            CASE WHEN s.id IS NULL THEN ci.owner_id ELSE s.owner_id END AS owner
        FROM (SELECT reached, distance FROM down UNION ALL SELECT unnest(%(starts)s::bigint[]), 0) found
        JOIN cmdb_configurationitem ci ON ci.id = found.reached JOIN cmdb_ciclass c ON c.id = ci.ci_class_id
        LEFT JOIN cmdb_service s ON s.ci_id = ci.id
    ),
    small AS MATERIALIZED (SELECT id FROM known WHERE (SELECT count(*) FROM down) <= %(counted)s)
    SELECT 'all' AS part, count(*) AS id, max(distance) AS distance, NULL::bigint AS via, NULL::text AS said FROM down
    UNION ALL SELECT 'down', reached, distance, via, NULL FROM down WHERE distance <= %(near)s
    UNION ALL SELECT 'up', reached, distance, via, NULL
        FROM cmdb_hits(%(starts)s, %(along)s, %(against)s, %(near)s, 'pass')
    UNION ALL SELECT 'stale', count(*), NULL, NULL, NULL FROM known WHERE verified_at IS NULL OR verified_at < %(since)s
    UNION ALL (
        SELECT 'old', id, distance, NULL, name FROM known WHERE verified_at IS NULL OR verified_at < %(since)s
        ORDER BY distance, criticality DESC, name LIMIT %(named)s
    )
    UNION ALL (
        SELECT 'owner', theirs.owner, theirs.distance, NULL,
            coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username) || ', owner of ' || theirs.name
                || CASE WHEN theirs.count > 1 THEN ' and ' || theirs.count - 1 || ' more' ELSE '' END
        FROM (
            SELECT DISTINCT ON (owner) owner, name, distance, criticality, count(*) OVER (PARTITION BY owner)
            FROM known WHERE is_service AND distance > 0 ORDER BY owner, distance, criticality DESC, name
        ) theirs JOIN kernel_user u ON u.id = theirs.owner
        ORDER BY theirs.distance, theirs.criticality DESC, theirs.name
    )
    UNION ALL (
        SELECT 'service', id, distance, NULL, NULL FROM known WHERE service IS NOT NULL
        ORDER BY criticality DESC, name LIMIT %(services)s
    )
    UNION ALL SELECT 'edge', source_id, 0, target_id, NULL FROM cmdb_relation
        WHERE type = ANY (%(against)s) AND source_id IN (TABLE small) AND target_id IN (TABLE small)
    UNION ALL SELECT 'edge', target_id, 0, source_id, NULL FROM cmdb_relation
        WHERE type = ANY (%(along)s) AND source_id IN (TABLE small) AND target_id IN (TABLE small)
"""


@dataclass
class Surroundings:
    """`reached` CIs downstream, the farthest so many steps away; `down` and `up` are the near ones.

    `stale` counts those not verified since, the touched ones among them, and `old` are (id, name) of the nearest of
    them; `owners` are (user's id, sentence) of the services in reach, each owner once; `services` are the CIs of the
    most critical ones. `causes` are the CIs whose failure hits each one directly; None where too many are in reach to
    count them.
    """

    reached: int = 0
    farthest: int = 0
    down: dict[int, Reached] = field(default_factory=dict)
    up: dict[int, Reached] = field(default_factory=dict)
    stale: int = 0
    old: list[tuple[int, str]] = field(default_factory=list)
    owners: list[tuple[int, str]] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    causes: dict[int, list[int]] | None = field(default_factory=dict)

    @property
    def near(self) -> set[int]:
        return set(self.down) | set(self.up)

    @property
    def is_vast(self) -> bool:
        """So many are in reach that to look for them takes longer than somebody who reads a page waits."""
        return self.reached > COUNTED

    def as_dict(self) -> dict[str, Any]:
        """To be kept, where it is vast."""
        kept: dict[str, Any] = {name: getattr(self, name) for name in KEPT}
        return kept | {way: [(r.ci_id, r.distance, r.via) for r in getattr(self, way).values()] for way in WAYS}

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Surroundings":
        found = cls(**{name: kept[name] for name in KEPT}, causes=None)
        for way in WAYS:
            getattr(found, way).update({ci: Reached(ci, distance, via) for ci, distance, via in kept[way]})
        return found


def surroundings_of(starts: Iterable[int], *, down: int, near: int, since: datetime) -> Surroundings:
    """Downstream to the depth of `down`; both ways `near` with paths. Not verified `since` then is stale. One query."""
    against, along = ways()
    asked: dict[str, Any] = {
        "starts": [*dict.fromkeys(starts)], "against": against, "along": along, "down": down, "near": near,
        "since": since, "services": SERVICES_SHOWN, "named": NAMED, "counted": COUNTED,
    }  # fmt: skip
    found = Surroundings()
    with connection.cursor() as cursor:
        cursor.execute(AROUND, asked)
        for part, pk, distance, via, said in cursor.fetchall():
            _take_in(found, part, pk, distance, via, said)
    if found.is_vast:
        found.causes = None
    return found


def _take_in(found: Surroundings, part: str, pk: int, distance: int, via: int, said: str) -> None:
    if part == "all":
        found.reached, found.farthest = pk, distance or 0
    elif part in ("down", "up"):
        getattr(found, part)[pk] = Reached(pk, distance, via)
    elif part == "stale":
        found.stale = pk
    elif part == "old":
        found.old.append((pk, said))
    elif part == "owner":
        found.owners.append((pk, said))
    elif part == "service":
        found.services.append(pk)
    elif found.causes is not None:
        found.causes.setdefault(pk, []).append(via)
