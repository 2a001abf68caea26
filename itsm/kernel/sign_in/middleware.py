"""What each signed-in request is asked: is the session still good, is the second factor there that the role wants."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from itsm.kernel.actor import Actor
from itsm.kernel.api.problems import MEDIA_TYPE, document

Answer = Callable[[HttpRequest], HttpResponse]
NOTED_EVERY = 60  # seconds: a session is written once a minute, not with each request
FREE = ("/accounts/", "/static/", "/health/")


class SignInFirst(LoginRequiredMiddleware):
    """Leads back to where the reader was: of a pressed button the page, as its address takes no GET."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        came_from = request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
            came_from = ""
        page = urlsplit(came_from)._replace(scheme="", netloc="", fragment="").geturl() or "/"
        return redirect_to_login(page, self.get_login_url(view_func), self.get_redirect_field_name(view_func))


class SessionLimits:
    """Ends a session in which nobody did anything for long, and any session after a day's work.

    What a page asks by itself (`X-Background`) is nobody's doing.
    """

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = time.time()
            if _over(request, now):
                logout(request)
            elif "X-Background" not in request.headers:
                _note(request, now)
        return self.get_response(request)


def _over(request: HttpRequest, now: float) -> bool:
    session = request.session
    idle, old = settings.SESSION_IDLE.total_seconds(), settings.SESSION_AGE.total_seconds()
    return bool(now - session.get("seen", now) > idle or now - session.get("began", now) > old)


def _note(request: HttpRequest, now: float) -> None:
    session = request.session
    session.setdefault("began", now)
    if now - session.get("seen", 0) >= NOTED_EVERY:
        session["seen"] = now
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


class SecondFactor:
    """Who holds a role of SECOND_FACTOR_ROLES, or is told to by an administrator, sets one up before anything else."""

    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if request.path.startswith(FREE) or not _demanded(actor) or proved(request):
            return self.get_response(request)
        said = "Your account asks for a second factor. Set one up: an authenticator app or a security key."
        if request.path.startswith("/api/"):
            return JsonResponse(document(403, said, code="second_factor_needed"), status=403, content_type=MEDIA_TYPE)
        messages.warning(request, said)
        return redirect("mfa_index")


def _demanded(actor: Actor) -> bool:
    wanted = set(settings.SECOND_FACTOR_ROLES)
    if actor.user is None or actor.user.needs_second_factor:
        return actor.user is not None
    if not wanted:
        return False
    return (actor.is_admin and "admin" in wanted) or any(role in wanted for role, _ in actor.assignments)


def proved(request: HttpRequest) -> bool:
    """There is one; or the organisation's sign-in service vouched for the person, in its own way."""
    user = request.user
    if not user.is_authenticated or is_mfa_enabled(user):
        return user.is_authenticated
    return any(record.get("method") == "socialaccount" for record in get_authentication_records(request, user))
