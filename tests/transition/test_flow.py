"""Where each requirement stands, and what is owed."""

from datetime import date
from decimal import Decimal

import pytest

from itsm.kernel import organisation
from itsm.kernel.actor import Actor
from itsm.kernel.models import Organisation
from tests.builders import SYSTEM
from tests.transition.builders import (
    at,
    make_acceptance,
    make_article,
    make_item,
    make_live,
    make_package,
    make_plan,
    make_requirement,
    make_stream,
)
from transition.operations import items, packages, requirements, targets
from transition.queries import requirements as ask
from transition.queries.debt import debt_of, missing
from transition.queries.flow import flow_of, lag_targets
from transition.queries.requirements import in_debt

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    """Code hands over to knowledge within two working days, knowledge to acceptance within five."""
    plan = make_plan()
    acceptance = make_stream(plan, kind="acceptance_test", period_days=7)
    knowledge = make_stream(plan, kind="knowledge", period_days=2, feeds=acceptance, lag_target_days=5)
    make_stream(plan, kind="code", feeds=knowledge, lag_target_days=2)
    return plan


def flow(plan, now):
    lanes = list(plan.streams.order_by("ordinal"))
    rows = flow_of(ask.listed().filter(plan=plan), lanes, actor=SYSTEM, now=now)
    return {row.requirement.code: row for row in rows}


def cell(plan, code, stage, now):
    return flow(plan, now)[code].cells[stage]


def test_what_is_not_live_is_owed_nothing(plan):
    requirement = make_requirement(plan, "d")
    requirements.mark_built(requirement_id=requirement.pk, actor=SYSTEM, now=at(20))

    row = flow(plan, at(23))["d"]

    assert [cell.text for cell in row.cells.values()] == ["built 20 Nov", "", "", "", ""]
    assert not row.is_owed


def test_lags_add_up_along_the_hand_overs(plan):
    lags = lag_targets(list(plan.streams.order_by("ordinal")), organisation.current())
    assert {stage: lag.days for stage, lag in lags.items()} == {"documented": 2, "accepted": 7}


def test_without_an_agreed_lag_the_stream_s_own_rhythm_is_the_promise():
    plan = make_plan()
    lanes = [
        make_stream(plan, kind="knowledge", period_days=2),
        make_stream(plan, kind="acceptance_test", period_days=7),
    ]
    assert {stage: lag.days for stage, lag in lag_targets(lanes, organisation.current()).items()} == {
        "documented": 2,
        "accepted": 5,
    }
    assert lag_targets([], organisation.current())["documented"].days is None


@pytest.mark.parametrize(
    ("now", "text", "late"),
    [(at(19, 12), "due Mon", 0), (at(23, 12), "due today", 0), (at(25, 12), "none, 2 d late", 2)],
)
def test_a_live_requirement_without_an_article_is_due_and_then_late(plan, now, text, late):
    make_live(make_requirement(plan, "a"), at(19))  # a Thursday; two working days later it is Monday

    found = cell(plan, "a", "documented", now)

    assert (found.text, found.late_days) == (text, late)


@pytest.mark.parametrize(
    ("state", "kind", "text"), [("draft", "warn", "draft 3 d"), ("in_test", "warn", "in test 3 d")]
)
def test_an_article_that_is_not_published_shows_its_age(plan, state, kind, text):
    requirement = make_live(make_requirement(plan, "a"), at(20))
    make_article(requirement, state=state, written_at=at(20))

    found = cell(plan, "a", "documented", at(23))

    assert (found.kind, found.text) == (kind, text)


def test_a_published_article_counts_though_a_new_version_is_drafted(plan):
    requirement = make_live(make_requirement(plan, "a"), at(20))
    article = make_article(requirement)
    make_article(requirement, state="draft")
    article.state = "draft"
    article.save()

    assert cell(plan, "a", "documented", at(23)).text == article.number


def test_an_article_past_its_review_is_stale(plan):
    article = make_article(make_live(make_requirement(plan, "a"), at(20)))
    article.review_due = date(2026, 11, 22)
    article.save()

    assert cell(plan, "a", "documented", at(23)).state == "stale"


def test_debt_is_what_is_live_but_not_documented_or_not_accepted(plan):
    done, silent, refused, waiting = (make_requirement(plan, code) for code in "abcd")
    non_functional = make_requirement(plan, "x", kind="non_functional")
    for requirement in (done, silent, refused, non_functional):
        make_live(requirement, at(2))
    for requirement in (done, refused):
        make_article(requirement)
    make_acceptance(done)
    make_acceptance(silent)
    make_acceptance(refused, state="pushed_back")

    debt = debt_of(plan.service, actor=SYSTEM, now=at(23))

    assert {row.requirement.code: missing(row) for row in debt.rows} == {"b": ["documented"], "c": ["accepted"]}
    assert debt.late_days == 19  # b was due on the 4th
    assert set(in_debt(ask.listed())) == {silent, refused}
    assert waiting not in in_debt(ask.listed())
    assert cell(plan, "c", "accepted", at(23)).word == "pushed back"


def test_acceptance_of_a_package_accepts_what_it_delivers(plan):
    requirement = make_live(make_requirement(plan, "a"), at(2))
    package = make_package(plan)
    make_item(package, requirement=requirement)
    package.acceptance_reviews.create(service=plan.service, state="accepted", decided_at=at(3))

    assert cell(plan, "a", "accepted", at(23)).text == "passed"


def test_a_non_functional_requirement_shows_what_was_measured_of_its_target(plan):
    requirement = make_requirement(plan, "x", kind="non_functional")
    package = make_package(plan)
    target = targets.set_target(package=package, requirement=requirement, target_percent=Decimal(75), actor=SYSTEM)
    assert cell(plan, "x", "built", at(23)).text == "not measured of 75 %"

    targets.measure(target_id=target.pk, attained_percent=Decimal("82.50"), actor=SYSTEM)

    found = cell(plan, "x", "built", at(23))
    assert (found.kind, found.text) == ("ok", "82.5 % of 75 %")


def test_early_life_is_watched_until_the_package_s_days_are_over(plan):
    requirement = make_requirement(plan, "a")
    package = make_package(plan, els_days=5)
    make_item(package, requirement=requirement)
    for step in (packages.build, packages.accept):
        step(package_id=package.pk, actor=SYSTEM)
    packages.deploy(package_id=package.pk, actor=SYSTEM, now=at(16, 9))

    assert cell(plan, "a", "early_life", at(20)).text == "watching 4 d"
    assert cell(plan, "a", "early_life", at(23)).text == "quiet"


def test_incidents_of_the_requirement_are_counted_where_they_may_be_seen(plan, viewer, support_lead):
    requirement = make_live(make_requirement(plan, "a"), at(16))
    service = plan.service
    for confidential in (False, True):
        service.incidents.create(title="Slow", ci=requirement.ci, opened_at=at(17), confidential=confidential)
    service.incidents.create(title="Before it was live", ci=requirement.ci, opened_at=at(15))

    def seen(user):
        actor = Actor.person(user)
        return flow_of(ask.listed(), [], actor=actor, now=at(23))[0].cells["early_life"].text

    assert (seen(viewer), seen(support_lead)) == ("1 incident", "2 incidents")


def test_withdrawn_requirements_are_followed_no_more(plan):
    requirement = make_requirement(plan, "a")
    requirements.withdraw(requirement_id=requirement.pk, actor=SYSTEM, reason="Not wanted")

    assert flow(plan, at(23)) == {}


def test_the_number_of_queries_does_not_depend_on_the_number_of_requirements(plan, django_assert_num_queries):
    package = make_package(plan)
    lanes = list(plan.streams.order_by("ordinal"))
    for number in range(12):
        requirement = make_live(make_requirement(plan, f"r{number}"), at(16))
        make_article(requirement)
        make_item(package, requirement=requirement)
        if number in (0, 11):
            with django_assert_num_queries(2):
                flow_of(ask.listed().filter(plan=plan), lanes, actor=SYSTEM, now=at(23), said=Organisation())


def test_completing_the_last_code_item_builds_the_requirement(plan):
    requirement = make_requirement(plan, "a")
    package = make_package(plan)
    one, other = (make_item(package, requirement=requirement) for _ in range(2))

    items.complete(item_id=one.pk, actor=SYSTEM, now=at(20))
    requirement.refresh_from_db()
    assert requirement.status == "open"

    items.complete(item_id=other.pk, actor=SYSTEM, now=at(21))
    requirement.refresh_from_db()
    assert (requirement.status, requirement.built_at) == ("built", at(21))
