"""Django's admin at /admin/, to look things up when supporting users: it shows, and changes nothing.

Only staff with a second factor; secrets and digests are left out.
"""

from functools import wraps
from typing import Any

import pghistory.models
from django.apps import apps
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from rest_framework.permissions import SAFE_METHODS

from cmdb.models import ImportSchedule
from itsm.kernel.models import ApiToken, StoredAnswer, User, WebhookEndpoint
from itsm.kernel.sign_in.middleware import proved

FLOORS = ("kernel", "cmdb", "knowledge", "changes", "transition")
NEVER_SHOWN: set[type[Model]] = {StoredAnswer}
SECRET: dict[type[Model], list[str]] = {
    User: ["password", "groups", "user_permissions"],
    ApiToken: ["digest"],
    WebhookEndpoint: ["secret", "previous_secret"],
    ImportSchedule: ["token"],
}


class SupportSite(AdminSite):
    site_header = site_title = "Slipway: support"
    index_title = "Look things up; nothing is changed here"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_active and getattr(user, "is_staff", False) and proved(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Read only, whatever a page of Django's would do; refused, and not sent to sign in again, to all others."""
        shown = super().admin_view(view, cacheable)

        @wraps(shown)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise PermissionDenied("Only support staff with a second factor looks in here.")
            if request.method not in SAFE_METHODS:
                return HttpResponseNotAllowed(SAFE_METHODS)
            return shown(request, *args, **kwargs)

        return guarded

    def get_urls(self) -> list[Any]:
        """Signing in and out, and one's password, have their own pages."""
        elsewhere = {
            "login/": "account_login", "logout/": "account_logout", "password_change/": "account_change_password",
        }  # fmt: skip
        moved = [
            path(address, lambda request, to=to: redirect(to), name=address.rstrip("/"))
            for address, to in elsewhere.items()
        ]
        return [*moved, *super().get_urls()]


class Shown(ModelAdmin):
    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def get_queryset(self, request: HttpRequest) -> Any:
        """What the person may see elsewhere, and no more."""
        found = super().get_queryset(request)
        return found.visible_to(request.actor) if hasattr(found, "visible_to") else found  # type: ignore[attr-defined]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return SECRET.get(self.model, [])


site = SupportSite(name="admin")


def shown() -> list[type[Model]]:
    found = [model for floor in FLOORS for model in apps.get_app_config(floor).get_models()]
    return [model for model in found if not issubclass(model, pghistory.models.Event) and model not in NEVER_SHOWN]


site.register(shown(), Shown)
