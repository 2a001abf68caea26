"""Pages of change proposals, in business words."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes import rules
from changes.actions import PROPOSAL_ACTIONS
from changes.criteria import CRITERIA
from changes.filters import ChangeProposalFilter
from changes.forms import CommentForm, ConfirmForm, ReasonForm, SayWhyForm
from changes.models import ChangeProposal
from changes.operations import proposals
from changes.proposal_forms import AssessForm, BenefitForm, DeferForm, ProposalForm, RealiseForm, SpawnForm
from changes.queries import proposals as ask
from changes.tables import REQUEST_KINDS, ChangeProposalTable
from changes.views.forecast import euros, forecast_of
from changes.views.verbs import bound, edit_page, verb_page
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from itsm.kernel.templatetags import _time

Status = ChangeProposal.Status
MARKED = {1: ("warn", "weak"), 2: ("open", "fair"), 3: ("ok", "strong")}
CRUMBS = [("Proposals", "/changes/proposals/")]


def _proposal(request: Request, number: str) -> ChangeProposal:
    return find(ask.listed(), number, request.actor)  # type: ignore[no-any-return]


@require_GET
def list_(request: Request) -> HttpResponse:
    create = {"label": "Propose a change", "url": reverse("changes:proposal-create"), "primary": True}
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=ChangeProposalFilter,
        table=ChangeProposalTable,
        title="Proposals",
        empty={"title": "No proposal yet.", "text": "A proposal says what shall be better and what it is worth."},
        actions=[create] if allowed(rules.may_draft_proposal, request.actor) else [],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    proposal = _proposal(request, number)
    return record_page(
        request,
        proposal,
        "changes/proposal/detail.html",
        page="changes.proposal",
        title=proposal.title,
        actions=PROPOSAL_ACTIONS,
        crumbs=CRUMBS,
        facts=_facts(proposal),
        said=[
            ("Why now", proposal.why_now),
            ("What it is worth", proposal.value),
            ("What could go wrong", proposal.risks),
        ],
        marks=_marks(proposal),
        forecast=forecast_of(proposal, request.actor),
        requests=_requests(request, proposal),
    )


def _marks(proposal: ChangeProposal) -> list[tuple[str, str, str]]:
    """How it stands on each criterion that was marked."""
    return [(asked, *MARKED[proposal.marks[code]]) for code, asked in CRITERIA.items() if code in proposal.marks]


def _facts(proposal: ChangeProposal) -> list[tuple[Any, ...]]:
    services = ", ".join(service.name for service in proposal.services.all())
    return [
        ("Stands behind it", proposal.sponsor),
        ("Asked for by", proposal.requested_by),
        ("Worth in a year", euros(proposal.value_low_eur, proposal.value_high_eur)),
        ("Cost", euros(proposal.cost_low_eur, proposal.cost_high_eur)),
        ("Wanted by", _time.day(proposal.deadline) if proposal.deadline else ""),
        ("Touches", services),
        ("Decided by", "" if proposal.status == Status.DRAFT else proposal.get_authority_display()),
        ("Deferred until", _time.day(proposal.deferred_until) if proposal.status == Status.DEFERRED else ""),
        ("What it brought is looked at", _time.day(proposal.check_on) if proposal.status == Status.REALISED else ""),
    ]


def _requests(request: Request, proposal: ChangeProposal) -> list[dict[str, Any]]:
    visible = proposal.requests.visible_to(request.actor).order_by("pk")[:100]
    return [
        {
            "kind": REQUEST_KINDS[change.status],
            "word": change.get_status_display(),
            "url": change.get_absolute_url(),
            "title": change.title,
            "number": change.number,
            "window": change.window,
        }
        for change in visible
    ]


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=bound(request, ProposalForm, initial={"sponsor": request.actor.user_id}),
        perform=proposals.draft,
        rule=rules.may_draft_proposal,
        title="Propose a change",
        intro="Say it as you would to a colleague. Nothing is asked for before you submit it.",
        submit_label="Keep as a draft",
        cancel_url=reverse("changes:proposal-list"),
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    proposal = _proposal(request, number)
    return edit_page(
        request,
        proposal,
        bound(request, ProposalForm, instance=proposal),
        partial(proposals.update, proposal_id=proposal.pk),
        title=f"Edit {proposal.title}",
    )


@require_http_methods(["GET", "POST"])
def submit(request: Request, number: str) -> HttpResponse:
    proposal = _proposal(request, number)
    return verb_page(
        request,
        proposal,
        bound(request, ConfirmForm),
        partial(proposals.submit, proposal_id=proposal.pk),
        title=f"Submit {proposal.title}",
        intro="From now on it waits for an assessment: what it is worth, what it costs, what could go wrong.",
        submit_label="Submit",
    )


@require_http_methods(["GET", "POST"])
def assess(request: Request, number: str) -> HttpResponse:
    proposal = _proposal(request, number)
    return verb_page(
        request,
        proposal,
        bound(request, AssessForm, initial=AssessForm.of(proposal)),
        partial(proposals.assess, proposal_id=proposal.pk),
        title=f"Assess {proposal.title}",
        submit_label="Record the assessment",
    )


@require_http_methods(["GET", "POST"])
def authorise(request: Request, number: str) -> HttpResponse:
    proposal = _proposal(request, number)
    return verb_page(
        request,
        proposal,
        bound(request, CommentForm),
        partial(proposals.authorise, proposal_id=proposal.pk, now=timezone.now()),
        title=f"Authorise {proposal.title}",
        intro="You say that it is worth its cost and its risk. The decision goes into the ledger.",
        submit_label="Authorise",
    )


@require_http_methods(["GET", "POST"])
def decline(request: Request, number: str) -> HttpResponse:
    proposal = _proposal(request, number)
    return verb_page(
        request,
        proposal,
        bound(request, SayWhyForm),
        partial(proposals.decline, proposal_id=proposal.pk, now=timezone.now()),
        title=f"Decline {proposal.title}",
        submit_label="Decline",
        danger=True,
    )


@require_http_methods(["GET", "POST"])
def defer(request: Request, number: str) -> HttpResponse:
    proposal = _proposal(request, number)
    return verb_page(
        request,
        proposal,
        bound(request, DeferForm),
        partial(proposals.defer, proposal_id=proposal.pk, now=timezone.now()),
        title=f"Defer {proposal.title}",
        submit_label="Defer",
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, number: str) -> HttpResponse:
    proposal = _proposal(request, number)
    return verb_page(
        request,
        proposal,
        bound(request, ReasonForm),
        partial(proposals.withdraw, proposal_id=proposal.pk),
        title=f"Withdraw {proposal.title}",
        submit_label="Withdraw",
        danger=True,
    )


@require_http_methods(["GET", "POST"])
def spawn(request: Request, number: str) -> HttpResponse:
    proposal = _proposal(request, number)
    return verb_page(
        request,
        proposal,
        bound(request, SpawnForm, initial={"title": proposal.title}),
        partial(proposals.spawn, proposal_id=proposal.pk),
        title=f"Start a request for {proposal.title}",
        submit_label="Start the request",
    )


@require_http_methods(["GET", "POST"])
def realise(request: Request, number: str) -> HttpResponse:
    proposal = _proposal(request, number)
    return verb_page(
        request,
        proposal,
        bound(request, RealiseForm),
        partial(proposals.realise, proposal_id=proposal.pk, now=timezone.now()),
        title=f"{proposal.title} is realised",
        intro="What was wanted is in use. Later it is closed against the benefit that it brought.",
        submit_label="It is in use",
    )


@require_http_methods(["GET", "POST"])
def close(request: Request, number: str) -> HttpResponse:
    proposal = _proposal(request, number)
    return verb_page(
        request,
        proposal,
        bound(request, BenefitForm, initial={"benefit_reached": proposal.benefit_reached}),
        partial(proposals.close, proposal_id=proposal.pk),
        title=f"Close {proposal.title}",
        submit_label="Close",
    )
