"""The pack of a meeting: since last time, today, and what is to be decided; every line leads to its record."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from changes.models import ChangeRequest
from cmdb.models import Service
from itsm.kernel.actor import Actor
from transition.models import Deployment, Improvement, Incident, StreamPeriod
from transition.queries.debt import debt_of, missing
from transition.queries.gaps import standing

MOST = 20
READER = Actor.nobody()  # whoever opens a pack: it holds nothing confidential
AHEAD = timedelta(hours=24)
Line = dict[str, str]
DEPLOYED = {"succeeded": "ok", "failed": "block", "rolled_back": "warn", "refused": "block", "lapsed": "warn"}
ENDED = {"successful": "ok", "with_issues": "warn", "backed_out": "warn", "failed": "block"}
SEVERITIES = {"critical": "block", "major": "warn"}


def pack_of(service: Service, since: datetime, now: datetime) -> dict[str, Any]:
    """{"since", "until", "sections": [{"title", "lines": [{"kind", "word", "text", "link"}]}]}, to be stored."""
    return {
        "since": since.isoformat(),
        "until": now.isoformat(),
        "sections": [
            {"title": "Since last time", "lines": list(_since(service, since, now))},
            {"title": "Today", "lines": list(_today(service, now))},
            {"title": "To decide", "lines": list(_decide(service, now))},
        ],
    }


def _line(kind: str, word: str, text: str, record: Any) -> Line:
    return {"kind": kind, "word": word.lower(), "text": text, "link": record.get_absolute_url()}


def _between(field: str, since: datetime, until: datetime) -> Q:
    return Q(**{f"{field}__gt": since, f"{field}__lte": until})


def _public(service: Service) -> QuerySet[Incident]:
    """A pack is stored and read by everybody: nothing confidential goes in."""
    return Incident.objects.filter(service=service, confidential=False)


def _since(service: Service, since: datetime, now: datetime) -> Iterable[Line]:
    deployments = Deployment.objects.filter(service=service)
    happened = _between("requested_at", since, now) | _between("finished_at", since, now)
    for d in deployments.filter(happened).order_by("pk")[:MOST]:
        yield _line(DEPLOYED.get(d.state, "open"), d.get_state_display(), f"{d.number} {d.artifact} {d.version}", d)
    changes = ChangeRequest.objects.filter(_between("finished_at", since, now), services=service, confidential=False)
    for c in changes.filter(deployment__isnull=True).order_by("finished_at", "pk")[:MOST]:
        yield _line(ENDED.get(c.outcome, "none"), c.get_outcome_display() or "ended", c.display, c)
    opened = _public(service).filter(_between("opened_at", since, now))
    for i in opened.order_by("priority", "pk")[:MOST]:
        early = ", in early life" if i.heightened else ""
        yield _line("block" if i.state == "open" else "none", "opened", f"{i.display}, priority {i.priority}{early}", i)
    for i in _public(service).filter(_between("resolved_at", since, now)).order_by("pk")[:MOST]:
        yield _line("ok", "resolved", f"{i.display}: {i.get_cause_display().lower()}", i)
    periods = StreamPeriod.objects.filter(
        _between("span__endswith", since, now), stream__plan__service=service, state__in=["missed", "excess"]
    )
    for p in periods.select_related("stream").annotate(done=Count("runs")).order_by("pk")[:MOST]:
        yield _line("block" if p.state == "missed" else "warn", p.get_state_display(), f"{p.display}: {_runs(p)}", p)


def _runs(period: Any) -> str:
    wanted = period.expected_min if period.expected_max is None else f"{period.expected_min}–{period.expected_max}"
    return f"{period.done} of {wanted} runs"


def _today(service: Service, now: datetime) -> Iterable[Line]:
    changes = ChangeRequest.objects.filter(
        services=service, confidential=False, status__in=ChangeRequest.IN_CALENDAR, window__startswith__lt=now + AHEAD,
        window__endswith__gt=now,
    )  # fmt: skip
    for c in changes.order_by("window", "pk")[:MOST]:
        yield _line("open", c.get_status_display(), c.display, c)
    due = StreamPeriod.objects.filter(
        stream__plan__service=service, state="open", span__endswith__gt=now, span__endswith__lte=now + AHEAD
    )
    for p in due.select_related("stream").annotate(done=Count("runs")).order_by("stream__ordinal", "pk")[:MOST]:
        lacks = p.done < p.expected_min
        yield _line("warn" if lacks else "ok", "due" if lacks else "met", f"{p.display}: {_runs(p)}", p)


def _decide(service: Service, now: datetime) -> Iterable[Line]:
    for gap in standing(service, now)[:MOST]:
        due = f", due {gap.due:%-d %b}" if gap.due else ""
        yield _line(SEVERITIES.get(gap.severity, "none"), gap.get_severity_display(), f"{gap.display}{due}", gap)
    undecided = _public(service).filter(cause=Incident.Cause.UNDECIDED, suspects__isnull=False).distinct()
    for i in undecided.order_by("pk")[:MOST]:
        yield _line("unknown", "cause unknown", f"Which change caused {i.display}?", i)
    for row in debt_of(service, actor=READER, now=now).rows[:MOST]:
        late = f", {row.late_days} d past its target" if row.late_days else ""
        text = f"{row.requirement.display} is live, not yet {' and '.join(missing(row))}{late}"
        yield _line("block" if late else "warn", "late" if late else "owed", text, row.requirement)
    asked = Improvement.objects.filter(service=service)
    for done in asked.filter(state=Improvement.State.CHECKING, check_on__lte=now.date()).order_by("pk")[:MOST]:
        yield _line("open", "check", f"Did {done.display} work?", done)
    for wish in asked.filter(state=Improvement.State.LOGGED).order_by("pk")[:MOST]:
        yield _line("none", "proposed", wish.display, wish)
