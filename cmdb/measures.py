"""What is measured of the record."""

from django.db.models import Count, Q

from cmdb.models import SampledCI
from cmdb.queries.samples import accuracy
from itsm.kernel.measures import Reading, Scope, measure


@measure(
    "record_accuracy", "Records that are true",
    "CIs drawn by lot whose owners said in the time that the record is true, of all about which they answered in it. "
    "The share of all CIs lies between low and high with 95 % confidence (Wilson).",
    unit="share", family="ITIL", of=("team",),
)  # fmt: skip
def record_accuracy(scope: Scope) -> Reading:
    answers = SampledCI.objects.filter(answered_at__gte=scope.since, answered_at__lt=scope.until)
    if scope.team is not None:
        answers = answers.filter(ci__support_team=scope.team)
    counts = answers.aggregate(all=Count("pk"), true=Count("pk", filter=Q(verdict=SampledCI.Verdict.TRUE)))
    found = accuracy(counts["true"], counts["all"])
    if found is None:
        return Reading(None, counts)
    return Reading(found.share, {**counts, "low": found.low, "high": found.high})
