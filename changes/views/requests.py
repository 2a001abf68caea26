"""Pages of requests for change, but the decision page (see decision.py)."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes import rules
from changes.filters import ChangeRequestFilter
from changes.forms import ConfirmForm, FillInForm, FinishForm, LessonForm, ReasonForm, RequestForm, ReviewForm
from changes.models import ChangeRequest, Review
from changes.operations import afterwards, requests
from changes.queries import requests as ask
from changes.tables import ChangeRequestTable
from changes.views.verbs import bound, edit_page, verb_page
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page
from itsm.kernel.permissions import allowed

CRUMBS = [("Requests", "/changes/requests/")]
PLAN: dict[str, Any] = {"template": "changes/request/form.html", "fields_template": "changes/request/fields.html"}


def _change(request: Request, number: str) -> ChangeRequest:
    return find(ask.listed(), number, request.actor)  # type: ignore[no-any-return]


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "New request", "url": reverse("changes:request-create"), "primary": True}
    found = {"label": "Done without authorisation", "url": reverse("changes:request-unauthorised")}
    return list_page(
        request,
        queryset=ask.listed().visible_to(request.actor),  # type: ignore[attr-defined]
        filterset=ChangeRequestFilter,
        table=ChangeRequestTable,
        title="Requests for change",
        empty={
            "title": "No request yet.",
            "text": "A request says which CIs change, when, by whom, and how to go back.",
        },
        actions=[
            *([found] if allowed(rules.may_record_unauthorised, request.actor) else []),
            *([create] if allowed(rules.may_draft, request.actor) else []),
        ],
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    initial = {name: request.GET[name] for name in ("proposal", "model", "cis", "title") if name in request.GET}
    return form_page(
        request,
        form=bound(request, RequestForm, initial=initial),
        perform=requests.draft,
        rule=rules.may_draft,
        title="New request for change",
        submit_label="Keep as a draft",
        cancel_url=reverse("changes:request-list"),
        crumbs=CRUMBS,
        **PLAN,
    )


@require_GET
def questions(request: Request) -> HttpResponse:
    """What the chosen model asks, for the form that is being filled in."""
    model = request.GET.get("model", "")
    form = RequestForm(initial={"model": model if model.isdecimal() else ""})
    return TemplateResponse(request, "changes/request/questions.html", {"form": form})


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    initial = {"start": change.starts_at, "end": change.ends_at, "cis": list(change.cis.order_by("name"))}
    return edit_page(
        request,
        change,
        bound(request, RequestForm, instance=change, initial=initial),
        partial(requests.plan, change_id=change.pk),
        title=f"Edit {change.title}",
        intro="A change of plan, CIs or window makes given authorisations fall." if change.submitted_at else "",
        **PLAN,
    )


@require_http_methods(["GET", "POST"])
def submit(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    return verb_page(
        request,
        change,
        bound(request, ConfirmForm),
        partial(requests.submit, change_id=change.pk, now=timezone.now()),
        title=f"Submit {change.title}",
        intro="The basics are checked, and those who have to authorise it are asked.",
        submit_label="Submit",
    )


@require_http_methods(["GET", "POST"])
def start(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    return verb_page(
        request,
        change,
        bound(request, ConfirmForm),
        partial(requests.start, change_id=change.pk, now=timezone.now()),
        title=f"Start {change.title}",
        intro="The window is open and every task has its person. The clock to the last safe moment runs.",
        submit_label="Start now",
    )


@require_http_methods(["GET", "POST"])
def finish(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    return verb_page(
        request,
        change,
        bound(request, FinishForm),
        partial(requests.finish, change_id=change.pk, now=timezone.now()),
        title=f"Finish {change.title}",
        submit_label="Finish",
    )


@require_http_methods(["GET", "POST"])
def back_out(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    return verb_page(
        request,
        change,
        bound(request, ReasonForm),
        partial(requests.back_out, change_id=change.pk, now=timezone.now()),
        title=f"Back out {change.title}",
        intro=change.back_out_steps and f"The way back: {change.back_out_steps}",
        submit_label="It was backed out",
        danger=True,
    )


@require_http_methods(["GET", "POST"])
def review(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)

    def perform(**data: Any) -> ChangeRequest:
        requests.review(change_id=change.pk, now=timezone.now(), **data)
        return change

    return verb_page(
        request,
        change,
        bound(request, ReviewForm, initial=_written(change)),
        perform,
        title=f"Review {change.title}",
        intro="What went well is short to say; what went wrong teaches the checks.",
        submit_label="Record the review",
    )


def _written(change: ChangeRequest) -> dict[str, Any]:
    """The review as it was written before; writing it again corrects it."""
    review = Review.objects.filter(change=change).first()
    if review is None:
        return {}
    return {
        "objectives_met": "yes" if review.objectives_met else "no",
        "outcome": review.outcome,
        "causes": review.causes,
        "lessons": review.lessons,
    }


@require_http_methods(["GET", "POST"])
def draft_article(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    review = Review.objects.filter(change=change).first()
    return verb_page(
        request,
        change,
        bound(request, LessonForm, initial={"title": change.title, "body": review.lessons if review else ""}),
        partial(requests.draft_article, change_id=change.pk, now=timezone.now()),
        title=f"Make the lesson of {change.title} an article",
        intro="It begins as a draft about the CIs that the change touched.",
        submit_label="Draft the article",
    )


@require_http_methods(["GET", "POST"])
def fill_in(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    return verb_page(
        request,
        change,
        bound(request, FillInForm, change=change),
        partial(afterwards.fill_in, change_id=change.pk, now=timezone.now()),
        title=f"Complete {change.title}",
        intro="What there was no time to say before. What was authorised stays authorised.",
        submit_label="Keep it",
    )


@require_http_methods(["GET", "POST"])
def close(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    return verb_page(
        request,
        change,
        bound(request, ConfirmForm),
        partial(requests.close, change_id=change.pk),
        title=f"Close {change.title}",
        intro="The review is done and nothing is left to do.",
        submit_label="Close",
    )


@require_http_methods(["GET", "POST"])
def cancel(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    return verb_page(
        request,
        change,
        bound(request, ReasonForm),
        partial(requests.cancel, change_id=change.pk),
        title=f"Cancel {change.title}",
        submit_label="Cancel the change",
        danger=True,
    )


@require_http_methods(["GET", "POST"])
def revise(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    return verb_page(
        request,
        change,
        bound(request, ConfirmForm),
        partial(requests.revise, change_id=change.pk),
        title=f"Revise {change.title}",
        intro="It becomes a draft again. Change what was refused, then submit it anew.",
        submit_label="Revise",
    )
