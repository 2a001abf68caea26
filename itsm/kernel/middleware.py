"""Puts the actor on the request and shows times in the user's own zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from itsm.kernel.actor import Actor


class Request(HttpRequest):
    """A request as views of this program get it."""

    actor: Actor
    htmx: object


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.actor = Actor.person(user) if user.is_authenticated else Actor.nobody()  # type: ignore[attr-defined]
        zone = getattr(user, "time_zone", "")
        with timezone.override(ZoneInfo(zone) if zone else None):
            return self.get_response(request)
