"""What people do with an audit: hand in what was found, cancel, close once every discrepancy is resolved."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from cmdb import rules
from cmdb.auditing import formats
from cmdb.importing import files
from cmdb.keys import checked_source
from cmdb.models import Audit, AuditProgress, Discrepancy, ImportProfile
from cmdb.queries import selection
from itsm.kernel import events, waking
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, IllegalMove, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

AHEAD = timedelta(minutes=5)  # clocks differ
State = Audit.State


class StillOpen(DomainError):
    code = "discrepancies_open"


@operation
def hand_in(
    *,
    name: str,
    file_name: str,
    data: Iterable[bytes],
    actor: Actor,
    now: datetime,
    format: str = "csv",
    source: str = "",
    profile: ImportProfile | None = None,
    options: dict[str, Any] | None = None,
    query: str = "",
    observed_at: datetime | None = None,
    verify_matches: bool = True,
) -> Audit:
    """Keep the file that says what is there in reality; a worker compares it with the record."""
    require(rules.may_audit, actor)
    told = (profile.options if profile else {}) | (options or {})
    formats.check(format, told)
    audit = Audit.objects.create(
        name=name, source=checked_source(source or (profile.source if profile else "")), query=_filter(query),
        observed_at=_moment(observed_at or now, now), verify_matches=verify_matches, format=format, options=told,
        file_name=file_name.replace("\0", "")[-200:], requested_by=actor.user,
    )  # fmt: skip
    files.keep(audit, data)
    if not audit.file_size:
        raise InvalidInput.at("file", "The file is empty.")
    audit.save(update_fields=["digest", "file_size"])
    AuditProgress.objects.create(audit=audit)
    events.record("cmdb.audit.requested", audit, actor=actor, source=audit.source)
    waking.after_commit(ring)
    return audit


def _moment(seen_at: datetime, now: datetime) -> datetime:
    if seen_at.tzinfo is None or seen_at > now + AHEAD:
        raise InvalidInput.at("observed_at", "Say when it was seen, with the time zone; not in the future.")
    return seen_at


def _filter(query: str) -> str:
    asked = selection.tidy(query)
    selection.of_query(asked)
    return asked


def ring() -> None:
    from cmdb.jobs import work_through_audits

    waking.wake(work_through_audits)


@operation
def cancel(*, audit_id: int, actor: Actor, now: datetime) -> Audit:
    """At once, unless a worker is comparing: it notices within two seconds. What was resolved stays so."""
    audit = Audit.objects.lock(audit_id, no_key=True)
    require(rules.may_audit, actor, audit)
    if not Audit.LIFECYCLE.allows(audit, State.CANCELLED):
        raise IllegalMove(Audit.LIFECYCLE.refusal(audit, State.CANCELLED))
    if audit.state == State.COMPARING:
        AuditProgress.objects.filter(audit=audit).update(cancel_asked=True)
        waking.after_commit(ring)
        return audit
    return put_away(audit, actor=actor, now=now)


@operation
def put_away(audit: Audit, *, actor: Actor, now: datetime) -> Audit:
    """Of an audit that is locked, for an operation that has asked whether it may be."""
    Audit.LIFECYCLE.move(audit, to=State.CANCELLED)
    audit.finished_at = audit.finished_at or now
    audit.save(update_fields=["state", "finished_at"])
    audit.chunks.all().delete()
    events.record("cmdb.audit.cancelled", audit, actor=actor)
    return audit


@operation
def close(*, audit_id: int, actor: Actor) -> Audit:
    """Once every discrepancy is resolved; those that a change explains may be left to it."""
    audit = Audit.objects.lock(audit_id)
    require(rules.may_audit, actor, audit)
    if audit.state == State.COMPARING:  # a worker closes it if it finds nothing
        raise IllegalMove(f"{audit.number} is still being compared.")
    Audit.LIFECYCLE.move(audit, to=State.CLOSED)
    left = Discrepancy.objects.filter(audit=audit, state=Discrepancy.State.OPEN).count()
    if left:
        are = "discrepancy is" if left == 1 else "discrepancies are"
        raise StillOpen(f"{left:,} {are} open in {audit.number}. Resolve each, or ignore it for a time.")
    audit.save(update_fields=["state"])
    events.record("cmdb.audit.closed", audit, actor=actor)
    return audit
