"""My account: where password, tokens and all else about oneself is reached."""

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from itsm.kernel.middleware import Request
from itsm.kernel.models import ApiToken

CRUMBS = [("My account", "/account/")]


@never_cache
@require_GET
def show(request: Request) -> HttpResponse:
    context = {
        "title": "My account",
        "has_password": request.actor.user is not None and request.actor.user.has_usable_password(),
        "second_factor": is_mfa_enabled(request.user),
        "tokens": ApiToken.objects.visible_to(request.actor).valid().count(),
    }
    return TemplateResponse(request, "portal/account/show.html", context)
