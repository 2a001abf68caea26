"""Pages of import profiles."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.filters.imports import ImportProfileFilter
from cmdb.forms.fields import ConfirmForm
from cmdb.forms.imports import ImportProfileForm
from cmdb.models import ImportProfile
from cmdb.operations import import_profiles
from cmdb.queries.imports import profiles
from cmdb.tables.imports import ImportProfileTable
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page
from itsm.kernel.permissions import allowed

CRUMBS = [("Imports", "/cmdb/imports/"), ("Profiles", "/cmdb/import-profiles/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "New profile", "url": reverse("cmdb:import-profile-create"), "primary": True}
    return list_page(
        request,
        queryset=profiles(),
        filterset=ImportProfileFilter,
        table=ImportProfileTable,
        title="Import profiles",
        crumbs=CRUMBS[:1],
        empty={
            "title": "No profile yet.",
            "text": "A profile says what the columns of a table are. Keep one when you import such a table first.",
        },
        actions=[create] if allowed(rules.may_import, request.actor) else [],
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    def perform(**said: object) -> str:
        import_profiles.create(**said)  # type: ignore[arg-type]
        return reverse("cmdb:import-profile-list")

    return form_page(
        request,
        form=ImportProfileForm(request.POST if request.method == "POST" else None),
        perform=perform,
        title="New import profile",
        submit_label="Keep the profile",
        cancel_url=reverse("cmdb:import-profile-list"),
        crumbs=CRUMBS,
        rule=rules.may_import,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: str) -> HttpResponse:
    found: ImportProfile = find(profiles(), pk, request.actor)
    remove = {"label": "Remove the profile", "url": reverse("cmdb:import-profile-remove", args=[found.pk])}
    return form_page(
        request,
        form=ImportProfileForm(request.POST if request.method == "POST" else None, instance=found),
        perform=lambda **said: import_profiles.update(profile_id=found.pk, **said),
        title=f"Import profile {found.name}",
        submit_label="Save",
        cancel_url=reverse("cmdb:import-profile-list"),
        template="cmdb/import/profile.html",
        record=found,
        remove=remove,
        crumbs=CRUMBS,
        rule=rules.may_import,
    )


@require_http_methods(["GET", "POST"])
def remove(request: Request, pk: str) -> HttpResponse:
    found: ImportProfile = find(profiles(), pk, request.actor)

    def perform(**said: object) -> str:
        import_profiles.remove(profile_id=found.pk, **said)  # type: ignore[arg-type]
        return reverse("cmdb:import-profile-list")

    return form_page(
        request,
        form=ConfirmForm(request.POST if request.method == "POST" else None),
        perform=perform,
        title=f"Remove the profile {found.name}",
        intro="Imports that were read by it stay as they are.",
        submit_label="Remove it",
        danger=True,
        cancel_url=found.get_absolute_url(),
        record=found,
        crumbs=CRUMBS,
        rule=rules.may_import,
    )
