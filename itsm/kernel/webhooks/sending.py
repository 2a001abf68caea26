"""Messages on their way: each endpoint's in turn, by one worker at a time, again on Standard Webhooks' schedule.

An attempt is counted before it is made, and no transaction is open while the other side thinks: a worker that
dies on the way has sent the message perhaps, and it is sent again with the same id.
"""

import random
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from itsm.kernel.actor import Actor
from itsm.kernel.locks import alone
from itsm.kernel.models import User, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookHealth
from itsm.kernel.notifications import WEBHOOK, tell
from itsm.kernel.sealing import Sealed
from itsm.kernel.webhooks import call, messages, operations, signing

# After the first attempt, at once, the waits before each further one: 75 hours in all.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
MOST_ATTEMPTS = len(WAITS) + 1
JITTER = 0.1
# With answers like these, or none, the others that wait for the endpoint would fare no better now.
BUSY = frozenset({None, 429, 502, 503, 504})
LONGEST_PAUSE = timedelta(minutes=1)
FAILING_FOR = timedelta(days=3)
TURN_SECONDS = 15.0
KEPT = timedelta(days=30)
SENDER = "Slipway-Webhooks/1"


def due() -> QuerySet[WebhookDelivery]:
    now = timezone.now()
    return WebhookDelivery.objects.filter(
        WebhookDelivery.OPEN,
        Q(endpoint__health__paused_until__isnull=True) | Q(endpoint__health__paused_until__lte=now),
        due_at__lte=now,
        attempts__lt=MOST_ATTEMPTS,
        endpoint__in=WebhookEndpoint.objects.active(),
    )


def waiting_endpoints() -> list[int]:
    return sorted(due().order_by().values_list("endpoint_id", flat=True).distinct())


def send_due(endpoint_id: int) -> int:
    """Send what is due to the endpoint, unless a worker is at it already. Answers how many were tried."""
    tried, until = 0, time.monotonic() + TURN_SECONDS
    with alone(f"webhook {endpoint_id}") as mine:
        while mine and time.monotonic() < until and (delivery := _claim(endpoint_id)):
            tried += 1
            _attempt(delivery)
    return tried


@transaction.atomic
def _claim(endpoint_id: int) -> WebhookDelivery | None:
    waiting = due().filter(endpoint=endpoint_id).select_related("endpoint__owner", "event")
    delivery = waiting.select_for_update(of=("self",), skip_locked=True).order_by("due_at", "pk").first()
    if delivery is not None:
        delivery.attempts += 1
        delivery.due_at = timezone.now() + wait_after(delivery.attempts)
        delivery.save(update_fields=["attempts", "due_at"])
    return delivery


def wait_after(attempts: int) -> timedelta:
    """The wait after so many attempts, a little longer by chance, lest all come back at once."""
    return WAITS[min(attempts, len(WAITS)) - 1] * (1 + JITTER * random.random())


def _attempt(delivery: WebhookDelivery) -> None:
    if delivery.event is not None and not messages.may_know(delivery.endpoint, delivery.event):
        _park(delivery, "Its owner may no longer see what this is about.")
        return
    now = timezone.now()
    try:
        keys = signing.secrets_of(delivery.endpoint, now)
    except Sealed:
        _park(delivery, "The endpoint's secret cannot be read since SECRET_KEY was changed. Rotate it, and send again.")
        return
    headers = {"Content-Type": delivery.content_type, "User-Agent": SENDER}
    signed = signing.signed(delivery.message_id, delivery.body, keys, now)
    answer = call.post(delivery.endpoint.url, delivery.body.encode(), {**headers, **signed})
    _note(delivery, answer, now)


@transaction.atomic
def _note(delivery: WebhookDelivery, answer: call.Answer, now: datetime) -> None:
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=now,
        status=answer.status,
        answer=answer.text,
        problem=answer.problem,
        milliseconds=answer.milliseconds,
    )
    delivery.problem = answer.problem
    if answer.took_it:
        delivery.done_at = timezone.now()
    elif answer.status == 410 or delivery.attempts >= MOST_ATTEMPTS:
        delivery.parked_at = timezone.now()
    elif answer.retry_after:
        delivery.due_at = max(delivery.due_at, timezone.now() + answer.retry_after)
    delivery.save(update_fields=["problem", "done_at", "parked_at", "due_at"])
    _note_health(delivery, answer, now)


def _note_health(delivery: WebhookDelivery, answer: call.Answer, now: datetime) -> None:
    """Remember since when nothing gets through, pause a busy endpoint, and give up on a dead one."""
    health, _ = WebhookHealth.objects.select_for_update().get_or_create(endpoint=delivery.endpoint)
    failing_since = None if answer.took_it else (health.failing_since or now)
    paused_until = _pause(delivery, answer)
    if (failing_since, paused_until) != (health.failing_since, health.paused_until):
        WebhookHealth.objects.filter(pk=health.pk).update(failing_since=failing_since, paused_until=paused_until)
    if answer.status == 410:
        give_up(delivery.endpoint, "It answered 410: nothing is to be sent there any more.")
    elif failing_since and now - failing_since >= FAILING_FOR:
        give_up(delivery.endpoint, f"Nothing got through since {failing_since:%Y-%m-%d %H:%M} UTC. {answer.problem}")


def _pause(delivery: WebhookDelivery, answer: call.Answer) -> datetime | None:
    if answer.status not in BUSY:
        return None
    wait = WAITS[min(delivery.attempts, len(WAITS)) - 1]
    return timezone.now() + (answer.retry_after or min(wait, LONGEST_PAUSE))


def give_up(endpoint: WebhookEndpoint, reason: str) -> None:
    """Disable the endpoint, and tell its owner; for a machine account, the administrators."""
    now = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    if now.state != WebhookEndpoint.State.ACTIVE:
        return
    operations.disable(endpoint_id=endpoint.pk, reason=reason, actor=Actor.system("webhooks"))
    people = [endpoint.owner]
    if endpoint.owner.is_machine:
        people = list(User.objects.filter(is_superuser=True, is_active=True))
    text = f"The webhook {endpoint.name} was disabled. {reason}"
    tell(people, text=text, kind=WEBHOOK, about=endpoint)


def _park(delivery: WebhookDelivery, problem: str) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(parked_at=timezone.now(), problem=problem)


def park_lost() -> int:
    """Park what was tried to the last without an answer noted: its worker ended each time."""
    lost = WebhookDelivery.objects.filter(WebhookDelivery.OPEN, attempts__gte=MOST_ATTEMPTS, due_at__lte=timezone.now())
    return lost.update(parked_at=timezone.now(), problem="No attempt ended: the worker died or ran out of time.")


def forget() -> int:
    """Remove messages older than KEPT, what came of them included."""
    return WebhookDelivery.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
