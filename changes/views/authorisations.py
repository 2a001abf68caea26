"""Deciding about a change, and waiving a check: the two things that go into the ledger by name."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from changes import rules
from changes.forms import AnswerAskedForm, DecideForm, WaiveForm
from changes.models import Authorisation, ChangeRequest, Decision, Waiver
from changes.operations import authorisations, clocks, waivers
from changes.queries import authorisations as ask
from changes.queries import basics
from changes.queries import requests as ask_requests
from changes.views import decision
from changes.views.queue import after, queue_of
from changes.views.verbs import bound, in_queue, verb_page
from itsm.kernel.errors import DomainError, Stale
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, go_to, refuse
from itsm.kernel.preconditions import expecting

DONE = {
    "authorised": "You authorised {}.",
    "rejected": "You rejected {}.",
    "more_information": "You asked for information on {}.",
}


@require_POST
def decide(request: Request, number: str) -> HttpResponse:
    """Take the decision about what was seen; a refusal is shown on the card, and nothing is lost."""
    authorisation: Authorisation = find(ask.listed(), number, request.actor)
    change: ChangeRequest = find(ask_requests.in_full(), str(authorisation.change_id), request.actor)
    queue = queue_of(request, change)
    form = DecideForm(request.POST)
    if form.is_valid():
        try:
            _decide(request, authorisation, **form.cleaned_data)
        except Stale:
            messages.warning(request, f"{change} changed while you read it, so nothing was decided. Look at it again.")
            return go_to(request, change.get_absolute_url() + in_queue(request))
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, DONE[form.cleaned_data["decision"]].format(change.display))
            return go_to(request, after(change, queue))
    page = decision.show(request, change, form)
    if request.htmx:
        return TemplateResponse(request, "changes/request/card.html", page.context_data, status=422)  # type: ignore[attr-defined]
    return page


def _decide(request: Request, authorisation: Authorisation, *, revision: int, fingerprint: str, **said: Any) -> None:
    """What was seen is the authorisation at that revision: a change of plan writes it anew, or lets it fall."""
    with expecting(authorisation, frozenset({revision})):
        authorisations.decide(authorisation_id=authorisation.pk, actor=request.actor, now=timezone.now(), **said)


@require_http_methods(["GET", "POST"])
def answer(request: Request, number: str) -> HttpResponse:
    """What a decider wanted to know; their clock rests until then."""
    asked: Authorisation = find(ask.listed(), number, request.actor)
    change: ChangeRequest = find(ask_requests.listed(), str(asked.change_id), request.actor)
    questions = [said.comment for said in asked.decisions.all() if said.verdict == Decision.Verdict.MORE_INFORMATION]

    def perform(**data: Any) -> ChangeRequest:
        return clocks.answer(authorisation_id=asked.pk, now=timezone.now(), **data).change  # type: ignore[no-any-return]

    return verb_page(
        request,
        change,
        bound(request, AnswerAskedForm),
        perform,
        title=f"Answer about {change.title}",
        intro=f"{asked.get_role_display()} asked: {questions[-1] if questions else 'for more information'}",
        submit_label="Answer",
        rule=rules.may_plan,
    )


@require_http_methods(["GET", "POST"])
def waive(request: Request, number: str) -> HttpResponse:
    change: ChangeRequest = find(ask_requests.listed(), number, request.actor)
    failed = [v for v in basics.verdicts_of(change, timezone.now()) if v.verdict != "ok" and not v.waived_by]

    def perform(**data: Any) -> ChangeRequest:
        waiver: Waiver = waivers.waive(change_id=change.pk, now=timezone.now(), **data)
        return waiver.change

    return verb_page(
        request,
        change,
        bound(request, WaiveForm, checks=[(v.code, f"{v.title}: {v.explanation}") for v in failed]),
        perform,
        title=f"Waive a check of {change.title}",
        intro="You take the risk upon yourself: your name, the check and your reason go into the ledger.",
        submit_label="Waive by my name",
    )
