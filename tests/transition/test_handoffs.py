"""Hand-overs: what one stream delivered makes the need in the next; nobody enters anything twice."""

from datetime import date, time

import pytest

from cmdb.models import CIClass, Relation
from cmdb.operations import cis, relations
from itsm.kernel.actor import Actor
from itsm.kernel.models import Notification, RoleAssignment, User
from itsm.kernel.roles import Role
from knowledge.operations import articles
from tests.builders import SYSTEM, make_service
from tests.kernel.outbox_builders import deliver_all
from tests.transition.builders import (
    at,
    make_article,
    make_item,
    make_live,
    make_plan,
    make_requirement,
    make_stream,
)
from transition.models import Meeting, Need, StreamRun
from transition.operations import acceptance, delivered, handoffs, meetings, requirements, runs
from transition.operations import streams as steer
from transition.queries import needs

pytestmark = pytest.mark.django_db
FRIDAY = at(20, 10)


@pytest.fixture
def chain(service_owner, knowledge_manager):
    """Code hands over to knowledge within two working days, that to acceptance within five, and that to ELS."""
    plan = make_plan(make_service(owner=service_owner))
    watch = make_stream(plan, kind="early_life")
    accept = make_stream(plan, kind="acceptance_test", period_days=7, feeds=watch, lag_target_days=5)
    write = make_stream(plan, kind="knowledge", period_days=2, feeds=accept, lag_target_days=5, owner=knowledge_manager)
    code = make_stream(plan, kind="code", feeds=write, lag_target_days=2)
    return {"plan": plan, "code": code, "knowledge": write, "acceptance": accept, "early_life": watch}


def standing():
    found = Need.objects.filter(state="open").order_by("pk")
    return [(need.stream.kind, need.arisen_at, need.due) for need in found]


def accept(requirement, now):
    review = acceptance.open_review(service=requirement.plan.service, requirements=[requirement], actor=SYSTEM)
    return acceptance.accept(review_id=review.pk, actor=SYSTEM, now=now)


def test_what_went_live_needs_an_article_at_once_within_working_days(chain):
    make_live(make_requirement(chain["plan"]), FRIDAY)
    make_requirement(chain["plan"])  # not live
    make_live(make_requirement(chain["plan"], kind="non_functional"), FRIDAY)

    assert standing() == [("knowledge", FRIDAY, date(2026, 11, 24))]


def test_each_stream_in_turn_takes_over_until_nothing_is_owed(chain):
    requirement = make_live(make_requirement(chain["plan"]), FRIDAY)
    make_article(requirement, written_at=at(24, 9))
    deliver_all()
    assert standing() == [("acceptance_test", at(24, 9), date(2026, 12, 1))]

    accept(requirement, at(25, 9))
    assert standing() == [("early_life", at(25, 9), date(2026, 12, 2))]

    runs.record_run(stream_id=chain["early_life"].pk, actor=SYSTEM, now=at(26, 9))
    deliver_all()
    assert standing() == []
    assert sorted(Need.objects.values_list("stream__kind", "state", "ended_at")) == [
        ("acceptance_test", "met", at(25, 9)), ("early_life", "met", at(26, 9)), ("knowledge", "met", at(24, 9)),
    ]  # fmt: skip


def test_what_is_documented_before_it_goes_live_needs_no_article(chain):
    requirement = make_requirement(chain["plan"])
    make_article(requirement, written_at=at(2))
    make_live(requirement, FRIDAY)

    assert [kind for kind, _, _ in standing()] == ["acceptance_test"]


def test_telling_it_again_and_sweeping_change_nothing(chain):
    requirement = make_live(make_requirement(chain["plan"]), FRIDAY)
    before = list(Need.objects.values())

    assert handoffs.follow(cis=[requirement.ci_id, requirement.ci_id], actor=SYSTEM, now=at(23)) == 0
    assert handoffs.sweep(actor=SYSTEM, now=at(23)) == 0
    assert list(Need.objects.values()) == before


def test_the_sweep_finds_what_a_new_hand_over_asks_for(chain):
    steer.update(stream_id=chain["code"].pk, actor=SYSTEM, feeds=None)
    make_live(make_requirement(chain["plan"]), FRIDAY)
    assert standing() == []

    steer.update(stream_id=chain["code"].pk, actor=SYSTEM, feeds=chain["knowledge"])
    handoffs.sweep(actor=SYSTEM, now=at(23))
    assert [kind for kind, _, _ in standing()] == ["knowledge"]

    steer.end(stream_id=chain["knowledge"].pk, actor=SYSTEM, now=at(23), reason="Outsourced")
    handoffs.sweep(actor=SYSTEM, now=at(24))
    assert list(Need.objects.values_list("state", "ended_at")) == [("void", at(24))]


def test_what_is_taken_back_needs_nothing_and_something_new_when_it_returns(chain):
    requirement = make_live(make_requirement(chain["plan"]), FRIDAY)
    requirements.mark_taken_back(requirement_ids=[requirement.pk], live_since=FRIDAY, actor=SYSTEM, now=at(21))
    assert standing() == []

    make_live(requirement, at(23, 9))
    assert standing() == [("knowledge", at(23, 9), date(2026, 11, 25))]


def test_an_article_that_is_retired_is_needed_again(chain):
    requirement = make_requirement(chain["plan"])
    article = make_article(requirement, written_at=at(2))
    make_live(requirement, FRIDAY)

    articles.retire(article_id=article.pk, actor=SYSTEM)
    deliver_all()

    assert [kind for kind, _, _ in standing()] == ["knowledge"]


def test_what_is_overdue_is_told_once_to_the_stream_s_owner_and_the_service_s(chain, service_owner, knowledge_manager):
    for _ in range(2):
        make_live(make_requirement(chain["plan"]), FRIDAY)
    assert handoffs.escalate(actor=SYSTEM, now=at(24, 23)) == 0

    assert handoffs.escalate(actor=SYSTEM, now=at(25, 1)) == 2
    assert handoffs.escalate(actor=SYSTEM, now=at(26)) == 0
    deliver_all()

    told = list(Notification.objects.order_by("user__username").values_list("user__username", "text"))
    assert [name for name, _ in told] == [knowledge_manager.username, service_owner.username]
    assert all("was due Tue 24 Nov. 1 more is overdue." in text for _, text in told)


def test_a_published_article_is_a_run_of_the_knowledge_stream_once_for_each_version(chain):
    requirement = make_requirement(chain["plan"])
    article = make_article(requirement, state="in_test", written_at=at(2))
    item = make_item(chain["knowledge"], kind="knowledge", article=article)
    tester = User.objects.create(username="tester")
    RoleAssignment.objects.create(user=tester, role=Role.TEST_MANAGER)
    articles.record_test(article_id=article.pk, result="passed", actor=Actor.person(tester), now=at(3))
    published = articles.publish(article_id=article.pk, actor=SYSTEM, now=at(3))
    for _ in range(2):
        delivered.article_published(article_id=article.pk, actor=SYSTEM, now=at(3, 9))
    deliver_all()

    run = StreamRun.objects.get()
    item.refresh_from_db()
    assert (run.stream, run.origin, run.at) == (chain["knowledge"], f"article:{published.published_id}", at(3, 9))
    assert article.number in run.summary
    assert item.done_in == run


def test_hardware_that_goes_live_is_a_run_where_a_service_stands_on_it_and_completes_its_item(chain):
    plan, kind = chain["plan"], CIClass.objects.create(code="rack", name="Rack", kind="hardware")
    stream = make_stream(plan, kind="hardware", period_days=None, feeds=chain["acceptance"], lag_target_days=1)
    rack, other = (cis.create(ci_class=kind, name=name, actor=SYSTEM) for name in ("R1", "R2"))
    relations.relate(source=plan.service.ci, type=Relation.Type.RUNS_ON, target=rack, actor=SYSTEM)
    item = make_item(stream, kind="hardware", ci=rack)
    for ci in (rack, other):
        for state in ("building", "testing", "live"):
            cis.move(ci_id=ci.pk, to=state, actor=SYSTEM)
    deliver_all()

    run = StreamRun.objects.get()
    item.refresh_from_db()
    assert (run.stream, run.origin, item.done_in) == (stream, f"ci:{rack.pk}", run)
    assert [(need.ci, need.stream) for need in Need.objects.filter(state="open")] == [(rack, chain["acceptance"])]


def test_the_daily_pack_is_one_run_of_early_life(chain):
    series = meetings.agree(service=chain["plan"].service, kind="sunrise", at=time(9), actor=SYSTEM)
    for _ in range(2):
        meetings.write_pack(series_id=series.pk, starts_at=at(3, 9), actor=SYSTEM, now=at(3, 8))

    run = StreamRun.objects.get()
    assert (run.stream, run.origin, run.at) == (chain["early_life"], f"meeting:{Meeting.objects.get().pk}", at(3, 8))


def test_debt_over_time_is_what_stood_at_each_moment(chain, api, viewer, django_assert_num_queries):
    early, late = (make_requirement(chain["plan"]) for _ in range(2))
    make_live(early, at(2, 9))
    make_live(late, at(16, 9))
    make_article(early, written_at=at(10, 9))
    deliver_all()
    moments = needs.week_ends(at(23), 4)

    with django_assert_num_queries(1):
        found = needs.stood("stream", [chain["knowledge"].pk, chain["code"].pk], moments)

    assert [point.count for point in found[chain["knowledge"].pk]] == [0, 1, 0, 1]
    assert [point.count for point in found[chain["code"].pk]] == [0, 0, 0, 0]
    service = chain["plan"].service
    answer = api(viewer).get(f"/api/cmdb/services/{service.slug}/debt/").json()
    assert answer["needs_over_time"][-1]["open"] == 2
    measured = api(viewer).get(f"/api/metrics/transition_debt/?service={service.slug}").json()
    assert measured["value"] == 2


def test_needs_are_listed_on_a_page_and_in_rest_with_their_service(chain, api, browser_of, viewer):
    requirement = make_live(make_requirement(chain["plan"]), FRIDAY)

    listed = api(viewer).get("/api/transition/needs/?overdue=true&state=open").json()
    page = browser_of(viewer).get("/transition/needs/?state=open").content.decode()

    assert [row["what"] for row in listed["results"]] == ["Article"]
    assert requirement.get_absolute_url() in page


def test_going_live_through_the_pipeline_costs_a_fixed_number_of_queries(chain, django_assert_max_num_queries):
    many = [make_requirement(chain["plan"]).pk for _ in range(30)]
    with django_assert_max_num_queries(16):
        requirements.mark_deployed(requirement_ids=many, actor=SYSTEM, now=FRIDAY)
    assert Need.objects.count() == 30
