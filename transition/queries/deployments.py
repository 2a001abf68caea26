"""Deployments."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from itsm.kernel.actor import Actor
from itsm.kernel.models import LedgerEntry
from knowledge.queries.coverage import Coverage, coverage_of
from transition.models import Deployment, Evidence, Incident, Requirement, Suspect
from transition.queries.gate import PRODUCTION, live_before

SHOWN = 6
PIECE = ("kind", "name", "figures", "digest", "inconclusive")


def listed() -> QuerySet[Deployment]:
    return Deployment.objects.select_related("service__ci", "requested_by", "rolled_back_by", "change", "run").order_by(
        "-pk"
    )


def drawn() -> QuerySet[Deployment]:
    """As REST draws them, in one query: with the codes of requirements and each piece of evidence."""
    codes = Requirement.objects.filter(deployments=OuterRef("pk")).order_by("code").values("code")
    evidence = Evidence.objects.filter(deployment=OuterRef("pk")).order_by("pk")
    pieces = evidence.values(piece=JSONObject(**{name: name for name in PIECE}))
    return listed().annotate(requirement_codes=ArraySubquery(codes), pieces=ArraySubquery(pieces))


def keep_drawn(deployment: Deployment, codes: list[str], evidence: list[Evidence]) -> None:
    """The same of one that is at hand."""
    pieces = [{name: getattr(piece, name) for name in PIECE} for piece in evidence]
    deployment.requirement_codes, deployment.pieces = sorted(codes), pieces  # type: ignore[attr-defined]


def entry_of(deployment: Deployment) -> LedgerEntry | None:
    """The gate's answer in the ledger: about the change that it authorised, or about the deployment itself."""
    about = Q(subject_type="transition.deployment", subject_id=deployment.pk)
    if deployment.change_id is not None:
        about |= Q(subject_type="changes.changerequest", subject_id=deployment.change_id)
    decisions = ("authorised_by_pipeline", "refused_by_pipeline", "left_to_people")
    return LedgerEntry.objects.filter(about, decision__in=decisions).order_by("sequence").first()


def brought_by(deployment: Deployment, now: datetime) -> list[tuple[Requirement, Coverage | None]]:
    """What it brings, each with how well an article describes it; of what needs none, None. Two queries."""
    brought = list(deployment.requirements.order_by("code"))
    needing = [r.ci_id for r in brought if r.kind == Requirement.Kind.FUNCTIONAL]
    covered = coverage_of(needing, today=now.date()) if needing else {}
    return [(requirement, covered.get(requirement.ci_id)) for requirement in brought]


@dataclass(frozen=True)
class Aftermath:
    """What a deployment left behind: which version it took the place of, what followed it, and what broke."""

    was_live: bool
    before: Deployment | None
    followed_by: Deployment | None
    held_for: list[Suspect]
    incidents: list[Incident]
    more: bool

    @property
    def until(self) -> datetime | None:
        return self.followed_by.finished_at if self.followed_by else None


def aftermath_of(deployment: Deployment, actor: Actor) -> Aftermath | None:
    """None before it began; at most four queries, each by an index."""
    if deployment.started_at is None:
        return None
    done, back = deployment.finished_at, deployment.rolled_back_at
    live = deployment.state == Deployment.State.SUCCEEDED or (done is not None and back is not None and done < back)
    was_live = live and deployment.environment == PRODUCTION
    followed_by = _next(deployment) if done else None
    held_for = _held_for(deployment, actor)
    known = {suspect.incident_id for suspect in held_for}
    found = _opened_since(deployment, followed_by, actor) if deployment.environment == PRODUCTION else []
    rest = [incident for incident in found if incident.pk not in known]
    return Aftermath(
        was_live, live_before(deployment) if was_live else None, followed_by, held_for, rest[:SHOWN], len(rest) > SHOWN
    )


def _next(deployment: Deployment) -> Deployment | None:
    """The next that went live in its place."""
    later = Deployment.objects.filter(
        service=deployment.service_id, environment=deployment.environment, artifact=deployment.artifact,
        state=Deployment.State.SUCCEEDED, finished_at__gt=deployment.finished_at,
    )  # fmt: skip
    return later.order_by("finished_at", "pk").first()


def _held_for(deployment: Deployment, actor: Actor) -> list[Suspect]:
    if deployment.change_id is None:
        return []
    visible = Incident.objects.visible_to(actor)  # type: ignore[attr-defined]
    suspects = Suspect.objects.filter(change=deployment.change_id, incident__in=visible).select_related("incident")
    return list(suspects.exclude(verdict=Suspect.Verdict.DISMISSED).order_by("-score", "pk")[:SHOWN])


def _opened_since(deployment: Deployment, until: Deployment | None, actor: Actor) -> list[Incident]:
    """The service's incidents from its beginning until another version followed, the newest first."""
    visible = Incident.objects.visible_to(actor)  # type: ignore[attr-defined]
    since = visible.filter(service=deployment.service_id, opened_at__gte=deployment.started_at)
    if until is not None:
        since = since.filter(opened_at__lt=until.finished_at)
    return list(since.order_by("-opened_at", "-pk")[: 2 * SHOWN + 1])
