"""What transition asks at the transition points of a service; read once when the program starts."""

from collections import Counter
from datetime import datetime

from django.urls import reverse

from cmdb.models import Service
from cmdb.portfolio.criteria import Finding, criterion
from transition.models import AcceptanceReview, Gap, Incident
from transition.queries.gaps import standing
from transition.queries.links import list_url

State = AcceptanceReview.State


@criterion("support_accepted", "Those who will support it have accepted it", at=("accept",))
def support_accepted(service: Service, now: datetime) -> Finding:
    """The latest review counts: what was accepted long ago says nothing of what was pushed back since."""
    review = AcceptanceReview.objects.filter(service=service).select_related("decided_by").order_by("-pk").first()
    if review is None:
        return Finding(
            False, "No acceptance review was held.", fix="Open one", url=reverse("transition:acceptance-create")
        )
    said = f"{review.number} is {review.get_state_display().lower()}"
    if review.state == State.ACCEPTED:
        return Finding(True, f"{said} by {review.decided_by or 'the program'}.")
    return Finding(
        False, f"{said}.", fix="See it", url=review.get_absolute_url(), evidence=(review.number, review.state)
    )


@criterion("no_critical_gap", "No critical gap is open", at=("accept", "go_live", "keep"))
def no_critical_gap(service: Service, now: datetime) -> Finding:
    """Critical ones bar; the others are told. A risk that somebody accepted counts until it runs out."""
    gaps = list(standing(service, now)[:1000])
    critical = [gap for gap in gaps if gap.severity == Gap.Severity.CRITICAL]
    if critical:
        numbers = tuple(gap.number for gap in critical)
        named = ", ".join(f"{gap.number} {gap.title}" for gap in critical[:3])
        more = f" and {len(critical) - 3} more" if len(critical) > 3 else ""
        return Finding(False, f"{named}{more}.", fix="See it", url=critical[0].get_absolute_url(), evidence=numbers)
    counts = Counter(gap.get_severity_display().lower() for gap in gaps)
    told = ", ".join(f"{number} {severity}" for severity, number in counts.items())
    return Finding(True, f"No critical gap stands; beside that {told}." if told else "No gap stands.")


@criterion("no_open_incident", "No incident of it is open", at=("retire",))
def no_open_incident(service: Service, now: datetime) -> Finding:
    """Counted, not named: some may be confidential."""
    keys = tuple(str(pk) for pk in Incident.objects.filter(service=service, state="open").values_list("pk", flat=True))
    if not keys:
        return Finding(True, "No incident of it is open.")
    number = f"{len(keys)} incident{'s are' if len(keys) > 1 else ' is'} open."
    url = list_url("incident-list", service=service.slug, state="open")
    return Finding(False, number, fix="See them", url=url, evidence=keys)
