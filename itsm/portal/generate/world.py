"""A world of the reference size, made up: to measure with, never to work with.

Everything is written by COPY, in one transaction, so it is there whole or not at all. History and
revisions are not kept of it: that would measure the triggers of a day that never was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db import InternalError, ProgrammingError, connection, transaction

from cmdb.models import CIClass
from itsm.kernel.errors import DomainError
from itsm.kernel.models import User
from itsm.portal.generate import changes, cmdb, transition

Say = Callable[[str], None]


class WorldIsThere(DomainError):
    code = "world_is_there"


@dataclass(frozen=True)
class Size:
    """How much of each kind; at scale 1 what the figures of the project refer to."""

    cis: int
    services: int
    changes: int
    streams: int
    deployments: int
    incidents: int

    @classmethod
    def at(cls, scale: float) -> "Size":
        def some(count: int, least: int) -> int:
            return max(round(count * scale), least)

        services = some(20_000, 10)
        return cls(
            some(1_000_000, 200) - services, services, some(200_000, 20), 5 * services, some(2_000_000, 20),
            some(500_000, 10),
        )  # fmt: skip


@transaction.atomic
def generate(*, scale: float, now: datetime, say: Say = lambda text: None, seed: int = 7) -> None:
    """Make the world; the same seed makes the same one. Raises WorldIsThere the second time."""
    if CIClass.objects.filter(code=cmdb.LAYERS[0][0]).exists():
        raise WorldIsThere("A generated world is here already. Begin with an empty data folder to make another one.")
    size, dice = Size.at(scale), Random(seed)
    _without_triggers(say)
    people = _people()
    layers = cmdb.items(size.cis, size.services, people, now, dice, say)
    cmdb.relations(layers, dice, say)
    services = cmdb.services(layers[0], people, say)
    calendar = changes.requests(size.changes, layers, people, now, dice, say)
    transition.plans(services, say)
    transition.deployments(size.deployments, services, people, now, dice, say)
    transition.incidents(size.incidents, services, layers, calendar, now, dice, say)
    for table in (*cmdb.TABLES, *changes.TABLES, *transition.TABLES):
        _settle(table)


def _without_triggers(say: Say) -> None:
    """Neither history nor foreign keys are checked row by row; a role that may not ask for that works more slowly."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
    except (ProgrammingError, InternalError):
        say("This database role may not switch triggers off: it takes several times as long, and history is kept.")


def _people() -> list[int]:
    """Fifty owners who cannot sign in."""
    names = [f"owner-{number:03}" for number in range(50)]
    User.objects.bulk_create([User(username=name, is_active=False) for name in names], ignore_conflicts=True)
    return list(User.objects.filter(username__in=names).order_by("pk").values_list("pk", flat=True))


def _settle(table: str) -> None:
    """Ids go on behind the last one, and the planner knows the sizes."""
    with connection.cursor() as cursor:
        last = f"SELECT coalesce(max(id), 1) FROM {table}"  # noqa: S608 - a name of ours
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({last}))")
        cursor.execute(f"ANALYZE {table}")
