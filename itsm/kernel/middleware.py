"""Puts the actor on the request and shows times in the user's own zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from structlog.contextvars import bind_contextvars

from itsm.kernel.actor import Actor
from itsm.kernel.step_up import last_proof


class Request(HttpRequest):
    """A request as views of this program get it."""

    actor: Actor
    htmx: object


def actor_of_session(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return Actor.nobody()
    proofs = get_authentication_records(request, request.user)
    return Actor.person(request.user, proved_at=last_proof(proofs))


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.actor = actor_of_session(request)  # type: ignore[attr-defined]
        bind_contextvars(actor_id=user.pk)
        zone = getattr(user, "time_zone", "") or getattr(user, "common_zone", "")
        with timezone.override(ZoneInfo(zone) if zone else None):
            return self.get_response(request)
