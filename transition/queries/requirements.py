"""Requirements and where each one stands: the facts behind the flow matrix and the transition debt."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Exists, ExpressionWrapper, Func, OuterRef, Q, QuerySet

from cmdb.models import Relation
from itsm.kernel.actor import Actor
from knowledge.models import Article
from transition.models import AcceptanceReview, DeliveryItem, Incident, Requirement


def listed() -> QuerySet[Requirement]:
    """Functional ones first, each kind by its code."""
    return Requirement.objects.select_related("plan__service", "ci", "proposal", "source_document").order_by(
        "plan_id", "kind", "code", "pk"
    )


def with_standing(requirements: QuerySet[Requirement]) -> QuerySet[Requirement]:
    """Adds `is_documented` (a published article describes it), `is_accepted` and `is_pushed_back`."""
    return requirements.annotate(
        is_documented=Exists(_articles().filter(published__isnull=False)),
        is_accepted=_reviewed(AcceptanceReview.State.ACCEPTED),
        is_pushed_back=_reviewed(AcceptanceReview.State.PUSHED_BACK),
    )


def in_debt(requirements: QuerySet[Requirement]) -> QuerySet[Requirement]:
    """Functional and live, but not yet documented or not yet accepted."""
    return (
        with_standing(requirements)
        .filter(kind=Requirement.Kind.FUNCTIONAL, status=Requirement.Status.DEPLOYED)
        .exclude(is_documented=True, is_accepted=True)  # type: ignore[misc]  # annotated by with_standing
    )


def with_incidents(requirements: QuerySet[Requirement], actor: Actor) -> QuerySet[Requirement]:
    """Adds `incident_ids`: of its own CI, and those caused by a change that deployed it, since it is live.

    Two questions put together, so that each is answered by its index; an incident may answer both.
    """
    since_live = Incident.objects.visible_to(actor).filter(opened_at__gte=OuterRef("deployed_at"))
    own = since_live.filter(ci=OuterRef("ci"))
    caused = since_live.filter(cause="change", caused_by__deployment__requirements=OuterRef("pk"))
    found = [ArraySubquery(incidents.values("pk")) for incidents in (own, caused)]
    return requirements.annotate(
        incident_ids=Func(*found, function="array_cat", output_field=ArrayField(BigIntegerField()))
    )


def _articles() -> QuerySet[Article]:
    describing = Relation.objects.filter(type=Relation.Type.DESCRIBES, target=OuterRef(OuterRef("ci")))
    return Article.objects.filter(ci__in=describing.values("source")).exclude(state=Article.State.RETIRED)


def _reviewed(state: str) -> ExpressionWrapper:
    """Whether a review ended so that names the requirement, or the package that delivers it; each by its index."""
    named = AcceptanceReview.requirements.through.objects.filter(
        requirement=OuterRef("pk"), acceptancereview__state=state
    )
    delivered = DeliveryItem.objects.filter(requirement=OuterRef("pk"), package__acceptance_reviews__state=state)
    return ExpressionWrapper(Q(Exists(named)) | Q(Exists(delivered)), output_field=BooleanField())
