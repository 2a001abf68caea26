"""The page on which an unauthorised change is written down."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from changes import rules
from changes.forms import FoundForm
from changes.operations import unauthorised
from changes.views.verbs import bound
from itsm.kernel.middleware import Request
from itsm.kernel.pages import form_page


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=bound(request, FoundForm),
        perform=partial(unauthorised.record, now=timezone.now()),
        rule=rules.may_record_unauthorised,
        title="Done without authorisation",
        intro="It goes straight to review, is counted as unauthorised and cannot be taken back.",
        submit_label="Write it down",
        cancel_url=reverse("changes:request-list"),
        crumbs=[("Requests", "/changes/requests/")],
    )
