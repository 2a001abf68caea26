"""Two at once: every period opens once, closes once, and a run recorded meanwhile is not lost."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from itsm.kernel.models import OutboxEvent
from tests.builders import SYSTEM
from tests.journeys.conftest import eventually, start  # noqa: F401
from tests.transition.builders import at, make_plan, make_stream
from transition.models import StreamPeriod, StreamRun
from transition.operations import periods, runs

pytestmark = pytest.mark.django_db(transaction=True)


def together(*deeds):
    """Do all at the same moment, each on a connection of its own; answers what each returned."""
    ready = Barrier(len(deeds))

    def do(deed):
        try:
            connection.ensure_connection()
            ready.wait()
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def assert_tiled(stream):
    spans = list(StreamPeriod.objects.filter(stream=stream).order_by("span").values_list("span", flat=True))
    assert all(one.upper == other.lower for one, other in itertools.pairwise(spans))


def test_two_beats_at_once_open_and_close_each_period_once():
    plan = make_plan()
    streams = [make_stream(plan) for _ in range(5)]

    turned = together(*[lambda: periods.turn(now=at(23, 8), actor=SYSTEM)] * 4)

    assert sum(t.opened for t in turned) == 5 * (15 + 3 + 1)  # working days, weekends, today
    assert sum(t.closed for t in turned) == 5 * 15
    assert OutboxEvent.objects.filter(name="transition.period.missed").count() == 5 * 15
    for stream in streams:
        assert_tiled(stream)


def test_a_run_recorded_while_its_period_closes_counts():
    for day in (3, 4, 5, 6):
        stream = make_stream(make_plan() if day == 3 else stream.plan, active_from=at(day).date())  # noqa: F821
        periods.turn(now=at(day, 9), actor=SYSTEM)

        together(
            lambda day=day: periods.turn(now=at(day + 1), actor=SYSTEM),
            lambda day=day, stream=stream: runs.record_run(
                stream_id=stream.pk, actor=SYSTEM, now=at(day + 1), at=at(day, 23, 59)
            ),
        )

        assert StreamPeriod.objects.filter(stream=stream).order_by("span").first().state == "met"


def test_the_same_origin_recorded_twice_at_once_is_one_run():
    stream = make_stream()

    def record():
        return runs.record_run(stream_id=stream.pk, actor=SYSTEM, now=at(23, 9), origin="deployment:17").pk

    assert len(set(together(record, record, record))) == 1
    assert StreamRun.objects.count() == 1


def test_with_two_schedulers_and_a_worker_each_period_opens_and_closes_once(start):  # noqa: F811
    """Real processes; time is today's, so the stream began ten days ago."""
    began = datetime.now(UTC).date() - timedelta(days=10)
    streams = [make_stream(make_plan(), active_from=began, working_days_only=False)]
    streams.append(make_stream(streams[0].plan, active_from=began, working_days_only=False, period_days=3))
    start("worker")
    start("beat")
    start("beat")

    assert eventually(lambda: StreamPeriod.objects.filter(stream=streams[0]).exclude(state="open").count() >= 10)
    counted = StreamPeriod.objects.filter(stream=streams[0]).count()
    assert eventually(lambda: OutboxEvent.objects.filter(name="transition.period.missed").count() >= 13)

    for stream in streams:
        assert_tiled(stream)
    assert counted - StreamPeriod.objects.filter(stream=streams[0], state="open").count() in (10, 11)
    missed = OutboxEvent.objects.filter(name="transition.period.missed").values_list("subject_id", flat=True)
    assert len(missed) == len(set(missed))
