"""The answer to *what is hit?* as it is shown: totals first, then one page of the CIs with their paths.

One statement of the database: of 100,000 CIs in reach only those on the page leave it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from cmdb.models import CIClass, ConfigurationItem, RelationGroup
from cmdb.queries.impact import CARRYING, DEPTH, Direction, asked

SERVICES_SHOWN = 1000
HELD_SHOWN = 50
TOGETHER = 100
COLUMNS = ["Number", "Name", "Class", "Criticality", "Distance", "Path"]

# What an environment leaves out may lie on the way: paths are looked up in all that is in reach.
HITS = """
    WITH RECURSIVE reached AS MATERIALIZED (
        SELECT * FROM cmdb_hits(%(starts)s, %(against)s, %(along)s, %(depth)s, %(groups)s)
    ),
    hits AS MATERIALIZED (
        SELECT r.reached AS id, r.distance, r.via, ci.ci_class_id, ci.criticality, ci.name
        FROM reached r JOIN cmdb_configurationitem ci ON ci.id = r.reached
        WHERE %(environment)s::text IS NULL OR ci.environment = %(environment)s
    ),
    fitting AS (
        SELECT * FROM hits WHERE (%(ci_class)s::bigint IS NULL OR ci_class_id = %(ci_class)s)
            AND (%(distance)s::integer IS NULL OR distance = %(distance)s)
    )"""
PAGE = """,
    page AS MATERIALIZED (
        SELECT id, distance, via FROM fitting ORDER BY distance, criticality DESC, name, id
        LIMIT %(limit)s OFFSET %(offset)s
    ),
    way (id, distance, via) AS (
        SELECT * FROM page
        UNION SELECT r.reached, r.distance, r.via FROM way JOIN reached r ON r.reached = way.via
    ),
    down (id) AS (
        SELECT r.reached FROM reached r UNION ALL SELECT unnest(%(starts)s::bigint[])
    ),
    touched (id) AS (
        SELECT m.group_id FROM down JOIN cmdb_relation m ON m.target_id = down.id WHERE m.group_id IS NOT NULL
        UNION SELECT m.group_id FROM down JOIN cmdb_relation m ON m.source_id = down.id WHERE m.group_id IS NOT NULL
    ),
    held AS (
        SELECT g.id, count(*) FILTER (WHERE near.id IN (SELECT id FROM down)) AS lost, count(*) AS members
        FROM touched JOIN cmdb_relationgroup g ON g.id = touched.id JOIN cmdb_relation m ON m.group_id = g.id
        CROSS JOIN LATERAL (SELECT CASE WHEN m.source_id = g.ci_id THEN m.target_id ELSE m.source_id END AS id) near
        WHERE %(groups)s = 'hold' AND EXISTS (SELECT FROM cmdb_relationgroup)
            AND g.ci_id NOT IN (SELECT id FROM down)
        GROUP BY g.id ORDER BY g.id LIMIT %(held)s
    )
    SELECT 'class' AS part, ci_class_id AS id, count(*) AS number, NULL::bigint AS via FROM hits GROUP BY ci_class_id
    UNION ALL SELECT 'distance', distance, count(*), NULL FROM hits GROUP BY distance
    UNION ALL SELECT 'fitting', 0, count(*), NULL FROM fitting
    UNION ALL SELECT 'service', s.id, s.distance, NULL FROM (
        SELECT id, distance FROM hits WHERE ci_class_id IN (SELECT c.id FROM cmdb_ciclass c WHERE c.kind = 'service')
        ORDER BY distance, criticality DESC, name, id LIMIT %(services)s
    ) s
    UNION ALL SELECT 'held', held.id, held.lost, held.members FROM held
    UNION ALL SELECT 'page', page.id, page.distance, page.via FROM page
    UNION ALL SELECT 'way', way.id, way.distance, way.via FROM way
"""
ROWS = """
    SELECT id, distance, via, ci_class_id, criticality, name FROM fitting
    ORDER BY distance, criticality DESC, name, id
"""
ALONE = "SELECT reached FROM cmdb_hits(%(starts)s, %(against)s, %(along)s, %(depth)s, 'block')"


@dataclass(frozen=True)
class Question:
    """What is hit when these fail together (downstream), or whose failure hits them (upstream)?

    `types` says by which relations impact may run. The environment, the class and the distance narrow
    what is told, not the way there: what lies in another environment may still pass a failure on.
    """

    starts: tuple[int, ...]
    direction: Direction = "downstream"
    depth: int = DEPTH
    types: tuple[str, ...] = CARRYING
    environment: str | None = None
    ci_class: int | None = None
    distance: int | None = None

    def arguments(self, **more: Any) -> dict[str, Any]:
        names = ("starts", "against", "along", "depth", "groups")
        said = dict(zip(names, asked(self.starts, self.direction, self.depth, self.types), strict=True))
        return said | {
            "environment": self.environment, "ci_class": self.ci_class, "distance": self.distance, **more
        }  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """A CI in reach; `path` are the ids from a start to it. Upstream, one that is not `alone` hits only with others."""

    id: int
    distance: int
    path: list[int]
    alone: bool = True


@dataclass(frozen=True)
class Held:
    """A group of relations that has lost members and still holds."""

    group: RelationGroup
    down: int
    members: int


@dataclass(frozen=True)
class Answer:
    """`count` CIs fit all filters; the totals are of all in reach, whatever class or distance is asked for."""

    count: int
    by_class: list[tuple[CIClass, int]]
    by_distance: list[tuple[int, int]]
    services: list[tuple[int, int]]
    hits: list[Hit]
    held: list[Held]

    @property
    def reached(self) -> int:
        return sum(number for _, number in self.by_distance)

    @property
    def service_count(self) -> int:
        return sum(number for ci_class, number in self.by_class if ci_class.kind == CIClass.Kind.SERVICE)


def answer_to(question: Question, *, limit: int = 50, offset: int = 0) -> Answer:
    """The totals and one page: a few queries, whatever is in reach."""
    parts: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            HITS + PAGE, question.arguments(limit=limit, offset=offset, services=SERVICES_SHOWN, held=HELD_SHOWN)
        )
        for part, *row in cursor.fetchall():
            parts[part].append(tuple(row))
    via, downstream = {pk: before for pk, _, before in parts["way"]}, question.direction == "downstream"
    alone = None if downstream else _alone(question)
    return Answer(
        count=parts["fitting"][0][1],
        by_class=_by_class({pk: number for pk, number, _ in parts["class"]}),
        by_distance=sorted((distance, number) for distance, number, _ in parts["distance"]),
        services=[(pk, distance) for pk, distance, _ in parts["service"]],
        hits=[Hit(pk, away, _path(pk, via), alone is None or pk in alone) for pk, away, _ in parts["page"]],
        held=_held(parts["held"]),
    )


def _by_class(numbers: dict[int, int]) -> list[tuple[CIClass, int]]:
    """The most frequent first."""
    classes = CIClass.objects.in_bulk(numbers)
    return sorted(((classes[pk], number) for pk, number in numbers.items()), key=lambda row: (-row[1], row[0].name))


def _held(found: list[tuple[int, int, int]]) -> list[Held]:
    groups = RelationGroup.objects.select_related("ci").in_bulk([pk for pk, *_ in found]) if found else {}
    return [Held(groups[pk], lost, members) for pk, lost, members in found]


def _alone(question: Question) -> set[int]:
    """What hits by itself: some way from it leads through no group of relations."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE, question.arguments())
        return {pk for (pk,) in cursor.fetchall()}


def _path(pk: int, via: dict[int, int]) -> list[int]:
    path = [pk]
    while path[-1] in via:
        path.append(via[path[-1]])
    return path[::-1]


def cis_of(hits: Iterable[Hit]) -> dict[int, ConfigurationItem]:
    """The CIs of these hits and of their paths, by id."""
    return ConfigurationItem.objects.select_related("ci_class", "owner").in_bulk(
        {pk for hit in hits for pk in hit.path}
    )


def every_row(question: Question) -> Iterator[list[Any]]:
    """All that fits, to be written down: number, name, class, criticality, distance and path; no object is made."""
    everywhere = replace(question, environment=None, ci_class=None, distance=None)
    with connection.cursor() as cursor:
        cursor.execute(HITS + ROWS, everywhere.arguments())
        via = {row[0]: row[2] for row in cursor.fetchall()}
        cursor.execute(HITS + ROWS, question.arguments())
        rows = cursor.fetchall()
    classes = dict(CIClass.objects.values_list("pk", "name"))
    levels = {number: str(label) for number, label in ConfigurationItem.Criticality.choices}
    for pk, distance, _, ci_class, criticality, name in rows:
        path = " > ".join(f"{ConfigurationItem.PREFIX}-{step}" for step in _path(pk, via))
        yield [f"{ConfigurationItem.PREFIX}-{pk}", name, classes[ci_class], levels[criticality], distance, path]
