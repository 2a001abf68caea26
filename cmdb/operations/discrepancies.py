"""What becomes of discrepancies: the record is updated, a change is made of them, or somebody lives with them."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from cmdb import rules
from cmdb.auditing import taking_over
from cmdb.models import Audit, Discrepancy
from itsm.kernel import events, history
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

MOST = 1000
State, Resolution, Kind = Discrepancy.State, Discrepancy.Resolution, Discrepancy.Kind

# How a change is made of discrepancies; a higher app knows, and says so here.
RAISERS: dict[str, Callable[..., Model]] = {}


class AlreadyResolved(DomainError):
    code = "already_resolved"


class AuditIsOver(DomainError):
    code = "audit_is_over"


@operation
def update_record(*, ids: Collection[int], actor: Actor, now: datetime) -> list[Discrepancy]:
    """Let the record say what was found: fields, a new CI, a CI that is lost, relations.

    Where a second person has to accept changes to a CI, they are proposed.
    """
    found = _locked(ids, actor)
    with history.because(found[0].audit):
        proposed = taking_over.take_over(found, actor)
    for edit, pks in proposed:
        _mark([each for each in found if each.pk in pks], Resolution.PROPOSED, actor, now, **_raised(edit))
    apart = {pk for _, pks in proposed for pk in pks}
    _mark([each for each in found if each.pk not in apart], Resolution.UPDATED, actor, now)
    return _told(found)


@operation
def ignore(*, ids: Collection[int], reason: str, until: date, actor: Actor, now: datetime) -> list[Discrepancy]:
    """Live with it for a reason until a day; audits until then find it ignored."""
    found = _locked(ids, actor)
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why it may stay as it is.")
    if until <= now.date():
        raise InvalidInput.at("until", "Name a day to come: until then it may stay as it is.")
    _mark(found, Resolution.IGNORED, actor, now, reason=reason.strip()[:500], ignored_until=until)
    return _told(found)


@operation
def raise_change(*, ids: Collection[int], kind: str, actor: Actor, now: datetime, **said: Any) -> list[Discrepancy]:
    """One change of all of them: `rfc` asks for what is to be done, `unauthorised` writes down what was done.

    An unexpected CI of an unauthorised change is recorded first: it is there, and the change is about it.
    """
    found = _locked(ids, actor)
    if kind not in RAISERS:
        raise InvalidInput.at("kind", f"Unknown: {kind!r}. Known: {', '.join(sorted(RAISERS))}.")
    if kind == Resolution.UNAUTHORISED:
        with history.because(found[0].audit):
            taking_over.record_unexpected(found, actor)
    change = RAISERS[kind](discrepancies=found, actor=actor, now=now, **said)
    _mark(found, Resolution(kind), actor, now, **_raised(change))
    return _told(found)


def _locked(ids: Collection[int], actor: Actor) -> list[Discrepancy]:
    """All of one audit that is open, none of them resolved yet."""
    require(rules.may_audit, actor)
    wanted = set(ids)
    if not 0 < len(wanted) <= MOST:
        raise InvalidInput.at("ids", f"Choose at least one discrepancy and at most {MOST:,}.")
    audits = list(Audit.objects.filter(discrepancies__in=wanted).distinct().order_by("pk")[:2])
    if len(audits) > 1:
        raise InvalidInput.at("ids", "These are of several audits; resolve those of one at a time.")
    for each in audits:
        audit = Audit.objects.lock(each.pk)  # nobody closes it meanwhile
        if audit.state != Audit.State.OPEN:
            raise AuditIsOver(f"{audit.number} is {audit.get_state_display().lower()}: nothing of it is resolved now.")
    rows = Discrepancy.objects.filter(pk__in=wanted).select_related("audit").order_by("pk")
    found = list(rows.select_for_update(of=("self",)))
    if missing := sorted(wanted - {each.pk for each in found}):
        raise InvalidInput.at("ids", f"There is no DIS-{missing[0]}.")
    if done := next((each for each in found if each.state == State.RESOLVED), None):
        raise AlreadyResolved(f"{done.number} is resolved already: {done.get_resolution_display().lower()}.")
    return found


def _raised(record: Any) -> dict[str, Any]:
    return {"raised": record.number, "raised_kind": record._meta.label_lower, "raised_id": record.pk}


def _mark(found: list[Discrepancy], resolution: str, actor: Actor, now: datetime, **how: Any) -> None:
    mine = Discrepancy.objects.filter(pk__in=[each.pk for each in found])
    mine.update(state=State.RESOLVED, resolution=resolution, resolved_by=actor.user, resolved_at=now, **how)
    events.record_each("cmdb.discrepancy.resolved", found, actor=actor, resolution=resolution)


def _told(found: list[Discrepancy]) -> list[Discrepancy]:
    rows = Discrepancy.objects.filter(pk__in=[each.pk for each in found])
    return list(rows.select_related("audit", "resolved_by").order_by("pk"))
