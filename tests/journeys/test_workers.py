"""With real schedulers and a real worker: what is due is done, once."""

import json
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from itsm.kernel import broker as brokers
from itsm.kernel import events
from itsm.kernel.models import EventDelivery, OutboxEvent
from itsm.kernel.watching import jobs
from tests.builders import SYSTEM, make_ci, make_service
from tests.journeys.conftest import broker, eventually
from transition.models import StreamPeriod
from transition.operations import plans, streams

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_the_relay_publishes_what_happened_though_nobody_rang(start):
    ci = make_ci("db-1")
    event = events.record("cmdb.sample.closed", ci, actor=SYSTEM)  # to which nobody listens
    start("worker")
    start("beat")

    assert eventually(lambda: OutboxEvent.objects.get(pk=event.pk).published_at is not None)
    assert not EventDelivery.objects.filter(event=event).exists()


def test_two_schedulers_at_once_open_and_close_each_period_once(start):
    plan = plans.create(service=make_service("Online Shop"), actor=SYSTEM)
    began = timezone.localdate() - timedelta(days=5)
    stream = streams.create(
        plan=plan, ordinal=1, name="Care", kind="early_life", period_days=1, working_days_only=False,
        active_from=began, actor=SYSTEM,
    )  # fmt: skip
    StreamPeriod.objects.filter(stream=stream).delete()
    start("worker")
    start("worker", "-n", "second@%h")
    start("beat")
    start("beat")

    def turned() -> bool:
        states = list(StreamPeriod.objects.filter(stream=stream).values_list("state", flat=True))
        return states.count("missed") == 5 and states.count("open") == 1

    assert eventually(turned, seconds=120), list(StreamPeriod.objects.values_list("span", "state"))
    spans = list(StreamPeriod.objects.filter(stream=stream).order_by("span").values_list("span", flat=True))
    assert all(before.upper == after.lower for before, after in pairwise(spans))
    assert OutboxEvent.objects.filter(name="transition.period.missed").count() == 5


def test_jobs_are_counted_and_their_lines_name_them(start, settings, worker_id, tmp_path):
    settings.REDIS_URL = broker(worker_id)
    brokers.broker.cache_clear()
    brokers.broker().delete(brokers.key("jobs"))
    try:
        start("worker")
        start("beat")
        assert eventually(lambda: jobs.counted().get(("kernel.publish_events", "SUCCESS"), 0) >= 2)
        counted = jobs.counted()
    finally:
        brokers.broker.cache_clear()

    assert counted["kernel.publish_events", "seconds"] > 0
    assert counted["kernel.publish_events", "latest"] > time.time() - 60
    said = [json.loads(line) for line in (tmp_path / "worker-0.log").read_text().splitlines() if line.startswith("{")]
    ended = [line for line in said if "succeeded" in line["event"] and line.get("job") == "kernel.publish_events"]
    assert ended
    assert all(line["task_id"] in line["event"] and line["level"] == "info" for line in ended)
