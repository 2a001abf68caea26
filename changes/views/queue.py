"""The queue of changes that wait for the reader's decision: where one stands in it, and what comes next."""

from dataclasses import dataclass

from django.urls import reverse

from changes.models import ChangeRequest
from changes.queries import authorisations
from itsm.kernel.middleware import Request


@dataclass(frozen=True)
class Queue:
    """The changes that wait, oldest first, seen from one of them (or from one just decided)."""

    label: str
    position: int | None
    total: int
    next: str
    previous: str


def queue_of(request: Request, change: ChangeRequest) -> Queue | None:
    """The queue, when the reader is working it off."""
    if "queue" not in request.GET:
        return None
    waiting = authorisations.changes_waiting_for(request.actor)
    at = waiting.index(change.pk) if change.pk in waiting else -1
    following = waiting[at + 1] if at + 1 < len(waiting) else None
    before = waiting[at - 1] if at > 0 else None
    return Queue("waiting for me", at + 1 or None, len(waiting), _url(following), _url(before))


def _url(change_id: int | None) -> str:
    if change_id is None:
        return ""
    return reverse("changes:request-detail", args=[f"{ChangeRequest.PREFIX}-{change_id}"]) + "?queue=1"


def after(change: ChangeRequest, queue: Queue | None) -> str:
    """Where a decision leads: the next in the queue, the list when it is done, else the change itself."""
    if queue is None:
        return change.get_absolute_url()
    return queue.next or queue.previous or reverse("changes:request-waiting")
