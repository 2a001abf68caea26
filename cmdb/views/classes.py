"""Pages of CI classes."""

import json
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.actions import CLASS_ACTIONS
from cmdb.filters.cis import CIClassFilter
from cmdb.forms.classes import CIClassForm
from cmdb.models import CIClass, ConfigurationItem, FitCheck, Misfit
from cmdb.operations import classes
from cmdb.queries.classes import listed
from cmdb.schemas import attributes_of
from cmdb.tables.cis import CIClassTable
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed

CRUMBS = [("CI classes", "/cmdb/classes/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "New class", "url": reverse("cmdb:ci-class-create"), "primary": True}
    return list_page(
        request,
        queryset=listed(),
        filterset=CIClassFilter,
        table=CIClassTable,
        title="CI classes",
        empty={"title": "No class fits.", "text": "Classes say which attributes a CI has."},
        actions=[create] if allowed(rules.may_edit_class, request.actor) else [],
    )


@require_GET
def detail(request: Request, code: str) -> HttpResponse:
    ci_class: CIClass = find(listed(), code, request.actor)
    parent = ci_class.parent
    return record_page(
        request,
        ci_class,
        "cmdb/ci_class/detail.html",
        page="cmdb.ci-class",
        title=ci_class.name,
        actions=CLASS_ACTIONS,
        crumbs=CRUMBS,
        facts=[
            ("Code", ci_class.code, None),
            ("Kind", ci_class.get_kind_display(), None),
            ("A kind of", parent, parent.get_absolute_url() if parent else None),
            ("Each change needs a reason", "yes" if ci_class.reason_required else "no", None),
            ("A second person accepts changes", _reviewed(ci_class), None),
        ],
        count=ConfigurationItem.objects.filter(ci_class=ci_class).count(),
        **_fit(ci_class),
        children=ci_class.children.order_by("name"),
        attributes=list(attributes_of(ci_class)),
        schema=json.dumps(ci_class.schema, indent=2, ensure_ascii=False) if ci_class.schema else "",
    )


def _reviewed(ci_class: CIClass) -> str:
    if ci_class.reviewed_from is None:
        return "no"
    return f"from criticality {ci_class.get_reviewed_from_display().lower()} on"


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=CIClassForm(request.POST if request.method == "POST" else None),
        perform=classes.create,
        title="New CI class",
        submit_label="Define the class",
        cancel_url=reverse("cmdb:ci-class-list"),
        crumbs=CRUMBS,
        rule=rules.may_edit_class,
    )


@require_GET
def fit(request: Request, code: str) -> HttpResponse:
    """How far the examination of its CIs has come; the page asks for it while it goes on."""
    ci_class: CIClass = find(listed(), code, request.actor)
    return TemplateResponse(request, "cmdb/ci_class/fit.html", {"record": ci_class, **_fit(ci_class)})


def _fit(ci_class: CIClass) -> dict[str, Any]:
    return {
        "check": FitCheck.objects.filter(ci_class=ci_class).first(),
        "misfits": Misfit.objects.filter(ci__ci_class=ci_class).count(),
    }


def _changed(ci_class: CIClass, said: dict[str, Any]) -> CIClass:
    """Only what is another value than before: a class whose schema stays is not examined."""
    said, accept = dict(said), said.get("accept_misfits", False)
    before = CIClass.objects.get(pk=ci_class.pk)
    actor = said.pop("actor")
    changes = {name: value for name, value in said.items() if hasattr(before, name) and getattr(before, name) != value}
    return classes.update(class_id=ci_class.pk, actor=actor, accept_misfits=accept, **changes) if changes else ci_class


@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str) -> HttpResponse:
    ci_class: CIClass = find(listed(), code, request.actor)
    return form_page(
        request,
        form=CIClassForm(request.POST if request.method == "POST" else None, instance=ci_class),
        perform=lambda **data: _changed(ci_class, data),
        title=f"Edit {ci_class.name}",
        submit_label="Save",
        cancel_url=ci_class.get_absolute_url(),
        record=ci_class,
        rule=rules.may_edit_class,
    )
