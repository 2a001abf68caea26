"""Pages that relate a CI and undo it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from cmdb import rules
from cmdb.forms.fields import ConfirmForm
from cmdb.forms.relations import RelateForm
from cmdb.models import ConfigurationItem
from cmdb.operations import relations
from cmdb.queries import cis as ask
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page


@require_http_methods(["GET", "POST"])
def relate(request: Request, number: str) -> HttpResponse:
    ci: ConfigurationItem = find(ask.listed(), number, request.actor)

    def perform(**data: object) -> ConfigurationItem:
        relations.relate(source=ci, **data)  # type: ignore[arg-type]
        return ci

    return form_page(
        request,
        form=RelateForm(request.POST if request.method == "POST" else None),
        perform=perform,
        title=f"Relate {ci.name}",
        intro=f"Read it as a sentence: {ci.name} depends on the other CI.",
        submit_label="Relate",
        cancel_url=ci.get_absolute_url(),
        record=ci,
        rule=rules.may_edit_ci,
    )


@require_http_methods(["GET", "POST"])
def remove(request: Request, number: str, relation: int) -> HttpResponse:
    ci: ConfigurationItem = find(ask.listed(), number, request.actor)
    found = get_object_or_404(ask.relations_of(ci), pk=relation)

    def perform(**data: object) -> ConfigurationItem:
        relations.remove(relation_id=found.pk, **data)  # type: ignore[arg-type]
        return ci

    return form_page(
        request,
        form=ConfirmForm(request.POST if request.method == "POST" else None),
        perform=perform,
        title="Take the relation away",
        intro=f"It no longer holds that {found}. Impact no longer runs this way; the history stays.",
        submit_label="Take it away",
        cancel_url=ci.get_absolute_url(),
        danger=True,
        record=ci,
        rule=rules.may_edit_ci,
    )
