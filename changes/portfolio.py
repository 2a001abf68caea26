"""What changes ask at the transition points of a service; read once when the program starts."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from changes.models import ChangeRequest
from changes.queries import freezes
from cmdb.models import Service
from cmdb.portfolio.criteria import Finding, criterion

NAMED = 5
MOMENT = timedelta(minutes=1)
# A draft binds nobody; what is in review has been done.
UNDER_WAY = (
    ChangeRequest.Status.ASSESSMENT, ChangeRequest.Status.BUILDING, ChangeRequest.Status.SCHEDULED,
    ChangeRequest.Status.IMPLEMENTING,
)  # fmt: skip


@criterion("no_freeze", "No freeze is on", at=("go_live",))
def no_freeze(service: Service, now: datetime) -> Finding:
    freeze = freezes.touching(now, now + MOMENT, [service.pk]).first()
    if freeze is None:
        return Finding(True, "No freeze holds for it now.")
    until = timezone.localtime(freeze.window.upper)
    return Finding(
        False, f"{freeze.name} bars changes until {until:%a %d %b %H:%M}.", fix="See it", url=freeze.get_absolute_url(),
        evidence=(freeze.number,),
    )  # fmt: skip


@criterion("no_open_change", "No change of it is under way", at=("retire",))
def no_open_change(service: Service, now: datetime) -> Finding:
    """Their numbers alone: some may be confidential."""
    found = ChangeRequest.objects.filter(services=service, status__in=UNDER_WAY).order_by("pk")
    numbers = tuple(ChangeRequest(pk=pk).number for pk in found.values_list("pk", flat=True)[:1000])
    if not numbers:
        return Finding(True, "No change of it is under way.")
    named = ", ".join(numbers[:NAMED]) + (f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else "")
    return Finding(
        False, f"Under way: {named}.", fix="See them", url=f"{reverse('changes:request-list')}?services={service.slug}",
        evidence=numbers,
    )  # fmt: skip
