"""DORA's five figures: what they count, what they leave out, and that nothing is said where there is nothing."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itsm.kernel import measures
from itsm.kernel.actor import Actor
from itsm.kernel.measures import Scope
from tests.builders import make_service
from tests.plans import copies, made_up, plan_of
from tests.transition.builders import make_plan, make_stream
from transition.bands import QUICK_CHECK, Bands, bands
from transition.models import CodeCommit, Deployment, Incident, StreamRun
from transition.queries import dora
from transition.views.dora import duration

pytestmark = pytest.mark.django_db
FIVE = ("change_lead_time", "deployment_frequency", "change_fail_rate", "failed_deployment_recovery_time",
        "deployment_rework_rate")  # fmt: skip
START = datetime(2026, 11, 1, tzinfo=UTC)
_numbers = count(1)


def hour(n: float) -> datetime:
    return START + timedelta(hours=n)


@pytest.fixture
def shop():
    return make_service("Online Shop")


def deploy(service, at, state="succeeded", environment="production", took=0.0, commits=(), **more):
    return Deployment.objects.create(
        service=service, environment=environment, artifact="shop", version=str(next(_numbers)), commits=list(commits),
        requested_at=hour(at), started_at=hour(at - took), finished_at=hour(at), state=state, **more,
    )  # fmt: skip


def taken(name, service=None, until=240.0, **more):
    scope = Scope(START, hour(until), Actor.system("test"), service=service.pk if service else None, **more)
    return measures.get(name).take(scope)


@pytest.mark.parametrize("name", FIVE)
def test_where_nothing_was_deployed_there_is_no_data(shop, name):
    deploy(shop, 5, environment="staging")
    deploy(shop, 5, state="running")
    deploy(shop, 500)

    reading = taken(name, shop)

    assert reading.value is None
    assert set(reading.parts.values()) <= {0, 10.0}


def test_frequency_counts_deployments_a_day_and_days_with_one(shop):
    for at in (1, 2, 30):
        deploy(shop, at)
    deploy(shop, 3, state="failed")

    reading = taken("deployment_frequency", shop)

    assert reading.value == pytest.approx(0.4)
    assert reading.parts == {"deployments": 4, "succeeded": 3, "days_with_one": 2, "days": 10.0}


def test_lead_time_is_the_median_from_the_first_commit(shop):
    shas = [f"{n:x}" * 40 for n in range(1, 5)]
    for sha, at in zip(shas, (1, 3, 5, 9), strict=True):
        CodeCommit.objects.create(service=shop, sha=sha, at=hour(at))
    deploy(shop, 11, commits=shas[:2])  # 10 h
    deploy(shop, 10, commits=[{"sha": shas[2][:12]}])  # 5 h, by the beginning of its name
    deploy(shop, 12, commits=[shas[3]])  # 3 h
    deploy(shop, 50, commits=["unknown1"])
    deploy(shop, 60, commits=[shas[0]], state="failed")

    reading = taken("change_lead_time", shop)

    assert reading.value == 5 * 3600
    assert reading.parts == {"deployments": 4, "with_commit_times": 3}


def test_a_commit_of_another_service_or_of_later_says_nothing(shop):
    CodeCommit.objects.create(service=make_service("Pay"), sha="a" * 40, at=hour(1))
    CodeCommit.objects.create(service=shop, sha="b" * 40, at=hour(20))
    deploy(shop, 10, commits=["a" * 40, "b" * 40])

    assert taken("change_lead_time", shop).value is None


@pytest.fixture
def change(alice):
    from tests.changes.builders import make_change

    return lambda: make_change(requested_by=alice)


def incident(service, change, opened, resolved=None, cause="change"):
    return Incident.objects.create(
        title="Down", service=service, opened_at=hour(opened), cause=cause,
        caused_by=change if cause == "change" else None,
        resolved_at=hour(resolved) if resolved else None, state="resolved" if resolved else "open",
    )  # fmt: skip


def test_fail_rate_counts_failed_rolled_back_and_those_that_broke_something_once_each(shop, change):
    culprit, harmless = change(), change()
    deploy(shop, 1), deploy(shop, 2, state="failed"), deploy(shop, 3, state="rolled_back")
    deploy(shop, 4, change=culprit), deploy(shop, 5, change=harmless)
    incident(shop, culprit, 6), incident(shop, culprit, 7), incident(shop, harmless, 8, cause="not_a_change")

    reading = taken("change_fail_rate", shop)

    assert reading.value == pytest.approx(0.6)
    assert reading.parts == {
        "deployments": 5, "went_wrong": 3, "failed": 1, "rolled_back": 1, "caused_an_incident": 1
    }  # fmt: skip


def test_recovery_is_the_median_of_failures_that_are_over_and_open_ones_are_counted(shop, change):
    culprit = change()
    deploy(shop, 10, state="failed", took=1)  # began at 9, over at 12: 3 h
    deploy(shop, 12, change=culprit)  # began at 12, resolved at 13: 1 h
    incident(shop, culprit, 12.5, 13)
    deploy(shop, 20, state="failed")  # never over

    reading = taken("failed_deployment_recovery_time", shop)

    assert reading.value == 2 * 3600
    assert reading.parts == {"went_wrong": 3, "recovered": 2, "open": 1}


def test_a_failure_that_is_over_only_after_the_time_was_open_in_it(shop):
    deploy(shop, 10, state="failed")
    deploy(shop, 300)

    assert taken("failed_deployment_recovery_time", shop).parts["open"] == 1


def test_rework_is_what_follows_a_failure_or_begins_while_something_is_broken(shop, change):
    culprit = change()
    deploy(shop, 1, state="failed")
    deploy(shop, 2)  # repairs it
    deploy(shop, 3, change=culprit)
    incident(shop, culprit, 4, 6)
    deploy(shop, 5)  # repairs it
    deploy(shop, 7)

    reading = taken("deployment_rework_rate", shop)

    assert reading.value == pytest.approx(0.4)
    assert reading.parts == {"deployments": 5, "rework": 2}


def test_each_service_and_each_stream_has_its_own(shop):
    other = make_service("Pay")
    stream = make_stream(make_plan(shop))
    run = StreamRun.objects.create(stream=stream, at=hour(1))
    deploy(shop, 1, run=run), deploy(shop, 2), deploy(other, 3)

    assert taken("deployment_frequency").parts["deployments"] == 3
    assert taken("deployment_frequency", shop).parts["deployments"] == 2
    assert taken("deployment_frequency", stream=stream.pk).parts["deployments"] == 1


STATES = st.sampled_from(["succeeded", "failed", "rolled_back"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(1, 200), STATES), max_size=12))
def test_no_share_is_ever_above_one_and_no_time_below_nothing(shop, history):
    Deployment.objects.all().delete()
    for at, state in history:
        deploy(shop, at, state=state)

    for name in FIVE:
        reading = taken(name, shop)
        assert (reading.value is None) or reading.value >= 0
        if name.endswith("rate"):
            assert (reading.value is None) == (not history)
            assert reading.value is None or reading.value <= 1
    recovery = taken("failed_deployment_recovery_time", shop).parts
    assert recovery["recovered"] + recovery["open"] == recovery["went_wrong"]


def test_weeks_without_a_deployment_are_there_too(shop):
    deploy(shop, 24), deploy(shop, 24 * 15, state="failed")

    weeks = dora.weeks(dora.Span(START, hour(24 * 20), service=shop.pk))

    assert [(str(w.monday), w.deployments, w.failed) for w in weeks] == [
        ("2026-10-26", 0, 0), ("2026-11-02", 1, 0), ("2026-11-09", 0, 0), ("2026-11-16", 1, 1)
    ]  # fmt: skip


@pytest.mark.parametrize("of_a_service", [False, True])
@pytest.mark.parametrize("name", ["FREQUENCY", "FAILED", "RECOVERY", "REWORK", "LEAD"])
def test_each_figure_finds_its_deployments_by_an_index(shop, name, of_a_service):
    deploy(make_service("Pay"), 1), deploy(shop, 1)
    with made_up([Deployment]) as write:
        for one in Deployment.objects.all():
            copies(write, one, 1000, version="'v' || n", finished_at="finished_at + n * interval '4 hours'")
    span = dora.Span(START, hour(24), **({"service": shop.pk} if of_a_service else {}))
    plan = plan_of(*dora.statement(getattr(dora, name), span))

    assert "Seq Scan on transition_deployment" not in plan, plan
    assert "deployment_in_production" in plan or "deployment_of_a_service" in plan, plan


def test_they_are_to_be_had_by_rest_with_their_counts(api, viewer, shop):
    deploy(shop, 5, state="rolled_back")
    said = "service=online-shop&from=2026-11-01T00:00:00Z&to=2026-11-11T00:00:00Z"

    for name in FIVE:
        answer = api(viewer).get(f"/api/metrics/{name}/?{said}")
        assert answer.status_code == 200, answer.json()
        assert answer.json()["family"] == "DORA"
        assert 1 in answer.json()["parts"].values()
    listed = api(viewer).get("/api/metrics/change_fail_rate/?" + said).json()
    assert listed["value"] == 1.0
    assert "went_wrong=true" in listed["list"]


def test_the_page_shows_figures_counts_definitions_and_a_table(browser_of, viewer, shop, django_assert_max_num_queries):
    deploy(shop, 5, state="failed")
    deploy(shop, 30)
    page = browser_of(viewer)
    address = "/transition/figures/?service=online-shop&since=2026-11-01&until=2026-11-10"
    page.get(address)

    with django_assert_max_num_queries(15):
        shown = page.get(address)

    text = shown.content.decode()
    assert shown.status_code == 200
    assert "50 %" in text
    assert "1 of 2 deployments" in text
    assert text.count("How it is counted") == 5
    assert "no data" in text  # no commit's time is known
    assert "2 Nov" in text


@pytest.mark.parametrize(
    "query", ["since=2026-11-10&until=2026-11-01", "service=nobody", "since=x", "since=0001-01-01", "stream=%00"]
)
def test_what_cannot_be_asked_is_said_and_the_page_stands(browser_of, viewer, query):
    answer = browser_of(viewer).get(f"/transition/figures/?{query}")

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_bands_are_those_of_the_day(settings, tmp_path):
    path = tmp_path / "bands.toml"
    path.write_text(
        '[[bands]]\nsince = 2026-07-01\nsource = "ours"\nchange_fail_rate = [[0.05, "calm"], ["rest", "rough"]]\n'
    )
    settings.DORA_BANDS = str(path)

    assert bands(datetime(2026, 6, 30, tzinfo=UTC).date()) == QUICK_CHECK
    ours: Bands = bands(datetime(2026, 7, 1, tzinfo=UTC).date())
    assert (ours.source, ours.word("change_fail_rate", 0.04), ours.word("change_fail_rate", 0.05)) == (
        "ours", "calm", "rough"
    )  # fmt: skip
    assert QUICK_CHECK.word("change_lead_time", 86_400) == "a day to a week"
    assert QUICK_CHECK.word("change_lead_time", None) == ""


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (59, "59 s"), (3600, "1 h"), (7500, "2 h 5 min"), (273_600, "3 d 4 h")]
)
def test_times_are_said_in_two_units(seconds, said):
    assert duration(seconds) == said
