"""What is scraped: true figures, asked for with few queries, by those who may."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from itsm.kernel import events, heartbeats
from itsm.kernel.broker import broker, key
from itsm.kernel.models import OutboxEvent
from itsm.kernel.watching import jobs
from tests.builders import SYSTEM, make_ci
from tests.transition.builders import make_stream
from tests.watching.builders import make_due_webhook
from transition.jobs.delivery import turn_periods
from transition.models import StreamPeriod

pytestmark = pytest.mark.django_db
TOKEN = "let-prometheus-in"


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.METRICS_TOKEN = TOKEN
    broker().delete(key("jobs"), key("heartbeats"), key("clockwork"))


def scrape() -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels, in the order of the labels' names."""
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def test_without_the_token_nobody_but_an_administrator_sees_anything(browser_of, person, settings):
    assert Client().get("/metrics")["Location"].startswith("/accounts/login/")
    assert Client().get("/metrics", headers={"Authorization": "Bearer guess"}).status_code == 401
    assert browser_of(person("somebody")).get("/metrics").status_code == 403
    assert browser_of(person("root", is_superuser=True)).get("/metrics").status_code == 200


def test_without_a_setting_no_token_fits(settings):
    settings.METRICS_TOKEN = ""

    for given in ("", "None", TOKEN):
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {given}"})
        assert (answer.status_code, answer.content) == (401, b"METRICS_TOKEN is not set.\n")


def test_requests_are_counted_by_route_method_and_class_of_status(browser_of, viewer):
    ci = make_ci("db-1")
    before = scrape()

    browser_of(viewer).get(ci.get_absolute_url())
    Client().get("/there/is/no/such/page")
    Client().generic("BREW", "/health/live")

    after = scrape()
    name = "slipway_http_request_duration_seconds_count"
    grown = {sample[1:]: after[sample] - before.get(sample, 0) for sample in after if sample[0] == name}
    assert grown["GET", "cmdb:ci-detail", "2xx"] == 1
    assert grown["other", "health-live", "4xx"] == 1
    assert grown["GET", "none", "4xx"] == 1


def test_the_outbox_says_how_much_waits_and_since_when():
    ci = make_ci("db-1")
    event = events.record("cmdb.ci.verified", ci, actor=SYSTEM)
    OutboxEvent.objects.filter(pk=event.pk).update(occurred_at=timezone.now() - timedelta(minutes=3))

    found = scrape()

    assert found["slipway_outbox_unpublished_events",] == OutboxEvent.objects.count()
    assert 180 <= found["slipway_outbox_unpublished_age_seconds",] < 200
    assert found["slipway_outbox_parked_deliveries",] == 0


def test_a_webhook_that_is_due_says_since_when(person):
    make_due_webhook(person("root", is_superuser=True), since=timedelta(minutes=2))

    found = scrape()

    assert found["slipway_webhook_due_deliveries",] == 1
    assert 120 <= found["slipway_webhook_due_age_seconds",] < 140


def test_a_period_that_nobody_closes_is_late():
    stream = make_stream()
    StreamPeriod.objects.all().delete()
    now = timezone.now()
    for over_since in (timedelta(hours=30), timedelta(hours=6), -timedelta(hours=18)):
        end = now - over_since
        StreamPeriod.objects.create(stream=stream, span=(end - timedelta(hours=24), end), expected_min=1)

    found = scrape()

    assert found["slipway_stream_periods_late",] == 2
    assert 30 * 3600 <= found["slipway_stream_period_lateness_seconds",] < 30 * 3600 + 20


def test_a_period_that_nobody_opens_is_late():
    stream = make_stream(working_days_only=False, active_from=timezone.localdate() - timedelta(days=3))

    found = scrape()

    assert found["slipway_stream_openings_late",] == 1
    assert found["slipway_stream_opening_lateness_seconds",] == pytest.approx(
        (timezone.now() - stream.clock.next_at).total_seconds(), abs=20
    )


def test_after_an_outage_the_last_turn_tells_how_late_it_came():
    make_stream(working_days_only=False, active_from=timezone.localdate() - timedelta(days=3))
    away = scrape()["slipway_stream_opening_lateness_seconds",]
    assert ("slipway_stream_turn_lateness_seconds",) not in scrape()

    turn_periods()
    turn_periods()

    found = scrape()
    assert found["slipway_stream_openings_late",] == found["slipway_stream_periods_late",] == 0
    assert found["slipway_stream_opening_lateness_seconds",] == 0
    assert found["slipway_stream_turn_lateness_seconds",] == pytest.approx(away, abs=20)


def test_an_administrator_reads_it_too(browser_of, person):
    make_stream(working_days_only=False, active_from=timezone.localdate() - timedelta(days=3))
    browser = browser_of(person("root", is_superuser=True))

    assert "1 to be opened, since 3 d" in browser.get("/administration/").content.decode()
    turn_periods()
    after = browser.get("/administration/").content.decode()

    assert "to be opened" not in after
    assert "after their time" in after


def test_jobs_are_counted_by_name_and_outcome():
    jobs.note("kernel.publish_events", "SUCCESS", 0.5)
    jobs.note("kernel.publish_events", "SUCCESS", 1.0)
    jobs.note("kernel.verify_ledger", "FAILURE", 2.0)

    found = scrape()

    assert found["slipway_job_runs_total", "kernel.publish_events", "done"] == 2
    assert found["slipway_job_runs_total", "kernel.verify_ledger", "failed"] == 1
    assert found["slipway_job_seconds_total", "kernel.publish_events"] == 1.5
    assert found["slipway_job_last_success_timestamp_seconds", "kernel.publish_events"] > timezone.now().timestamp() - 9
    assert ("slipway_job_last_success_timestamp_seconds", "kernel.verify_ledger") not in found


def test_signs_of_life_have_an_age():
    heartbeats.give("worker", "celery@one")

    assert 0 <= scrape()["slipway_heartbeat_age_seconds", "worker"] < 5


def test_a_broker_that_is_away_takes_only_its_own_part_along(settings):
    broker.cache_clear()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    try:
        found = scrape()
    finally:
        broker.cache_clear()

    up = {part: value for (name, *labels), value in found.items() if name == "slipway_metrics_up" for part in labels}
    mine = {"outbox": 1, "webhooks": 1, "ledger": 1, "periods": 1, "pipeline_events": 1}
    assert up == mine | {"heartbeats": 0, "jobs": 0, "clockwork": 0}


def test_a_scrape_asks_eight_questions_however_much_there_is():
    scrape()
    for n in range(3):
        events.record("cmdb.ci.verified", make_ci(f"db-{n}"), actor=SYSTEM)

    with CaptureQueriesContext(connection) as asked:
        scrape()

    assert len(asked) == 8
