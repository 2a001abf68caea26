"""Pages of the criteria that support asks in each acceptance review."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import form_page, list_page
from itsm.kernel.permissions import allowed
from transition.filters.operation import AcceptanceCriterionFilter
from transition.forms.operation import CriterionForm
from transition.models import AcceptanceCriterion
from transition.operations import acceptance
from transition.rules.operation import may_define_criteria
from transition.tables.operation import AcceptanceCriterionTable
from transition.views.verbs import posted


@require_GET
def list_(request: Request) -> HttpResponse:
    define = {"label": "Define a criterion", "url": reverse("transition:criterion-create"), "primary": True}
    return list_page(
        request,
        queryset=AcceptanceCriterion.objects.order_by("code"),
        filterset=AcceptanceCriterionFilter,
        table=AcceptanceCriterionTable,
        title="Acceptance criteria",
        empty={
            "title": "No criterion fits.",
            "text": "A criterion says what must be so before support takes a service over; each review asks them all.",
        },
        actions=[define] if allowed(may_define_criteria, request.actor) else [],
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=CriterionForm(posted(request)),
        perform=_define,
        title="Define an acceptance criterion",
        intro="Reviews that are open, and all that follow, ask it.",
        submit_label="Define it",
        cancel_url=reverse("transition:criterion-list"),
        crumbs=[
            ("Acceptance", reverse("transition:acceptance-list")),
            ("Criteria", reverse("transition:criterion-list")),
        ],
        rule=may_define_criteria,
    )


def _define(**said: str) -> str:
    acceptance.define_criterion(**said)  # type: ignore[arg-type]
    return reverse("transition:criterion-list")
