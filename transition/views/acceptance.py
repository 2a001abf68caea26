"""Pages of acceptance reviews and gaps."""

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from transition.actions.operation import GAP_ACTIONS, REVIEW_ACTIONS
from transition.filters.operation import AcceptanceReviewFilter, GapFilter
from transition.forms.operation import AcceptForm, PushBackForm, ReviewForm, RiskForm
from transition.operations import acceptance, gaps
from transition.queries.acceptance import reviews
from transition.queries.gaps import listed as listed_gaps
from transition.queries.gaps import standing
from transition.tables.operation import (
    GAP_KINDS,
    REVIEW_KINDS,
    SEVERITY_KINDS,
    AcceptanceReviewTable,
    GapTable,
)
from transition.views.verbs import posted, verb

CRUMBS = [("Acceptance", "/transition/acceptance/")]
GAP_CRUMBS = [("Gaps", "/transition/gaps/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=reviews(),
        filterset=AcceptanceReviewFilter,
        table=AcceptanceReviewTable,
        title="Acceptance",
        empty={"title": "No review fits.", "text": "Support accepts what it can carry, and pushes the rest back."},
        actions=[
            {"label": "Gaps", "url": reverse("transition:gap-list")},
            {"label": "Open a review", "url": reverse("transition:acceptance-create"), "primary": True},
        ],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    review = find(reviews(), number, request.actor)
    return record_page(
        request,
        review,
        "transition/acceptance/detail.html",
        page="transition.acceptance",
        title=f"Acceptance of {review.package or review.stream or review.service}",
        actions=REVIEW_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[(REVIEW_KINDS[review.state], review.get_state_display())],
        facts=[
            ("Service", review.service.name, review.service.get_absolute_url()),
            ("Decided by", review.decided_by or "nobody yet", None),
            ("Comment", review.comment or "–", None),
        ],
        gaps=standing(review.service, timezone.now()),
        severities=SEVERITY_KINDS,
        requirements=review.requirements.order_by("code"),
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=ReviewForm(posted(request)),
        perform=acceptance.open_review,
        title="Open an acceptance review",
        submit_label="Open",
        cancel_url=reverse("transition:acceptance-list"),
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def accept(request: Request, number: str) -> HttpResponse:
    review = find(reviews(), number, request.actor)
    operate = partial(acceptance.accept, review_id=review.pk, now=timezone.now())
    form = AcceptForm(posted(request))
    return verb(request, review, operate, title=f"Accept {review.display}", submit_label="Accept", form=form)


@require_http_methods(["GET", "POST"])
def push_back(request: Request, number: str) -> HttpResponse:
    review = find(reviews(), number, request.actor)
    operate = partial(acceptance.push_back, review_id=review.pk, now=timezone.now())
    form = PushBackForm(posted(request))
    return verb(request, review, operate, title=f"Push back {review.display}", submit_label="Push back", form=form)


@require_GET
def gap_list(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=listed_gaps(),
        filterset=GapFilter,
        table=GapTable,
        title="Gaps",
        crumbs=CRUMBS,
        empty={"title": "No gap fits.", "text": "A gap is what support misses before it can take over."},
    )


@require_GET
def gap_detail(request: Request, number: str) -> HttpResponse:
    gap = find(listed_gaps(), number, request.actor)
    return record_page(
        request,
        gap,
        "transition/acceptance/gap.html",
        page="transition.gap",
        title=gap.title,
        actions=GAP_ACTIONS,
        crumbs=GAP_CRUMBS,
        verdicts=[
            (SEVERITY_KINDS[gap.severity], gap.get_severity_display()),
            (GAP_KINDS[gap.state], gap.get_state_display()),
        ],
        facts=[
            ("Service", gap.service.name, gap.service.get_absolute_url()),
            ("Owner", gap.owner or "nobody", None),
            ("Due", gap.due or "–", None),
            ("Named by", gap.pushed_back_by or "–", None),
        ],
        acceptances=gap.risk_acceptances.select_related("by").order_by("-pk"),
    )


@require_http_methods(["GET", "POST"])
def gap_close(request: Request, number: str) -> HttpResponse:
    gap = find(listed_gaps(), number, request.actor)
    operate = partial(gaps.close, gap_id=gap.pk)
    return verb(request, gap, operate, title=f"Close {gap.display}", submit_label="It is there now")


@require_http_methods(["GET", "POST"])
def gap_accept_risk(request: Request, number: str) -> HttpResponse:
    gap = find(listed_gaps(), number, request.actor)
    operate = partial(gaps.accept_risk, gap_id=gap.pk, now=timezone.now())
    intro = "Your name, the reason and the end go into the ledger."
    form = RiskForm(posted(request))
    return verb(
        request, gap, operate, title=f"Accept the risk of {gap.display}", submit_label="Accept it by my name",
        form=form,
        intro=intro,
    )  # fmt: skip
