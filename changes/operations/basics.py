"""Keep what the basics said of changes, and compute it again when something moved that it depends on."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from changes.basics import SERIOUS, Said, Verdict
from changes.fingerprint import fingerprint_of
from changes.models import BasicsCheck, BasicsState, ChangeRequest, KeptReach
from changes.queries import requests
from changes.queries.basics import Examination, examine
from itsm.kernel import events
from itsm.kernel.actor import Actor

AT_ONCE = 50
SAID = ["group", "verdict", "waived", "explanation"]


def keep(said: Mapping[int, Iterable[Verdict]], now: datetime) -> None:
    """What was found of each change (by id) replaces what was known; three statements, however many."""
    checks = [
        _row(change_id, verdict, one)
        for change_id, verdicts in said.items()
        for verdict in verdicts
        for one in verdict.checks
    ]
    states = [
        BasicsState(change_id=change_id, verdict=worst(verdicts), checked_at=now)
        for change_id, verdicts in said.items()
    ]
    BasicsState.objects.bulk_create(
        states, update_conflicts=True, unique_fields=["change"], update_fields=["verdict", "checked_at", "stale_since"]
    )
    known = {check.code for check in checks}
    BasicsCheck.objects.filter(change__in=said.keys()).exclude(code__in=known).delete()
    BasicsCheck.objects.bulk_create(
        checks, update_conflicts=True, unique_fields=["change", "code"], update_fields=SAID, batch_size=5000
    )


def _keep_reach(found: Mapping[int, Examination], now: datetime) -> None:
    """Of those that reach very many, so that no page has to look for it."""
    KeptReach.objects.filter(change__in=[pk for pk, one in found.items() if not one.around.is_vast]).delete()
    kept = [
        KeptReach(change_id=pk, touched=[ci.pk for ci in one.touched], found=one.around.as_dict(), found_at=now)
        for pk, one in found.items()
        if one.around.is_vast
    ]
    KeptReach.objects.bulk_create(
        kept, update_conflicts=True, unique_fields=["change"], update_fields=["touched", "found", "found_at"]
    )


def worst(verdicts: Iterable[Verdict]) -> str:
    """The most serious word that nobody has taken upon themselves; a waived one warns."""
    words = ["warn" if verdict.waived_by and verdict.verdict != "ok" else verdict.verdict for verdict in verdicts]
    return min(words, key=SERIOUS.__getitem__, default="unknown")


def _row(change_id: int, group: Verdict, one: Said) -> BasicsCheck:
    return BasicsCheck(
        change_id=change_id, code=one.code, group=group.code, verdict=one.verdict,
        waived=bool(group.waived_by) and one.verdict != "ok", explanation=one.explanation,
    )  # fmt: skip


def mark(changes: QuerySet[ChangeRequest], now: datetime) -> int:
    """Say of these changes that their basics must be computed again; again and again is once. Two statements."""
    states = [BasicsState(change_id=pk, stale_since=now) for pk in changes.order_by().values_list("pk", flat=True)]
    BasicsState.objects.bulk_create(
        states, update_conflicts=True, unique_fields=["change"], update_fields=["stale_since"], batch_size=5000
    )
    return len(states)


def recheck(now: datetime, actor: Actor, most: int = AT_ONCE) -> int:
    """Examine those that have waited longest; two workers take different ones, and a second delivery finds none.

    What moves while they are examined marks them again after this transaction. What is newly in the way of a change
    that did not move itself is news to its people.
    """
    with transaction.atomic():
        waiting = BasicsState.objects.filter(stale_since__isnull=False).order_by("stale_since", "pk")
        claimed = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
        planned = list(requests.in_full().filter(pk__in=claimed, status__in=ChangeRequest.PLANNABLE))
        found = {change.pk: examine(change, now) for change in planned}
        said = {pk: one.verdicts for pk, one in found.items()}
        keep(said, now)
        _keep_reach(found, now)
        for change in planned:
            _take_note(change, said[change.pk], actor)
        BasicsState.objects.filter(pk__in=claimed, stale_since__isnull=False).update(stale_since=None)
    return len(claimed)


def _take_note(change: ChangeRequest, said: Iterable[Verdict], actor: Actor) -> None:
    """Keep what bars the change; record what is new there while its own plan is as it was when it was examined last."""
    barring = {key: text for verdict in said for one in verdict.wrong if one.verdict == "block"
               for key, text in one.about.items()}  # fmt: skip
    state = BasicsState.objects.get(change=change)
    seen, before = fingerprint_of(change, people=True), set(state.barred_by)
    news = {key: text for key, text in barring.items() if key not in before}
    if news and state.seen == seen and change.status in ChangeRequest.IN_CALENDAR:
        events.record(
            "changes.change_request.collided", change, actor=actor, with_what=sorted(news), what=sorted(news.values())
        )
    if state.seen != seen or before != set(barring):
        state.seen, state.barred_by = seen, sorted(barring)
        state.save(update_fields=["seen", "barred_by"])
