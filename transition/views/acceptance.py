"""Pages of acceptance reviews and gaps."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from transition.actions.operation import GAP_ACTIONS, REVIEW_ACTIONS
from transition.filters.operation import AcceptanceReviewFilter, GapFilter
from transition.forms.operation import (
    AcceptForm,
    AnswerForm,
    CloseForm,
    GapForm,
    PushBackForm,
    ReviewForm,
    RiskForm,
)
from transition.models import AcceptanceReview, Gap
from transition.operations import acceptance, gaps
from transition.queries.acceptance import Asked, asked_of, reviews
from transition.queries.gaps import listed as listed_gaps
from transition.queries.gaps import standing
from transition.rules.operation import may_decide_review
from transition.tables.operation import (
    ANSWER_KINDS,
    REVIEW_KINDS,
    SEVERITY_KINDS,
    AcceptanceReviewTable,
    GapTable,
    sign_of,
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
            {"label": "Criteria", "url": reverse("transition:criterion-list")},
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
        facts=_facts(review),
        criteria=_criteria(review),
        may_answer=review.state != AcceptanceReview.State.ACCEPTED
        and allowed(may_decide_review, request.actor, review),
        gaps=[(SEVERITY_KINDS[gap.severity], gap) for gap in standing(review.service, timezone.now())],
        requirements=review.requirements.order_by("code"),
    )


def _facts(review: AcceptanceReview) -> list[tuple[str, Any, str | None]]:
    subject = review.package or review.stream
    return [
        ("Service", review.service.name, review.service.get_absolute_url()),
        ("Of", subject, subject.get_absolute_url() if subject else None),
        ("Delivery model", review.service.get_delivery_model_display(), None),
        ("Decided by", review.decided_by or "nobody yet", None),
        ("Comment", review.comment, None),
    ]


def _criteria(review: AcceptanceReview) -> list[tuple[str, str, Asked]]:
    return [
        (ANSWER_KINDS[asked.result.result], asked.result.get_result_display(), asked)
        if asked.result
        else ("unknown", "not answered", asked)
        for asked in asked_of(review)
    ]


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
def answer(request: Request, number: str, code: str) -> HttpResponse:
    review = find(reviews(), number, request.actor)
    asked = next((asked for asked in asked_of(review) if asked.criterion.code == code), None)
    if asked is None:
        raise Http404
    said = {"result": asked.result.result, "note": asked.result.note} if asked.result else {}
    operate = partial(acceptance.answer, review_id=review.pk, criterion=asked.criterion)
    form = AnswerForm(posted(request), initial=said)
    return verb(request, review, operate, title=asked.criterion.text, submit_label="Answer", form=form)


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
        actions=[{"label": "Name a gap", "url": reverse("transition:gap-create"), "primary": True}],
    )


@require_GET
def gap_detail(request: Request, number: str) -> HttpResponse:
    gap, now = find(listed_gaps(), number, request.actor), timezone.now()
    return record_page(
        request,
        gap,
        "transition/acceptance/gap.html",
        page="transition.gap",
        title=gap.title,
        actions=GAP_ACTIONS,
        crumbs=GAP_CRUMBS,
        verdicts=[(SEVERITY_KINDS[gap.severity], gap.get_severity_display()), sign_of(gap, now)],
        facts=_gap_facts(gap),
        bars=_bars(gap, now),
        now=now,
        acceptances=gap.risk_acceptances.select_related("by").order_by("-pk"),
    )


def _gap_facts(gap: Gap) -> list[tuple[str, Any, str | None]]:
    return [
        ("Service", gap.service.name, gap.service.get_absolute_url()),
        ("Owner", gap.owner or "nobody", None),
        ("Due", f"{gap.due:%-d %b %Y}" if gap.due else None, None),
        ("Named by", gap.pushed_back_by, None),
        ("Review", gap.review.number if gap.review else None, gap.review.get_absolute_url() if gap.review else None),
    ]


def _bars(gap: Gap, now: datetime) -> str:
    """What it means now, in a sentence."""
    if gap.state == Gap.State.CLOSED:
        return "It is closed and bars nothing."
    carried: datetime | None = gap.carried_until  # type: ignore[attr-defined]  # annotated by the query
    if gap.severity != Gap.Severity.CRITICAL:
        return "It stands, and bars nothing: only a critical gap does."
    if gap.state == Gap.State.RISK_ACCEPTED and carried and carried > now:
        return f"It bars nothing until {timezone.localtime(carried):%a %-d %b %H:%M}; then it bars again."
    return f"It bars deployments to production and the acceptance of {gap.service}."


@require_http_methods(["GET", "POST"])
def gap_create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=GapForm(posted(request)),
        perform=gaps.name,
        title="Name a gap",
        submit_label="Name it",
        cancel_url=reverse("transition:gap-list"),
        crumbs=GAP_CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def gap_close(request: Request, number: str) -> HttpResponse:
    gap = find(listed_gaps(), number, request.actor)
    operate = partial(gaps.close, gap_id=gap.pk)
    return verb(
        request,
        gap,
        operate,
        title=f"Close {gap.display}",
        submit_label="It is there now",
        form=CloseForm(posted(request)),
    )


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
