"""Support asks its criteria, pushes back, and takes over only what it can carry."""

import pytest

from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden
from itsm.kernel.models import LedgerEntry
from tests.builders import SYSTEM, make_service
from tests.transition.builders import make_package, make_plan, make_stream
from transition.models import AcceptanceReview, CriterionResult, Gap, StreamRun
from transition.operations import acceptance
from transition.queries.acceptance import asked_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return make_service("Online Shop", delivery_model="saas")


@pytest.fixture
def criterion(service):
    return acceptance.define_criterion(code="restore", text="A restore was tried", actor=SYSTEM)


@pytest.fixture
def review(service, criterion):
    return acceptance.open_review(service=service, actor=SYSTEM)


def test_a_review_asks_what_concerns_its_delivery_model(service, criterion):
    acceptance.define_criterion(code="racks", text="The racks are labelled", delivery_model="on_premises", actor=SYSTEM)
    exit_plan = acceptance.define_criterion(
        code="exit", text="There is an exit plan", delivery_model="saas", actor=SYSTEM
    )

    asked = asked_of(acceptance.open_review(service=service, actor=SYSTEM))

    assert [one.criterion for one in asked] == [exit_plan, criterion]
    assert all(one.bars for one in asked)


def test_it_refuses_to_accept_before_every_criterion_is_answered(review, support_lead, now):
    with pytest.raises(acceptance.CriteriaOpen) as refusal:
        acceptance.accept(review_id=review.pk, actor=Actor.person(support_lead), now=now)

    assert refusal.value.checks[0]["message"] == "not answered yet"
    review.refresh_from_db()
    assert review.state == "open"
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(("result", "accepted"), [("met", True), ("not_applicable", True), ("not_met", False)])
def test_what_was_found_of_a_criterion_decides(review, criterion, support_lead, now, result, accepted):
    actor = Actor.person(support_lead)
    acceptance.answer(review_id=review.pk, criterion=criterion, result=result, actor=actor)

    if accepted:
        acceptance.accept(review_id=review.pk, actor=actor, now=now)
    else:
        with pytest.raises(acceptance.CriteriaOpen):
            acceptance.accept(review_id=review.pk, actor=actor, now=now)

    assert LedgerEntry.objects.filter(decision="accepted").exists() is accepted


def test_an_answer_may_change_until_it_is_accepted(review, criterion, support_lead, now):
    actor = Actor.person(support_lead)
    for result in ("not_met", "met"):
        acceptance.answer(review_id=review.pk, criterion=criterion, result=result, actor=actor)
    acceptance.accept(review_id=review.pk, actor=actor, now=now)

    with pytest.raises(acceptance.Accepted):
        acceptance.answer(review_id=review.pk, criterion=criterion, result="not_met", actor=actor)

    assert CriterionResult.objects.get().result == "met"


def test_pushing_back_names_the_gap_and_is_a_run_of_the_acceptance_stream(service, support_lead, now):
    stream = make_stream(make_plan(service), kind="acceptance_test", period_days=7)
    review = acceptance.open_review(service=service, stream=stream, actor=SYSTEM)

    acceptance.push_back(
        review_id=review.pk, title="No run book", severity="critical", actor=Actor.person(support_lead), now=now
    )

    assert Gap.objects.get().review == review
    assert StreamRun.objects.get().stream == stream
    assert LedgerEntry.objects.get().decision == "pushed_back"


def test_it_refuses_another_service_s_package(service):
    foreign = make_package(make_plan(make_service("Payments")))
    with pytest.raises(acceptance.InvalidInput) as refusal:
        acceptance.open_review(service=service, package=foreign, actor=SYSTEM)

    assert "package" in refusal.value.errors
    assert not AcceptanceReview.objects.exists()


def test_it_refuses_a_viewer_s_answer_and_keeps_nothing(review, criterion, viewer):
    with pytest.raises(Forbidden):
        acceptance.answer(review_id=review.pk, criterion=criterion, result="met", actor=Actor.person(viewer))

    assert not CriterionResult.objects.exists()


def test_by_rest_a_criterion_is_defined_answered_and_accepted(service, api, support_lead):
    client = api(support_lead)
    asked = {"code": "alerts", "text": "Each alert says what to do first"}
    assert client.post("/api/transition/acceptance-criteria/", asked).status_code == 201
    review = client.post("/api/transition/acceptance-reviews/", {"service": service.slug}).json()
    at = f"/api/transition/acceptance-reviews/{review['id']}"

    refused = client.post(f"{at}/accept/", {})
    answered = client.post(f"{at}/answer/", {"criterion": "alerts", "result": "met"})
    accepted = client.post(f"{at}/accept/", {"comment": "We can run it."})

    assert (refused.status_code, refused.json()["code"]) == (409, "criteria_open")
    assert answered.json()["results"][0]["result"] == "met"
    assert accepted.json()["state"] == "accepted"


def test_by_page_a_criterion_is_defined_and_answered(review, browser_of, support_lead):
    browser = browser_of(support_lead)
    browser.post("/transition/criteria/new/", {"code": "alerts", "text": "Each alert says what to do first"})
    assert "Each alert says" in browser.get("/transition/criteria/").content.decode()

    browser.post(f"/transition/acceptance/{review.number}/answer/alerts/", {"result": "met", "note": "Seen."})

    assert CriterionResult.objects.get().answered_by == support_lead
