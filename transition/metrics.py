"""What the clockwork of the streams tells those who run the site."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.db.models.functions import Now, Upper
from prometheus_client.metrics_core import Metric

from itsm.kernel.events import age_of
from itsm.kernel.watching.metrics import gauge, part
from transition.models import StreamPeriod
from transition.queries import pipeline


@part("periods")
def periods() -> Iterator[Metric]:
    """A period whose end has passed is judged within a minute, unless no worker does it."""
    over = StreamPeriod.objects.filter(state=StreamPeriod.State.OPEN, span__endswith__lte=Now())
    late = over.aggregate(n=Count("pk"), oldest=Min(Upper("span")))
    yield gauge("stream_periods_late", "Stream periods that are over and not closed yet.", late["n"])
    yield gauge("stream_period_lateness_seconds", "How long the longest of them is over.", age_of(late["oldest"]))


@part("pipeline_events")
def pipeline_events() -> Iterator[Metric]:
    """An event waits seconds, unless no worker takes it or it fails; a parked one waits for somebody."""
    standing = pipeline.standing()
    waiting, oldest = standing["waiting"]
    yield gauge("pipeline_events_waiting", "Events of pipelines that are not worked off yet.", waiting)
    yield gauge("pipeline_events_age_seconds", "How long the oldest of them has waited.", age_of(oldest))
    yield gauge("pipeline_events_parked", "Events of pipelines that were given up.", standing["parked"][0])
