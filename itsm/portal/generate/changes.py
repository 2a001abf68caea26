"""RFCs with windows over two years, the last month of them still to come, each on one to five CIs."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from changes.models import AffectedCI, ChangeModel, ChangeRequest
from itsm.kernel.copying import copy_rows
from itsm.portal.generate.cmdb import STEP, first_free

TABLES = ("changes_changerequest", "changes_affectedci")
PAST = timedelta(days=700)
SPAN = timedelta(days=730)
TYPES = ("standard", "standard", "standard", "normal", "normal", "emergency")
OUTCOMES = ("successful",) * 17 + ("with_issues", "backed_out", "failed")


def requests(
    count: int, layers: list[range], people: list[int], now: datetime, dice: Random, say: Callable[[str], None]
) -> range:
    """The ids of the changes."""
    model = ChangeModel.objects.create(code="generated", name="Generated", type="normal", policy_name="")
    ids = range(first := first_free(ChangeRequest), first + count)
    fields = (
        "id", "title", "model", "type", "status", "outcome", "requested_by", "likelihood", "impact", "window",
        "started_at", "finished_at", "submitted_at",
    )  # fmt: skip
    say(f"{copy_rows(ChangeRequest, fields, _requests(ids, model.pk, people, now, dice)):,} RFCs")
    cis = range(layers[1].start, layers[-1].stop)
    touched = copy_rows(AffectedCI, ("id", "change", "ci"), _affected(ids, cis, first_free(AffectedCI), dice))
    say(f"{touched:,} CIs touched by RFCs")
    return ids


def _requests(ids: range, model: int, people: list[int], now: datetime, dice: Random) -> Iterator[tuple[Any, ...]]:
    step = SPAN / len(ids)
    for n, pk in enumerate(ids):
        throw = int(dice.random() * 1_000_000)
        start = (now - PAST + n * step).replace(second=0, microsecond=0)
        end = start + timedelta(minutes=30 + throw % 420)
        over = end < now
        kind = TYPES[throw % len(TYPES)]
        yield (
            pk, f"{kind.capitalize()} work {n:06}", model, kind, "closed" if over else "scheduled",
            OUTCOMES[throw % 20] if over else "", people[throw % len(people)], 1 + throw % 3, 1 + throw // 7 % 3,
            f"[{start.isoformat()},{end.isoformat()})", start if over else None, end if over else None,
            start - timedelta(days=3),
        )  # fmt: skip


def _affected(ids: range, cis: range, pk: int, dice: Random) -> Iterator[tuple[int, int, int]]:
    for change in ids:
        start = int(dice.random() * len(cis))
        for n in range(1 + start % 5):
            yield pk, change, cis[(start + n * STEP) % len(cis)]
            pk += 1
