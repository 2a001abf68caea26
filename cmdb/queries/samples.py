"""Samples with their answers, and how true the record is by them."""

from dataclasses import dataclass
from math import sqrt

from django.db.models import Count, Q, QuerySet

from cmdb.models import Sample, SampledCI
from itsm.kernel.actor import Actor
from itsm.kernel.roles import Role

# Of the normal distribution, for a confidence of 95 %.
Z = 1.959964


@dataclass(frozen=True)
class Accuracy:
    """The share of true records among those answered, and between which shares that of all lies (95 % confidence)."""

    share: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.share:.0%} ({self.low:.0%} to {self.high:.0%})"


def accuracy(true: int, answered: int) -> Accuracy | None:
    """By the score interval of Wilson (1927), which holds for few answers and for shares near 0 and 1 as well."""
    if not answered:
        return None
    share, z2 = true / answered, Z * Z
    centre = (share + z2 / (2 * answered)) / (1 + z2 / answered)
    half = Z / (1 + z2 / answered) * sqrt(share * (1 - share) / answered + z2 / (4 * answered * answered))
    return Accuracy(share, max(0.0, centre - half), min(1.0, centre + half))


def listed() -> QuerySet[Sample]:
    """With the counts of its answers, the newest first."""
    samples = Sample.objects.select_related("requested_by").annotate(
        size=Count("cis"),
        true=Count("cis", filter=Q(cis__verdict=SampledCI.Verdict.TRUE)),
        wrong=Count("cis", filter=Q(cis__verdict=SampledCI.Verdict.WRONG)),
    )
    return samples.order_by("-pk")


def accuracy_of(sample: Sample) -> Accuracy | None:
    """Of a sample that is `listed`."""
    return accuracy(sample.true, sample.true + sample.wrong)  # type: ignore[attr-defined]


def sampled() -> QuerySet[SampledCI]:
    return SampledCI.objects.select_related(
        "sample", "ci__ci_class", "ci__owner", "ci__support_team", "asked", "answered_by"
    ).order_by("pk")


def waiting_for(actor: Actor) -> QuerySet[SampledCI]:
    """What the actor is to say; of CIs that nobody answers for, the configuration managers."""
    mine = Q(asked=actor.user_id)
    if actor.holds(Role.CONFIGURATION_MANAGER) and not actor.is_admin:
        mine |= Q(asked__isnull=True)
    return SampledCI.objects.filter(mine, verdict=SampledCI.Verdict.OPEN, sample__state=Sample.State.OPEN)


def before(sample: Sample, count: int = 8) -> list[Sample]:
    """The samples before it that were drawn from the same CIs, the newest first."""
    return list(listed().filter(query=sample.query, pk__lt=sample.pk)[:count])
