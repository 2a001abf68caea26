"""Hearing the owners of impacted services."""

from functools import partial

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from changes.fingerprint import fingerprint_of
from changes.forms import ConfirmForm, ViewForm
from changes.models import ChangeRequest, Consultation
from changes.operations import consultations
from changes.queries import requests as ask
from changes.queries.basics import examine
from changes.views.verbs import bound, verb_page
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find


@require_http_methods(["GET", "POST"])
def ask_owners(request: Request, number: str) -> HttpResponse:
    change: ChangeRequest = find(ask.in_full(), number, request.actor)
    unheard = examine(change, timezone.now(), to_show=True).facts.unheard if request.method == "GET" else []
    return verb_page(
        request,
        change,
        bound(request, ConfirmForm),
        partial(consultations.ask_owners, change_id=change.pk, now=timezone.now()),
        title=f"Ask the owners about {change.title}",
        intro=f"Asked for their view: {'; '.join(unheard)}." if unheard else "Each owner who was not heard is asked.",
        submit_label="Ask them",
        said="The owners are asked.",
    )


@require_http_methods(["GET", "POST"])
def give_view(request: Request, number: str) -> HttpResponse:
    change: ChangeRequest = find(ask.listed(), number, request.actor)
    before = Consultation.objects.filter(change=change, owner=request.actor.user_id or 0).exclude(view="").first()
    initial = {"view": before.view, "comment": before.comment} if before else {}
    initial["fingerprint"] = request.GET.get("seen") or fingerprint_of(change)
    return verb_page(
        request,
        change,
        bound(request, ViewForm, initial=initial),
        partial(consultations.give_view, change_id=change.pk, now=timezone.now()),
        title=f"What do you think of {change.title}?",
        intro="It may hit a service of yours. An objection bars the change until the plan is mended, or until somebody "
        "overrules it by name and reason.",
        submit_label="Say it",
        said="Your view is kept.",
    )
