"""The kernel's own metrics."""

from collections.abc import Iterator

from django.db.models import Count, Min
from prometheus_client.metrics_core import Metric

from itsm.kernel import events, heartbeats, ledger
from itsm.kernel.events import age_of
from itsm.kernel.watching import jobs
from itsm.kernel.watching.metrics import counters, gauge, gauges, part
from itsm.kernel.webhooks import sending


@part("outbox")
def outbox() -> Iterator[Metric]:
    lag = events.lag()
    yield gauge("outbox_unpublished_events", "Events that no relay has seen yet.", lag["unpublished"])
    yield gauge("outbox_unpublished_age_seconds", "Age of the oldest of them.", lag["unpublished_age"])
    yield gauge("outbox_undelivered_events", "Deliveries that subscribers still have to do.", lag["undelivered"])
    yield gauge("outbox_undelivered_age_seconds", "Age of the oldest event among them.", lag["undelivered_age"])
    yield gauge("outbox_parked_deliveries", "Deliveries that failed to the last and wait for somebody.", lag["parked"])


@part("webhooks")
def webhooks() -> Iterator[Metric]:
    due = sending.due().aggregate(n=Count("pk"), oldest=Min("due_at"))
    yield gauge("webhook_due_deliveries", "Messages to other systems whose time has come.", due["n"])
    yield gauge("webhook_due_age_seconds", "How long the longest of them has been due.", age_of(due["oldest"]))


@part("ledger")
def entries() -> Iterator[Metric]:
    yield gauge("ledger_entries", "The number of the ledger's last entry; it never goes down.", ledger.head()[0])


@part("heartbeats")
def signs_of_life() -> Iterator[Metric]:
    meaning = "Seconds since the last sign of life of any worker, of beat."
    yield gauges("heartbeat_age_seconds", meaning, "part", heartbeats.ages())


@part("jobs")
def job_runs() -> Iterator[Metric]:
    # Not a label `job`: Prometheus names what it scrapes by that.
    counted = jobs.counted()
    runs = {(job, outcome): n for (job, what), n in counted.items() if (outcome := jobs.OUTCOMES.get(what))}
    yield counters("job_runs", "Runs of background jobs by how they ended.", ["name", "outcome"], runs)
    seconds = {(job,): n for (job, what), n in counted.items() if what == "seconds"}
    yield counters("job_seconds", "Time that runs of background jobs took.", ["name"], seconds)
    latest = {job: at for (job, what), at in counted.items() if what == "latest"}
    yield gauges("job_last_success_timestamp_seconds", "When the job last ended well.", "name", latest)
