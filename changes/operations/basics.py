"""Keep what the basics said of changes."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from changes.basics import SERIOUS, Verdict
from changes.models import BasicsCheck, BasicsState

SAID = ["group", "verdict", "waived", "explanation"]


def keep(said: Mapping[int, Iterable[Verdict]], now: datetime) -> None:
    """What was found of each change (by id) replaces what was known; three statements, however many."""
    checks = [_row(change_id, verdict) for change_id, verdicts in said.items() for verdict in verdicts]
    states = [
        BasicsState(change_id=change_id, verdict=worst(verdicts), checked_at=now)
        for change_id, verdicts in said.items()
    ]
    BasicsState.objects.bulk_create(
        states, update_conflicts=True, unique_fields=["change"], update_fields=["verdict", "checked_at"]
    )
    known = {check.code for check in checks}
    BasicsCheck.objects.filter(change__in=said.keys()).exclude(code__in=known).delete()
    BasicsCheck.objects.bulk_create(
        checks, update_conflicts=True, unique_fields=["change", "code"], update_fields=SAID, batch_size=5000
    )


def worst(verdicts: Iterable[Verdict]) -> str:
    """The most serious word that nobody has taken upon themselves; a waived one warns."""
    words = ["warn" if verdict.waived_by and verdict.verdict != "ok" else verdict.verdict for verdict in verdicts]
    return min(words, key=SERIOUS.__getitem__, default="unknown")


def _row(change_id: int, verdict: Verdict) -> BasicsCheck:
    return BasicsCheck(
        change_id=change_id, code=verdict.code, group=verdict.group, verdict=verdict.verdict,
        waived=bool(verdict.waived_by), explanation=verdict.explanation,
    )  # fmt: skip
