"""A queue of decisions, as a change manager has it after a holiday."""

from django.utils import timezone

from changes.models import Authorisation, ChangeRequest, Policy

PAGE = "/changes/requests/waiting/"
WAITING = 2000


def ask() -> None:
    """Of what is still to come, and the last of it among them, so many wait for the change manager's word."""
    ahead = ChangeRequest.objects.filter(status="scheduled", source="").order_by("-pk").values_list("pk", flat=True)
    ids = list(ahead)
    some, now = ids[:: max(1, len(ids) // WAITING)][:WAITING], timezone.now()
    policy = Policy.objects.create(name="world", title="World", version=1, state=Policy.State.RETIRED, rules=[])
    ChangeRequest.objects.filter(pk__in=some).update(status="assessment")
    Authorisation.objects.bulk_create(
        Authorisation(change_id=pk, role="change_manager", policy=policy, rule="all", fingerprint="x", asked_at=now)
        for pk in some
    )


def count() -> int:
    return Authorisation.objects.filter(state="pending", role="change_manager").count()
