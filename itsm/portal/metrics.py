"""/metrics: for Prometheus with METRICS_TOKEN, and for a signed-in administrator who wants to look."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from itsm.kernel.middleware import Request
from itsm.kernel.watching import metrics


@login_not_required
@never_cache
@require_safe
def show(request: Request) -> HttpResponse:
    if not has_token(request) and not request.actor.is_admin:
        return refusal(request)
    return HttpResponse(metrics.exposed(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def has_token(request: HttpRequest) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and scheme.lower() == "bearer" and constant_time_compare(given.strip(), wanted)


def refusal(request: HttpRequest) -> HttpResponse:
    if "Authorization" in request.headers:
        wrong = "The token is not METRICS_TOKEN.\n" if settings.METRICS_TOKEN else "METRICS_TOKEN is not set.\n"
        return HttpResponse(wrong, status=401, headers={"WWW-Authenticate": "Bearer"}, content_type="text/plain")
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.get_full_path())
