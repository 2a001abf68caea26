"""What can be asked about imports."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Func, Min, OuterRef, QuerySet, Subquery, Value

from cmdb.models import (
    ConfigurationItem,
    ImportDifference,
    ImportProblem,
    ImportProfile,
    ImportRun,
    ImportSchedule,
    Relation,
)
from cmdb.queries.labels import Labels


def listed() -> QuerySet[ImportRun]:
    return ImportRun.objects.select_related("requested_by", "profile", "schedule", "progress").order_by("-pk")


def schedules() -> QuerySet[ImportSchedule]:
    """Each with the number and the state of its last run."""
    last = ImportRun.objects.filter(schedule=OuterRef("pk")).order_by("-pk")
    found = ImportSchedule.objects.select_related("owner", "profile").order_by("name", "pk")
    return found.annotate(last_id=Subquery(last.values("pk")[:1]), last_state=Subquery(last.values("state")[:1]))


def profiles() -> QuerySet[ImportProfile]:
    return ImportProfile.objects.order_by("name", "pk")


def shown_differences(run: ImportRun) -> QuerySet[ImportDifference]:
    """What changes in the CMDB; that a source only said other words is no difference to anybody."""
    return run.differences.exclude(kind=ImportDifference.Kind.HEARD).order_by("kind", "pk")


# What differs from row to row: quoted words and numbers.
PARTICULARS = "“[^”]*”|'[^']*'|[0-9][0-9,.]*"


def kinds_of_problems(run: ImportRun, most: int) -> list[tuple[ImportProblem, int]]:
    """The first of each kind, in the order of the file, and how many more are like it. Two queries."""
    kind = Func(F("message"), Value(PARTICULARS), Value("…"), Value("g"), function="regexp_replace")
    found = run.problems.annotate(kind=kind).values("column", "kind").annotate(first=Min("pk"), count=Count("pk"))
    counts = dict(found.order_by("first").values_list("first", "count")[:most])
    return [(each, counts[each.pk] - 1) for each in ImportProblem.objects.filter(pk__in=counts).order_by("pk")]


def named(differences: Iterable[ImportDifference]) -> list[dict[str, Any]]:
    """Each ready to be read: the CIs by their names and numbers where they are there. One query."""
    rows = list(differences)
    ids = {pk for row in rows for pk in (row.ci_id, row.other_id) if pk and pk > 0}
    labels = Labels()
    known = ConfigurationItem.objects.only("name").in_bulk(ids)
    return [
        {
            "difference": row,
            "ci": known.get(row.ci_id),
            "other": known.get(row.other_id or 0),
            "relation": Relation.Type(row.type).label if row.type else "",
            "changes": _changes(row, labels),
        }
        for row in rows
    ]


def _changes(row: ImportDifference, labels: Labels) -> list[tuple[str, Any, Any]]:
    before, after = row.before or {}, row.after or {}
    return [(labels(name), _brief(before.get(name)), _brief(after[name])) for name in after]


def _brief(value: Any) -> Any:
    text = "–" if value in (None, "") else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
