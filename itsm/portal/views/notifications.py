"""What I was told."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from itsm.kernel.middleware import Request
from itsm.kernel.models import Notification


@require_GET
def list_(request: Request) -> HttpResponse:
    mine = Notification.objects.filter(user=request.actor.user).order_by("-pk")[:100]
    return TemplateResponse(request, "portal/notifications.html", {"title": "Notifications", "notifications": mine})


@require_POST
def read_all(request: Request) -> HttpResponse:
    Notification.objects.filter(user=request.actor.user, read_at__isnull=True).update(read_at=timezone.now())
    return redirect("notifications")
