"""What the gate knows of a service when somebody asks to deploy."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from changes.models import ChangeModel, Policy
from changes.policy import Looked
from changes.queries.freezes import ITS_CLASSES
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.rows import columns, made, read
from transition.models import DeliveryStream, Deployment, Devolution, TransitionPlan

ALWAYS = "in every case"
PRODUCTION = "production"
# The stream that delivers the code: an active one first, then by number. A risk counts until it is no longer carried.
STANDING = f"""
    SELECT {columns(DeliveryStream, "stream")}, {columns(TransitionPlan, "plan")}, {columns(ChangeModel, "model")},
        {columns(Policy, "policy")}, {columns(Devolution, "devolution")},
        ARRAY(
            SELECT name || to_char(upper("window") AT TIME ZONE 'UTC', ' "until" YYYY-MM-DD HH24:MI "UTC"')
            FROM changes_freeze AS one
            WHERE "window" && tstzrange(%(now)s, %(now)s + interval '1 minute') AND (everywhere OR EXISTS (
                SELECT FROM changes_freeze_services AS barred
                WHERE barred.freeze_id = one.id AND barred.service_id = asked.id)
                OR %(environment)s = ANY (one.environments)
                OR EXISTS (SELECT FROM cmdb_service AS own JOIN cmdb_configurationitem AS ci ON ci.id = own.ci_id
                    WHERE own.id = asked.id AND (ci.ci_class_id IN ({ITS_CLASSES}) OR ci.id IN (
                        SELECT configurationitem_id FROM changes_freeze_cis WHERE freeze_id = one.id))))
            ORDER BY "window", id
        ),
        ARRAY(
            SELECT ARRAY['GAP-' || id || ' ' || title, severity] FROM transition_gap AS gap
            WHERE service_id = asked.id AND (state = 'open' OR (state = 'risk_accepted' AND NOT EXISTS (
                SELECT FROM transition_riskacceptance WHERE gap_id = gap.id AND until > %(now)s)))
            ORDER BY severity, id DESC LIMIT 20
        ),
        ARRAY(
            SELECT 'INC-' || id FROM transition_incident WHERE service_id = asked.id AND state = 'open' AND priority = 1
            ORDER BY opened_at DESC LIMIT 20
        )
    FROM (SELECT %(service)s::bigint AS id) AS asked
    LEFT JOIN LATERAL (
        SELECT stream.* FROM transition_deliverystream AS stream
        JOIN transition_transitionplan AS plan ON plan.id = stream.plan_id
        WHERE plan.service_id = asked.id AND stream.kind = 'code' AND change_model_id IS NOT NULL AND state <> 'ended'
        ORDER BY state, ordinal LIMIT 1
    ) AS stream ON true
    LEFT JOIN transition_transitionplan AS plan ON plan.id = stream.plan_id
    LEFT JOIN changes_changemodel AS model ON model.id = stream.change_model_id
    LEFT JOIN changes_policy AS policy ON policy.state = 'in_force'
        AND policy.name = coalesce(nullif(plan.policy_name, ''), model.policy_name)
    LEFT JOIN transition_devolution AS devolution ON devolution.state = 'granted' AND stream_id = stream.id
        AND devolution.change_model_id = model.id AND criticality = %(criticality)s
"""  # noqa: S608 - names of our own tables

SERVICE = f"""
    SELECT {columns(Service, "service")}, {columns(ConfigurationItem, "ci")}
    FROM cmdb_service AS service JOIN cmdb_configurationitem AS ci ON ci.id = ci_id
    WHERE CASE WHEN %(id)s::bigint IS NULL THEN slug = %(slug)s ELSE service.id = %(id)s END
"""  # noqa: S608 - names of our own tables


@dataclass(frozen=True)
class Standing:
    """How the service stands at a moment: its code stream, what rules it, what freezes it, which gaps stand."""

    service: Service
    environment: str
    stream: DeliveryStream | None
    policy: Policy | None
    devolution: Devolution | None
    freezes: list[str]
    gaps: list[str]
    critical_gaps: list[str]
    major_incidents: list[str]

    @property
    def looked(self) -> list[Looked]:
        """What bars production whatever the policy says, so that no policy can forget it."""
        paused = self.stream is not None and self.stream.state != DeliveryStream.State.ACTIVE
        state = self.stream.get_state_display().lower() if self.stream else "none"
        found = [_look("the code stream is active", f"{self.stream} is {state}", paused, "Resume the stream.")]
        if self.environment != PRODUCTION:
            return found
        return [
            *found,
            _look(
                "no freeze bars it now",
                ", ".join(self.freezes) or "none",
                bool(self.freezes),
                "Wait for its end, or have an exception made.",
            ),
            _look(
                "no critical gap stands",
                ", ".join(self.critical_gaps) or "none",
                bool(self.critical_gaps),
                "Close the gap, or have its risk accepted.",
            ),
        ]

    @property
    def bars(self) -> list[Looked]:
        return [look for look in self.looked if look.verdict != "ok"]


def _look(asked: str, found: str, barred: bool, fix: str) -> Looked:
    return Looked(ALWAYS, asked, found, "block", "block", fix) if barred else Looked(ALWAYS, asked, found, "ok")


def service_named(name: str | int) -> Service | None:
    """By id, number or slug, with its CI."""
    found = read([Service, ConfigurationItem], SERVICE, {"id": Service.objects.said(name), "slug": str(name)})
    if not found:
        return None
    service, service.ci = found[0]
    return service  # type: ignore[no-any-return]


def standing_of(service: Service, environment: str, now: datetime) -> Standing:
    """One statement, however much there is to know."""
    with connection.cursor() as cursor:
        cursor.execute(
            STANDING,
            {"now": now, "service": service.pk, "environment": environment, "criticality": service.ci.criticality},
        )
        row = iter(cursor.fetchone())
    stream, plan, model, policy, devolution = (
        made(kind, row) for kind in (DeliveryStream, TransitionPlan, ChangeModel, Policy, Devolution)
    )
    if stream is not None:
        plan.service, stream.plan, stream.change_model = service, plan, model
    barring, gaps, incidents = row
    critical = [gap for gap, severity in gaps if severity == "critical"]
    known = [gap for gap, _ in gaps]
    return Standing(service, environment, stream, policy, devolution, barring, known, critical, incidents)


def live_before(deployment: Deployment) -> Deployment | None:
    """What was live there before this deployment, as far as deployments say."""
    return (
        Deployment.objects.filter(
            service=deployment.service_id, environment=deployment.environment, artifact=deployment.artifact,
            state=Deployment.State.SUCCEEDED, finished_at__lt=deployment.finished_at,
        )
        .order_by("-finished_at", "-pk")
        .first()
    )  # fmt: skip
