"""Find the CIs that do not fit their class since it was changed: at once where they are few, by a worker otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import jsonschema_rs
from django.db import transaction

from cmdb.models import CIClass, ConfigurationItem, FitCheck, Misfit
from cmdb.queries.classes import below, with_lineages
from cmdb.schemas import effective, placed, validator_of

AT_ONCE = 2_000  # so many are examined while somebody waits
PREVIEWED = 10_000  # and so many before it is saved
CHUNK = 2_000
SHOWN = 20


@dataclass
class Fit:
    """What an examination found: how many it looked at, and the first of those that do not fit."""

    total: int
    examined: int = 0
    misfits: int = 0
    shown: list[tuple[ConfigurationItem, list[list[str]]]] = field(default_factory=list)


def preview(ci_class: CIClass) -> Fit:
    """The CIs of the class as it is about to be, and of those below; the first ones only where there are many."""
    classes = with_lineages(ci_class)
    fit = Fit(_items(classes).count())
    examiner = _Examiner(classes)
    for ci in _items(classes).only("name", "attributes", "ci_class_id").order_by("pk")[:PREVIEWED].iterator(CHUNK):
        fit.examined += 1
        if problems := examiner.problems_of(ci.ci_class_id, ci.attributes):
            fit.misfits += 1
            if len(fit.shown) < SHOWN:
                fit.shown.append((ci, problems))
    return fit


def begin(ci_class: CIClass, *, now: datetime) -> FitCheck:
    """Examine them anew; call it in the transaction that changes the class."""
    total = _items(below(ci_class)).count()
    check, _ = FitCheck.objects.update_or_create(
        ci_class=ci_class,
        defaults={"total": total, "examined": 0, "misfits": 0, "upto": 0, "started_at": now, "finished_at": None},
    )
    while total <= AT_ONCE and check.finished_at is None:
        check = examine_part(check.pk, now=now) or check
    return check


@transaction.atomic
def examine_part(check_id: int, *, now: datetime) -> FitCheck | None:
    """The next so many CIs of it; None when another worker is at it, or nothing is left to do."""
    open_ = FitCheck.objects.select_for_update(skip_locked=True, of=("self",)).select_related("ci_class")
    check = open_.filter(pk=check_id, finished_at__isnull=True).first()
    if check is None:
        return None
    classes = with_lineages(check.ci_class)
    rows = list(
        _items(classes).filter(pk__gt=check.upto).order_by("pk").values_list("pk", "ci_class_id", "attributes")[:CHUNK]
    )
    found = _misfits(_Examiner(classes), rows)
    Misfit.objects.filter(ci__in=[pk for pk, _, _ in rows]).delete()
    Misfit.objects.bulk_create(found)
    check.examined, check.misfits = check.examined + len(rows), check.misfits + len(found)
    check.upto = rows[-1][0] if rows else check.upto
    check.finished_at = now if len(rows) < CHUNK else None
    check.save(update_fields=["examined", "misfits", "upto", "finished_at"])
    return check


def _misfits(examiner: "_Examiner", rows: Iterable[tuple[int, int, dict[str, Any]]]) -> list[Misfit]:
    said = ((pk, examiner.problems_of(class_id, attributes)) for pk, class_id, attributes in rows)
    return [Misfit(ci_id=pk, problems=problems) for pk, problems in said if problems]


def _items(classes: Iterable[int]) -> Any:
    return ConfigurationItem.objects.filter(ci_class__in=list(classes))


class _Examiner:
    """A quick validator says whether a CI fits; a slow one says what of it does not, in the usual words."""

    def __init__(self, classes: dict[int, CIClass]):
        self.quick = {pk: jsonschema_rs.Draft202012Validator(effective(each)) for pk, each in classes.items()}
        self.telling = {pk: validator_of(each) for pk, each in classes.items()}

    def problems_of(self, class_id: int, attributes: dict[str, Any]) -> list[list[str]]:
        if self.quick[class_id].is_valid(attributes):
            return []
        places = placed(self.telling[class_id].iter_errors(attributes))
        return [[place, sentence] for place, said in places.items() for sentence in said][:SHOWN]
