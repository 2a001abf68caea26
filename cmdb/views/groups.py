"""Pages that record redundancy, change it and take it back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from cmdb import rules
from cmdb.forms.fields import ConfirmForm
from cmdb.forms.relations import GroupForm
from cmdb.models import ConfigurationItem, RelationGroup
from cmdb.operations import groups
from cmdb.queries import cis as ask
from cmdb.queries.groups import listed
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page

INTRO = "Of the CIs that you mark, so many must be up. One that fails alone then hits nothing above."


def _posted(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "POST"])
def form(request: Request, number: str) -> HttpResponse:
    ci: ConfigurationItem = find(ask.listed(), number, request.actor)

    def perform(**data: object) -> ConfigurationItem:
        groups.form(ci=ci, **data)  # type: ignore[arg-type]
        return ci

    return form_page(
        request,
        form=GroupForm(_posted(request), ci=ci),
        perform=perform,
        title=f"Redundancy of {ci.name}",
        intro=INTRO,
        submit_label="Record it",
        cancel_url=ci.get_absolute_url(),
        record=ci,
        rule=rules.may_edit_ci,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str, group: int) -> HttpResponse:
    found = _group(request, number, group)

    def perform(**data: object) -> ConfigurationItem:
        groups.update(group_id=found.pk, **data)  # type: ignore[arg-type]
        return found.ci

    return form_page(
        request,
        form=GroupForm(_posted(request), ci=found.ci, group=found),
        perform=perform,
        title=f"Change {found}",
        intro=INTRO,
        submit_label="Save",
        cancel_url=found.ci.get_absolute_url(),
        record=found.ci,
        rule=rules.may_edit_ci,
    )


@require_http_methods(["GET", "POST"])
def dissolve(request: Request, number: str, group: int) -> HttpResponse:
    found = _group(request, number, group)

    def perform(**data: object) -> str:
        groups.dissolve(group_id=found.pk, **data)  # type: ignore[arg-type]
        return found.ci.get_absolute_url()

    return form_page(
        request,
        form=ConfirmForm(_posted(request)),
        perform=perform,
        title=f"Dissolve {found}",
        intro=f"The relations stay; from then on a failure of each of them alone hits {found.ci}.",
        submit_label="Dissolve it",
        cancel_url=found.ci.get_absolute_url(),
        danger=True,
        record=found.ci,
        rule=rules.may_edit_ci,
    )


def _group(request: Request, number: str, group: int) -> RelationGroup:
    ci = find(ask.listed(), number, request.actor)
    return get_object_or_404(listed().filter(ci=ci), pk=group)
