"""Freezes, and what is in their scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet

from changes.models import Freeze
from cmdb.models import ConfigurationItem


class OneOf(Func):
    """Whether an array holds a value."""

    template, arg_joiner = "(%(expressions)s))", " = ANY("
    output_field = BooleanField()


# For a statement in which a freeze is `one`: the ids of its classes and of all below them.
ITS_CLASSES = """
    WITH RECURSIVE kin AS (
        SELECT ciclass_id AS id FROM changes_freeze_classes WHERE freeze_id = one.id
        UNION SELECT below.id FROM cmdb_ciclass AS below JOIN kin ON below.parent_id = kin.id)
    SELECT id FROM kin
"""


def listed() -> QuerySet[Freeze]:
    return Freeze.objects.prefetch_related("services", "cis", "classes").order_by("-window", "-pk")


def names(prefix: str = "") -> Q:
    """Of a CI in a subquery: whether the outer freeze names it, or the service that it is."""
    return Q(**{f"{prefix}freezes": OuterRef("pk")}) | Q(**{f"{prefix}service__freezes": OuterRef("pk")})


def holds_for(prefix: str = "") -> Q:
    """The same, or whether the freeze holds for its environment, its class or one above that."""
    kin = Q()
    for way in ("", "__parent", "__parent__parent"):
        kin |= Q(**{f"{prefix}ci_class{way}__freezes": OuterRef("pk")})
    return names(prefix) | kin | Q(OneOf(F(f"{prefix}environment"), OuterRef("environments")))


def touching(start: datetime, end: datetime, services: Iterable[int], environment: str = "") -> QuerySet[Freeze]:
    """Those that overlap [start, end) and hold everywhere, for one of the services (by id), or for the environment."""
    those = list(services)
    own = ConfigurationItem.objects.filter(service__in=those)
    scope: Any = Q(everywhere=True) | Q(services__in=those) | Exists(own.filter(holds_for()))
    if environment:
        scope |= Q(environments__contains=[environment])
    window = DateTimeTZRange(start, end, "[)")
    return Freeze.objects.filter(scope, window__overlap=window).distinct().order_by("window", "pk")
