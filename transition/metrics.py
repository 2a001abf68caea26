"""What the clockwork of the streams tells those who run the site."""

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client.metrics_core import Metric

from itsm.kernel.events import age_of
from itsm.kernel.watching.metrics import gauge, part
from transition.queries import clockwork, pipeline


@part("periods")
def periods() -> Iterator[Metric]:
    """A period is opened and judged within a minute of its time, unless no worker does it."""
    now = timezone.now()
    closing, opening = clockwork.to_close(now), clockwork.to_open(now)
    yield gauge("stream_periods_late", "Stream periods that are over and not closed yet.", closing.number)
    yield gauge("stream_period_lateness_seconds", "How long the longest of them is over.", closing.seconds)
    yield gauge("stream_openings_late", "Streams whose next period has begun and is not opened yet.", opening.number)
    yield gauge("stream_opening_lateness_seconds", "How long ago the longest of them began.", opening.seconds)


@part("clockwork")
def last_turn() -> Iterator[Metric]:
    """After an outage the others fall back to nought at once; this tells how late everything came."""
    if turn := clockwork.last_turn():
        yield gauge("stream_turn_lateness_seconds", "How late the last turn came for what was due.", turn.seconds)


@part("pipeline_events")
def pipeline_events() -> Iterator[Metric]:
    """An event waits seconds, unless no worker takes it or it fails; a parked one waits for somebody."""
    standing = pipeline.standing()
    waiting, oldest = standing["waiting"]
    yield gauge("pipeline_events_waiting", "Events of pipelines that are not worked off yet.", waiting)
    yield gauge("pipeline_events_age_seconds", "How long the oldest of them has waited.", age_of(oldest))
    yield gauge("pipeline_events_parked", "Events of pipelines that were given up.", standing["parked"][0])
