"""CIs are drawn by lot; their owners say whether the record is true, and the share is told with what it is worth."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cmdb.models import ConfigurationItem, Sample, SampledCI
from cmdb.operations import samples
from cmdb.queries import selection
from cmdb.queries.samples import accuracy
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from itsm.kernel.measures import Scope, get
from itsm.kernel.models import Notification, OutboxEvent, Team
from itsm.portal.queries.work import waiting_for
from tests.builders import SYSTEM, make_ci, make_class
from tests.kernel.outbox_builders import deliver_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(person):
    return person("owner")


@pytest.fixture
def sample(owner, now):
    for number in range(4):
        make_ci(f"web-{number}", owner=owner)
    return samples.draw(name="Servers", size=3, due_on=(now + timedelta(days=7)).date(), actor=SYSTEM, now=now)


# Reference values of the score interval, to four places: 0 of 10, 5 of 10, 10 of 10, 81 of 263 (Newcombe 1998, ex. 1).
@pytest.mark.parametrize(
    ("true", "answered", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_is_that_of_wilson(true, answered, low, high):
    found = accuracy(true, answered)

    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_nothing_answered_is_no_accuracy():
    assert accuracy(0, 0) is None


def test_it_draws_without_repetition_and_only_what_the_filter_finds(owner, now):
    wanted = {make_ci(f"db-{number}", environment="east", owner=owner).pk for number in range(5)}
    make_ci("elsewhere", environment="west")
    due = (now + timedelta(days=7)).date()

    all_ = samples.draw(name="East", size=50, due_on=due, query="environment=east", actor=SYSTEM, now=now)
    some = samples.draw(name="East", size=2, due_on=due, query="environment=east", actor=SYSTEM, now=now)

    assert (all_.population, set(all_.cis.values_list("ci", flat=True))) == (5, wanted)
    assert some.cis.count() == 2


def test_each_is_sent_to_its_owner_or_else_to_the_lead_of_its_team(person, now):
    lead = person("lead")
    team = Team.objects.create(name="Web", lead=lead)
    cis = [make_ci("a", owner=person("kim")), make_ci("b", support_team=team), make_ci("c")]
    gone = person("gone", is_active=False)
    cis.append(make_ci("d", owner=gone))

    sample = samples.draw(name="All", size=10, due_on=(now + timedelta(days=1)).date(), actor=SYSTEM, now=now)

    asked = {each.ci.name: each.asked and each.asked.username for each in sample.cis.select_related("ci", "asked")}
    assert asked == {"a": "kim", "b": "lead", "c": None, "d": None}


def test_an_owner_is_told_once_and_finds_each_in_their_work(sample, owner, now):
    deliver_all()

    assert Notification.objects.filter(user=owner, kind="cmdb.sample").count() == 1
    work = waiting_for(Actor.person(owner), now, ["sample"])
    assert len(work) == 3
    assert work[0].step.url.startswith("/cmdb/sampled-cis/SCI-")


def test_who_mends_the_record_hears_that_it_is_wrong(sample, owner, config_manager, now):
    first, second, _ = sample.cis.order_by("pk")
    samples.answer(sampled_id=first.pk, verdict="true", actor=Actor.person(owner), now=now)
    samples.answer(sampled_id=second.pk, verdict="wrong", note="Scrapped.", actor=Actor.person(owner), now=now)
    deliver_all()

    told = Notification.objects.get(user=config_manager, kind="cmdb.sample_wrong")
    assert told.link == f"/cmdb/cis/{second.ci.number}/edit/"
    assert "Scrapped." in told.text


def test_who_may_mend_a_wrong_record_is_led_to_it(browser_of, config_manager, sample):
    asked = sample.cis.order_by("pk")[0]
    SampledCI.objects.filter(pk=asked.pk).update(asked=config_manager)

    done = browser_of(config_manager).post(asked.get_absolute_url(), {"verdict": "wrong", "note": "Scrapped."})

    assert done.headers["Location"] == f"/cmdb/cis/{asked.ci.number}/edit/"


def test_accuracy_is_a_measure_of_a_time_and_of_a_team(sample, owner, now):
    team = Team.objects.create(name="Web")
    first, second, third = sample.cis.order_by("pk")
    ConfigurationItem.objects.filter(pk=first.ci_id).update(support_team=team)
    for asked, verdict, at in ((first, "true", now), (second, "wrong", now), (third, "true", now - timedelta(days=9))):
        samples.answer(sampled_id=asked.pk, verdict=verdict, note="Scrapped.", actor=Actor.person(owner), now=at)

    def taken(**narrowed):
        return get("record_accuracy").take(Scope(now - timedelta(days=7), now + timedelta(days=1), SYSTEM, **narrowed))

    assert (taken().value, taken().parts["all"], taken().parts["true"]) == (0.5, 2, 1)
    assert taken().parts["low"] < 0.5 < taken().parts["high"]
    assert taken(team=team.pk).value == 1


def test_a_true_record_is_verified_by_the_answer_and_a_wrong_one_is_not(sample, owner, now):
    first, second, _ = sample.cis.order_by("pk")
    actor = Actor.person(owner)

    samples.answer(sampled_id=first.pk, verdict="true", actor=actor, now=now)
    samples.answer(sampled_id=second.pk, verdict="wrong", note="It was scrapped.", actor=actor, now=now)

    verified = ConfigurationItem.objects.filter(verified_at=now).values_list("pk", flat=True)
    assert list(verified) == [first.ci_id]
    assert [work.id for work in waiting_for(actor, now, ["sample"])] == [sample.cis.order_by("pk")[2].pk]
    assert OutboxEvent.objects.filter(name="cmdb.sampled_ci.answered").count() == 2


def test_it_refuses_strangers_second_answers_wordless_faults_and_closed_samples(sample, owner, person, now):
    first, second, _ = sample.cis.order_by("pk")
    actor = Actor.person(owner)
    with pytest.raises(Forbidden):
        samples.answer(sampled_id=first.pk, verdict="true", actor=Actor.person(person("stranger")), now=now)
    with pytest.raises(InvalidInput, match="what is wrong"):
        samples.answer(sampled_id=first.pk, verdict="wrong", note=" ", actor=actor, now=now)
    samples.answer(sampled_id=first.pk, verdict="true", actor=actor, now=now)
    with pytest.raises(samples.AlreadyAnswered):
        samples.answer(sampled_id=first.pk, verdict="wrong", note="No.", actor=actor, now=now)
    samples.close(sample_id=sample.pk, actor=SYSTEM, now=now)
    with pytest.raises(IllegalMove):
        samples.answer(sampled_id=second.pk, verdict="true", actor=actor, now=now)


@pytest.mark.parametrize(
    "said", [{"size": 0}, {"size": 501}, {"due": 0}, {"query": "colour=red"}, {"query": "name__icontains=nobody"}]
)
def test_it_refuses_what_cannot_be_drawn(said, now):
    due = (now + timedelta(days=said.pop("due", 7))).date()
    with pytest.raises((InvalidInput, samples.NothingToDraw)):
        samples.draw(**{"name": "x", "size": 5, "due_on": due, "actor": SYSTEM, "now": now} | said)
    assert not Sample.objects.exists()


def test_the_database_keeps_an_answer_whole(sample):
    with pytest.raises(IntegrityError), transaction.atomic():
        SampledCI.objects.filter(sample=sample).update(verdict="true")


def test_rest_draws_answers_and_tells_the_accuracy(api, config_manager, owner, sample):
    drawn = api(config_manager).post(
        "/api/cmdb/samples/", {"name": "Web", "size": 2, "due_on": "2099-01-01", "query": "name__icontains=web"},
        format="json",
    )  # fmt: skip
    assert (drawn.status_code, drawn.json()["size"], drawn.json()["accuracy"]) == (201, 2, None)

    mine = api(owner).get(f"/api/cmdb/sampled-cis/?sample={sample.pk}&unanswered=true").json()["results"]
    said = [api(owner).post(f"{each['url']}answer/", {"verdict": "true"}, format="json") for each in mine]
    assert [answer.status_code for answer in said] == [200, 200, 200]

    found = api(owner).get(f"/api/cmdb/samples/{sample.number}/").json()
    assert (found["true"], found["wrong"], found["accuracy"]["share"]) == (3, 0, 1.0)
    assert 0.4 < found["accuracy"]["low"] < 0.5


def test_the_pages_draw_show_and_answer(browser_of, config_manager, owner, sample, now):
    manager, browser = browser_of(config_manager), browser_of(owner)
    answer_page = sample.cis.order_by("pk")[0].get_absolute_url()

    assert b"Servers" in manager.get("/cmdb/samples/").content
    assert manager.post("/cmdb/samples/new/", {"name": "x", "size": 0, "due_on": "2099-01-01"}).status_code == 422
    assert browser.post(answer_page, {"verdict": "wrong"}).status_code == 422
    asked = browser.get(answer_page).content.decode()
    assert "The record says" in asked
    assert sample.cis.order_by("pk")[0].ci.number in asked
    done = browser.post(answer_page, {"verdict": "wrong", "note": "It was scrapped."}, follow=True)
    assert "It was scrapped." in done.content.decode()
    assert "0%" in done.content.decode()
    assert browser_of(config_manager).post(f"{sample.get_absolute_url()}close/").status_code == 302


def test_pages_and_lists_ask_as_often_for_many_as_for_few(browser_of, api, config_manager, sample, now):
    manager, rest = browser_of(config_manager), api(config_manager)

    def asked(client, path):
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    def of(sample):
        lists = (manager, "/cmdb/samples/"), (rest, "/api/cmdb/samples/"), (rest, "/api/cmdb/sampled-cis/")
        return [asked(*each) for each in (*lists, (manager, sample.get_absolute_url()))]

    of(sample)
    few = of(sample)
    for number in range(10):
        make_ci(f"more-{number}", owner=config_manager)
    due = (now + timedelta(days=7)).date()
    for number in range(5):
        larger = samples.draw(name=f"Again {number}", size=12, due_on=due, actor=SYSTEM, now=now)
    assert of(larger) == few


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Every CI"),
        ("ci_class=server&criticality=4", "Class: Server · Criticality: Critical"),
        ("status=live&name__in=a,b&owner=bob", "Status: Live · Name is in: a,b · Owner: bob"),
        ("verification=due&attributes.os=bsd", "Verification: Due again · os exact: bsd"),
        ("long_ago=1", "long_ago: 1"),
    ],
)
def test_a_filter_is_told_as_the_list_calls_it(query, words):
    make_class("server")
    assert selection.in_words(query) == words
