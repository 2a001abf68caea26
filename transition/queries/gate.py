"""What the gate knows of a service when somebody asks to deploy."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from changes.policy import Looked
from changes.queries import freezes
from cmdb.models import Service
from transition.models import DeliveryStream, Deployment, Gap
from transition.queries.gaps import standing

ALWAYS = "in every case"
PRODUCTION = "production"
A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Standing:
    """How the service stands at a moment: its code stream, what freezes it, which critical gaps are open."""

    service: Service
    environment: str
    stream: DeliveryStream | None
    freezes: list[str]
    critical_gaps: list[str]

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


def standing_of(service: Service, environment: str, now: datetime) -> Standing:
    """Four queries."""
    barring = [f"{f.display} until {f.window.upper:%Y-%m-%d %H:%M} UTC"
               for f in freezes.touching(now, now + A_MOMENT, [service.pk])]  # fmt: skip
    gaps = [gap.display for gap in standing(service, now).filter(severity=Gap.Severity.CRITICAL)[:5]]
    return Standing(service, environment, code_stream(service), barring, gaps)


def code_stream(service: Service) -> DeliveryStream | None:
    """The stream that delivers the service's code: an active one first, then by number."""
    streams = DeliveryStream.objects.filter(
        plan__service=service, kind=DeliveryStream.Kind.CODE, change_model__isnull=False
    ).exclude(state=DeliveryStream.State.ENDED)
    return streams.select_related("change_model", "plan").order_by("state", "ordinal").first()


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
