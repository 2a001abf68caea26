"""What I was told, and what I want to be told by mail."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from itsm.kernel import notifications, organisation
from itsm.kernel.middleware import Request
from itsm.kernel.models import Notification, NotificationMute, NotificationPreference
from itsm.kernel.models.notification import Mail
from itsm.kernel.pages import form_page
from itsm.portal.views.account import CRUMBS

SHOWN = 100


class PreferencesForm(forms.Form):
    digest_hour = forms.TypedChoiceField(
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        label="Daily mail at",
        help_text="In your time zone. Only what you have not read by then.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kind in notifications.kinds():
            self.fields[f"mail_{kind.code}"] = forms.ChoiceField(choices=Mail.choices, label=kind.label)
        self.order_fields([*(name for name in self.fields if name != "digest_hour"), "digest_hour"])


@require_GET
def list_(request: Request) -> HttpResponse:
    mine = list(Notification.objects.visible_to(request.actor).order_by("-pk")[:SHOWN])
    context = {"title": "Notifications", "notifications": mine, "some_unread": any(n.read_at is None for n in mine)}
    return TemplateResponse(request, "portal/notifications.html", context)


@require_GET
def open_(request: Request, pk: int) -> HttpResponse:
    """Go where the message leads; having been there, it is read."""
    note = _mine(request, pk)
    if note.read_at is None:
        note.read_at = timezone.now()
        note.save(update_fields=["read_at"])
    return redirect(note.link or "notifications")


@require_POST
def read_all(request: Request) -> HttpResponse:
    Notification.objects.visible_to(request.actor).filter(read_at__isnull=True).update(read_at=timezone.now())
    return redirect("notifications")


@require_POST
def mute(request: Request, pk: int) -> HttpResponse:
    muted = notifications.mute(_mine(request, pk))
    if muted is not None:
        messages.success(request, "You hear no more of this. Your preferences say what is muted.")
    return redirect("notifications")


@require_POST
def unmute(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(NotificationMute, pk=pk, user=request.actor.user).delete()
    return redirect("notification-preferences")


@require_http_methods(["GET", "POST"])
def preferences(request: Request) -> HttpResponse:
    def perform(*, actor: Any, digest_hour: int, **said: Any) -> str:
        chosen = {name.removeprefix("mail_"): value for name, value in said.items()}
        notifications.prefer(mail=chosen, digest_hour=digest_hour, actor=actor)
        messages.success(request, "Kept.")
        return reverse("notification-preferences")

    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    return form_page(
        request,
        form=form,
        perform=perform,
        title="What comes by mail",
        submit_label="Keep",
        cancel_url=reverse("notifications"),
        template="portal/notification_preferences.html",
        fields_template="portal/preference_fields.html",
        mutes=NotificationMute.objects.filter(user=request.actor.user).order_by("-pk"),
        mail_is_on=settings.MAIL_IS_SENT,
        address=request.actor.user.email if request.actor.user else "",
        crumbs=[*CRUMBS],
    )


def _initial(request: Request) -> dict[str, Any]:
    kept = NotificationPreference.objects.filter(user=request.actor.user).first()
    chosen = kept.mail if kept else {}
    found: dict[str, Any] = {"digest_hour": kept.digest_hour if kept else organisation.current().digest_hour}
    return found | {f"mail_{kind.code}": chosen.get(kind.code, kind.mail) for kind in notifications.kinds()}


def _mine(request: Request, pk: int) -> Notification:
    return get_object_or_404(Notification.objects.visible_to(request.actor), pk=pk)
