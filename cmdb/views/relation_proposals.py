"""Pages of relations that something which happened says are missing."""

from functools import partial

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb.actions import RELATION_PROPOSAL_ACTIONS
from cmdb.filters.relations import RelationProposalFilter
from cmdb.forms.relations import AcceptForm, DismissForm
from cmdb.models import RelationProposal
from cmdb.operations import relation_proposals
from cmdb.queries.groups import proposals
from cmdb.tables.relations import PROPOSAL_KINDS, RelationProposalTable
from itsm.kernel import subjects
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page

CRUMBS = [("Missing relations", "/cmdb/relation-proposals/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=proposals(),
        filterset=RelationProposalFilter,
        table=RelationProposalTable,
        title="Missing relations",
        empty={
            "title": "No relation seems to be missing.",
            "text": "When an incident is put down to a change that should not have reached it, what is missing "
            "stands here.",
        },
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    proposal: RelationProposal = find(proposals(), number, request.actor)
    evidence = subjects.called(proposal.evidence, request.actor)
    return record_page(
        request,
        proposal,
        "cmdb/relation_proposal/detail.html",
        page="cmdb.relation-proposal",
        title=proposal.sentence,
        actions=RELATION_PROPOSAL_ACTIONS if proposal.state == proposal.State.OPEN else (),
        crumbs=CRUMBS,
        verdicts=[(PROPOSAL_KINDS[proposal.state], proposal.get_state_display())],
        facts=[
            ("Evidence", proposal.evidence, evidence.get_absolute_url() if evidence else None),
            ("Decided by", proposal.decided_by, None),
        ],
    )


@require_http_methods(["GET", "POST"])
def accept(request: Request, number: str) -> HttpResponse:
    proposal = find(proposals(), number, request.actor)
    posted = request.POST if request.method == "POST" else None
    return form_page(
        request,
        form=AcceptForm(posted, proposal=proposal),
        perform=partial(relation_proposals.accept, proposal_id=proposal.pk, now=timezone.now()),
        title=f"Add a relation of {proposal.source}",
        intro=f"{proposal.why} Say what it really hangs on: {proposal.source} …",
        submit_label="Add the relation",
        cancel_url=proposal.get_absolute_url(),
        record=proposal,
    )


@require_http_methods(["GET", "POST"])
def dismiss(request: Request, number: str) -> HttpResponse:
    proposal = find(proposals(), number, request.actor)
    return form_page(
        request,
        form=DismissForm(request.POST if request.method == "POST" else None),
        perform=partial(relation_proposals.dismiss, proposal_id=proposal.pk, now=timezone.now()),
        title=f"{proposal.number}: there is no such relation",
        intro=proposal.why,
        submit_label="There is none",
        cancel_url=proposal.get_absolute_url(),
        record=proposal,
    )
