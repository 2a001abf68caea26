"""Acceptance reviews, and how far their criteria are answered."""

from dataclasses import dataclass

from django.db.models import QuerySet

from transition.models import AcceptanceCriterion, AcceptanceReview, CriterionResult


@dataclass(frozen=True)
class Asked:
    """A criterion that concerns the review's service, and its answer if there is one."""

    criterion: AcceptanceCriterion
    result: CriterionResult | None

    @property
    def bars(self) -> bool:
        """What nobody has answered is unknown, never in order."""
        return self.result is None or self.result.result == CriterionResult.Result.NOT_MET


def reviews() -> QuerySet[AcceptanceReview]:
    return AcceptanceReview.objects.select_related(
        "service__owner", "service__ci", "package", "stream", "decided_by"
    ).order_by("-pk")


def criteria() -> QuerySet[AcceptanceCriterion]:
    return AcceptanceCriterion.objects.order_by("code")


def asked_of(review: AcceptanceReview) -> list[Asked]:
    """The criteria for every service and those for this delivery model, each with its answer; two queries."""
    answers = {
        result.criterion_id: result
        for result in CriterionResult.objects.filter(review=review).select_related("answered_by")
    }
    concerned = criteria().filter(delivery_model__in=["", review.service.delivery_model])
    return [Asked(criterion, answers.get(criterion.pk)) for criterion in concerned]
