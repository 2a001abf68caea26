"""Early life: incidents and the changes suspected of them, meetings whose packs wrote themselves, what got better."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial

from itsm.kernel.actor import Actor
from itsm.portal.demo.history import FRI, MON, THU, TUE, WED, WEEKS, Deed
from itsm.portal.demo.stage import Stage
from transition.models import Incident
from transition.operations import improvements, incidents, meetings, unexpected

CORRELATION = Actor.system("correlation")
PACKS = Actor.system("meeting packs")
BEFORE_MEETING = timedelta(minutes=25)


def agree(stage: Stage) -> None:
    for kind, clock in stage.script["meetings"].items():
        meetings.agree(
            service=stage.shop,
            kind=kind,
            at=time.fromisoformat(clock),
            time_zone=stage.zone,
            actor=stage.act("csi.manager"),
        )


def deeds(stage: Stage) -> Iterator[Deed]:
    yield stage.weekday(2, MON, "11:20"), partial(_not_a_change, stage)
    yield stage.weekday(2, THU, "23:30"), partial(_caused_by_the_failed_change, stage)
    yield stage.weekday(2, FRI, "08:10"), partial(_improve, stage)
    yield stage.now - timedelta(hours=3), partial(_report, stage, "search")
    for weeks_ago in range(WEEKS, -1, -1):
        for weekday in (MON, TUE, WED, THU, FRI):
            for clock in stage.script["meetings"].values():
                yield stage.weekday(weeks_ago, weekday, clock) - BEFORE_MEETING, _write_pack


def _write_pack(now: datetime) -> None:
    meetings.write_due(actor=PACKS, now=now)


def _report(stage: Stage, name: str, opened_at: datetime) -> Incident:
    said = stage.script["incidents"][name]
    incident = incidents.report(
        title=said["title"],
        text=said["text"],
        service=stage.services[said["service"]] if said["service"] else None,
        ci=stage.cis[said["ci"]],
        priority=said["priority"],
        opened_at=opened_at,
        actor=stage.act("support.lead"),
    )
    incidents.rank(incident_id=incident.pk, actor=CORRELATION)
    return incident


def _not_a_change(stage: Stage, now: datetime) -> None:
    incident = _report(stage, "provider", now)
    incidents.dismiss_cause(incident_id=incident.pk, actor=stage.act("support.lead"))
    incidents.resolve(incident_id=incident.pk, actor=stage.act("support.lead"), now=now + timedelta(minutes=95))


def _caused_by_the_failed_change(stage: Stage, now: datetime) -> None:
    """Opened while the change was under way, decided and resolved the same night."""
    incident = _report(stage, "backup", now - timedelta(minutes=49))
    incidents.confirm_cause(incident_id=incident.pk, change=stage.failed, actor=stage.act("change.manager"))
    incidents.resolve(incident_id=incident.pk, actor=stage.act("m.okafor"), now=now)
    stage.caused = incident
    _hit_where_nobody_looked(stage, now)


def _hit_where_nobody_looked(stage: Stage, now: datetime) -> None:
    """The same change slowed a CI that no relation leads to: one seems to be missing."""
    incident = _report(stage, "catalogue", now - timedelta(minutes=30))
    incidents.confirm_cause(incident_id=incident.pk, change=stage.failed, actor=stage.act("support.lead"))
    unexpected.propose_missing(incident_id=incident.pk, actor=CORRELATION)
    incidents.resolve(incident_id=incident.pk, actor=stage.act("m.okafor"), now=now)


def _improve(stage: Stage, now: datetime) -> None:
    """Logged before the sunrise after that night, done, and to be measured again in a few days."""
    manager = stage.act("csi.manager")
    improvement = improvements.log(
        **stage.script["improvement"],
        service=stage.shop,
        incident=stage.caused,
        owner=stage.people["r.adeyemi"],
        measure=f"incidents_by_change:{stage.shop.number}",
        baseline=Decimal(1),
        target=Decimal(0),
        actor=manager,
    )
    improvements.approve(improvement_id=improvement.pk, actor=manager)
    improvements.start(improvement_id=improvement.pk, actor=manager)
    improvements.finish(improvement_id=improvement.pk, actor=manager, check_on=stage.at(9).date())
