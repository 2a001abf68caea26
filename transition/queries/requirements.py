"""Requirements and where each one stands: the facts behind the flow matrix and the transition debt."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from cmdb.models import Relation
from itsm.kernel.actor import Actor
from knowledge.models import Article
from transition.models import AcceptanceReview, Incident, Requirement


def listed() -> QuerySet[Requirement]:
    """Functional ones first, each kind by its code."""
    return Requirement.objects.select_related("plan__service", "ci", "proposal", "source_document").order_by(
        "plan_id", "kind", "code", "pk"
    )


def with_standing(requirements: QuerySet[Requirement]) -> QuerySet[Requirement]:
    """Adds `is_documented` (a published article describes it), `accepted_at` and `is_pushed_back`."""
    accepted = _reviews().filter(state=AcceptanceReview.State.ACCEPTED)
    return requirements.annotate(
        is_documented=Exists(_articles().filter(published__isnull=False)),
        is_accepted=Exists(accepted),
        accepted_at=Subquery(accepted.order_by("decided_at", "pk").values("decided_at")[:1]),
        is_pushed_back=Exists(_reviews().filter(state=AcceptanceReview.State.PUSHED_BACK)),
    )


def in_debt(requirements: QuerySet[Requirement]) -> QuerySet[Requirement]:
    """Functional and live, but not yet documented or not yet accepted."""
    return (
        with_standing(requirements)
        .filter(kind=Requirement.Kind.FUNCTIONAL, status=Requirement.Status.DEPLOYED)
        .exclude(is_documented=True, is_accepted=True)  # type: ignore[misc]  # annotated by with_standing
    )


def with_incidents(requirements: QuerySet[Requirement], actor: Actor) -> QuerySet[Requirement]:
    """Adds `incident_ids`: of its own CI, and those caused by a change that deployed it, since it is live."""
    of_it = Q(ci=OuterRef("ci")) | Q(cause="change", caused_by__deployment__requirements=OuterRef("pk"))
    incidents = Incident.objects.visible_to(actor).filter(of_it, opened_at__gte=OuterRef("deployed_at"))
    return requirements.annotate(incident_ids=ArraySubquery(incidents.order_by("pk").values("pk").distinct()))


def _articles() -> QuerySet[Article]:
    describing = Relation.objects.filter(type=Relation.Type.DESCRIBES, target=OuterRef(OuterRef("ci")))
    return Article.objects.filter(ci__in=describing.values("source")).exclude(state=Article.State.RETIRED)


def _reviews() -> QuerySet[AcceptanceReview]:
    """Reviews that name the requirement, or the package that delivers it."""
    of_it = Q(requirements=OuterRef("pk")) | Q(package__items__requirement=OuterRef("pk"))
    return AcceptanceReview.objects.filter(of_it)
