"""Pages of change models: the agreed ways to make a kind of change."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from changes import rules
from changes.actions import MODEL_ACTIONS
from changes.filters import ChangeModelFilter
from changes.model_forms import ModelForm
from changes.models import ChangeModel
from changes.operations import models
from changes.queries.completeness import LATER, REQUIRABLE
from changes.tables import ChangeModelTable
from changes.views import pre_authorisations
from changes.views.verbs import bound, edit_page
from itsm.kernel.middleware import Request
from itsm.kernel.pages import form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from itsm.kernel.templatetags import _time

CRUMBS = [("Change models", "/changes/models/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "New model", "url": reverse("changes:model-create"), "primary": True}
    return list_page(
        request,
        queryset=ChangeModel.objects.order_by("name", "pk"),
        filterset=ChangeModelFilter,
        table=ChangeModelTable,
        title="Change models",
        empty={"title": "No model yet.", "text": "A model says how one kind of change is made and who must agree."},
        actions=[create] if allowed(rules.may_edit_model, request.actor) else [],
    )


@require_GET
def detail(request: Request, code: str) -> HttpResponse:
    model = get_object_or_404(ChangeModel, code=code)
    return record_page(
        request,
        model,
        "changes/model/detail.html",
        page="changes.model",
        title=model.name,
        actions=MODEL_ACTIONS,
        crumbs=CRUMBS,
        standard=pre_authorisations.shown_on(model, request),
        later=[LATER[name] for name in model.later_fields if name in LATER],
        later_within=_time.minutes(model.later_within),
        wanted=[REQUIRABLE[name][0] for name in model.required_fields if name in REQUIRABLE],
        facts=[
            ("Type", model.get_type_display()),
            ("Usual window", _time.minutes(model.window_minutes)),
            ("When it is made", model.windows),
            ("Policy", model.policy_name, f"{reverse('changes:policy-list')}?name={model.policy_name}"),
            ("Pre-authorised", "yes" if model.pre_authorised else "no"),
        ],
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=bound(request, ModelForm),
        perform=models.create,
        rule=rules.may_edit_model,
        title="New change model",
        submit_label="Record the model",
        cancel_url=reverse("changes:model-list"),
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str) -> HttpResponse:
    model = get_object_or_404(ChangeModel, code=code)
    return edit_page(
        request,
        model,
        bound(request, ModelForm, instance=model),
        partial(models.update, model_id=model.pk),
        title=f"Edit {model.name}",
    )
