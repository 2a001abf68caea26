"""My sessions: where I am signed in, and the end of any of them."""

from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from itsm.kernel.middleware import Request
from itsm.portal.views.account import CRUMBS


@never_cache
@require_GET
def list_(request: Request) -> HttpResponse:
    kept = UserSession.objects.purge_and_list(request.user)
    sessions = [
        {"session": session, "device": _device(session.user_agent), "here": session.is_current()}
        for session in sorted(kept, key=lambda s: s.last_seen_at, reverse=True)
    ]
    context = {"title": "My sessions", "sessions": sessions, "crumbs": CRUMBS}
    return TemplateResponse(request, "portal/account/sessions.html", context)


@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(UserSession, pk=pk, user_id=request.actor.user_id).end()
    return redirect("sessions")


@require_POST
def end_others(request: Request) -> HttpResponse:
    others = UserSession.objects.filter(user_id=request.actor.user_id).exclude(session_key=request.session.session_key)
    for session in others:
        session.end()
    return redirect("sessions")


def _device(agent: str) -> str:
    """The browser and system that a User-Agent speaks of, as far as people care."""
    browser = _first(agent, {"Edg": "Edge", "OPR": "Opera", "Firefox": "", "Chrome": "", "Safari": ""})
    system = _first(agent, {"Android": "", "iPhone": "", "iPad": "", "Windows": "", "Mac OS": "macOS", "Linux": ""})
    if not browser:
        return "Another program"
    return f"{browser} on {system}" if system else browser


def _first(agent: str, names: dict[str, str]) -> str:
    return next((name or word for word, name in names.items() if word in agent), "")
