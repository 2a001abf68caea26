"""Plans, their packages and what is in them."""

from django.db.models import Count, F, Min, Q, QuerySet

from transition.models import DeliveryItem, NonFunctionalTarget, ReleasePackage, TransitionPlan


def listed() -> QuerySet[TransitionPlan]:
    return (
        TransitionPlan.objects.select_related("service__ci", "service__owner")
        .annotate(
            requirement_count=Count("requirements", distinct=True),
            package_count=Count("packages", distinct=True),
            stream_count=Count("streams", distinct=True),
        )
        .order_by("service__name", "pk")
    )


def packages() -> QuerySet[ReleasePackage]:
    """By target date, each with how many of its items are done."""
    wanted = ~Q(items__state=DeliveryItem.State.DROPPED)
    return (
        ReleasePackage.objects.select_related("plan__service", "sliced_from")
        .annotate(
            item_count=Count("items", filter=wanted),
            done_count=Count("items", filter=Q(items__state=DeliveryItem.State.DONE)),
            first_offset=Min("items__offset_days", filter=wanted),
        )
        .order_by("target_date", "plan_id", "ordinal", "pk")
    )


def items() -> QuerySet[DeliveryItem]:
    """In the order in which they fall due."""
    return DeliveryItem.objects.select_related(
        "package__plan__service", "stream__plan__service", "requirement", "ci", "article", "done_in"
    ).order_by("package_id", "stream_id", "offset_days", "kind", "pk")


def targets() -> QuerySet[NonFunctionalTarget]:
    return NonFunctionalTarget.objects.select_related("requirement", "package__plan__service").annotate(
        code=F("requirement__code")
    ).order_by("package_id", "code", "pk")  # fmt: skip
