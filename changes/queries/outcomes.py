"""How changes went: outcomes by count, what authorisation took, who is waited for, and a score with its lines."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Max, Min, Q, QuerySet
from django.db.models.functions import Least, Now

from changes.models import Authorisation, ChangeModel, ChangeRequest
from changes.queries.ended import CLEAN, LEFT_OUT, WENT_WELL, ended_in
from itsm.kernel.measures import Scope, share
from itsm.kernel.roles import Role

Outcome = ChangeRequest.Outcome
SHOWN = 50
COUNTED = {
    "all": Count("pk", distinct=True),
    "successful": Count("pk", filter=Q(outcome=Outcome.SUCCESSFUL), distinct=True),
    "with_issues": Count("pk", filter=Q(outcome=Outcome.WITH_ISSUES), distinct=True),
    "clean_back_outs": Count("pk", filter=CLEAN, distinct=True),
    "backed_out": Count(
        "pk", filter=Q(outcome=Outcome.BACKED_OUT) & ~Q(backed_out_cleanly=True), distinct=True
    ),
    "failed": Count("pk", filter=Q(outcome=Outcome.FAILED), distinct=True),
    "emergency": Count("pk", filter=Q(type=ChangeModel.Type.EMERGENCY), distinct=True),
    "unauthorised": Count("pk", filter=Q(type=ChangeModel.Type.UNAUTHORISED), distinct=True),
    "went_well": Count("pk", filter=WENT_WELL, distinct=True),
    "left_out": Count("pk", filter=LEFT_OUT, distinct=True),
}  # fmt: skip
# What emergencies left unsaid until they were over.
AFTERWARDS = {
    "asked": Count("pk", filter=Q(later_due_at__isnull=False), distinct=True),
    "in_time": Count("pk", filter=Q(later_said_at__lte=F("later_due_at")), distinct=True),
    "late": Count("pk", filter=Q(later_said_at__gt=F("later_due_at")), distinct=True),
    "overdue": Count("pk", filter=Q(later_said_at__isnull=True, later_due_at__lte=Now()), distinct=True),
}
# What each ended change adds to the score or takes from it.
POINTS = {
    "successful": 3,
    "with_issues": -2,
    "clean_back_outs": -1,
    "backed_out": -5,
    "failed": -5,
    "unauthorised": -10,
}
SAID = {
    "successful": "Successful", "with_issues": "Successful with issues", "clean_back_outs": "Backed out cleanly",
    "backed_out": "Backed out", "failed": "Failed", "unauthorised": "Unauthorised",
}  # fmt: skip
# What the list of changes is asked for, to show those that are counted.
LISTED = {
    "all": {}, "successful": {"outcome": "successful"}, "with_issues": {"outcome": "with_issues"},
    "clean_back_outs": {"clean": "yes"}, "backed_out": {"clean": "no"}, "failed": {"outcome": "failed"},
    "emergency": {"type": "emergency"}, "unauthorised": {"type": "unauthorised"},
}  # fmt: skip
BEGIN, LEAST, MOST = 500, 0, 850


@dataclass(frozen=True)
class Tally:
    """The changes of one model, team or service (or all) that ended, by how they ended."""

    name: str
    counts: dict[str, int]
    ref: str = ""  # by which the list of changes is asked for these

    @property
    def success_rate(self) -> float | None:
        """What went well, of all that ended with an outcome; a clean back-out counts as its model says."""
        ended = self.counts["all"] - self.counts["unauthorised"] - self.counts["left_out"]
        return share(self.counts["went_well"], ended)

    @property
    def emergency_share(self) -> float | None:
        return share(self.counts["emergency"], self.counts["all"])


@dataclass(frozen=True)
class Line:
    """One line of the score: so many changes, each worth so many points."""

    said: str
    changes: int
    points: int
    of: str  # the name of what is counted

    @property
    def worth(self) -> int:
        return self.changes * self.points


@dataclass(frozen=True)
class Wait:
    """How long an authority takes: what it decided in the time, and what waits for it now."""

    role: str
    decided: int
    median: timedelta | None
    longest: timedelta | None
    open: int = 0
    oldest: datetime | None = None

    @property
    def label(self) -> str:
        return str(Role(self.role).label)


@dataclass(frozen=True)
class Report:
    whole: Tally
    by_model: list[Tally]
    by_team: list[Tally]
    by_service: list[Tally]
    authorised: dict[str, Any]  # changes, median and p90 to the last authorisation, since raised and since submitted
    waits: list[Wait]
    afterwards: dict[str, int]  # of changes that left something unsaid: asked, said in time or late, overdue

    @property
    def lines(self) -> list[Line]:
        return [Line(SAID[name], self.whole.counts[name], points, name) for name, points in POINTS.items()]

    @property
    def score(self) -> int:
        """500 and what each line is worth, never below 0 nor above 850."""
        return max(LEAST, min(MOST, BEGIN + sum(line.worth for line in self.lines)))


class Percentile(Aggregate):
    """`percentile_cont`: the value below which this share lies."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def report_of(scope: Scope) -> Report:
    """Over the changes that ended in the time; seven queries, whose rows are groups and not changes."""
    ended = ended_in(scope).order_by()
    whole = ended.aggregate(**COUNTED, **{f"later_{name}": count for name, count in AFTERWARDS.items()})
    afterwards = {name: whole.pop(f"later_{name}") for name in AFTERWARDS}
    return Report(
        whole=Tally("All", whole),
        by_model=_by(ended, "model__name", "model__code"),
        by_team=_by(ended, "services__support_team__name", "services__support_team__name"),
        by_service=_by(ended, "services__ci__name", "services__slug"),
        authorised=_authorised(ended),
        waits=_waits(scope),
        afterwards=afterwards,
    )


def _by(ended: QuerySet[ChangeRequest], name: str, ref: str) -> list[Tally]:
    """The most frequent first; what belongs to none of them is left out."""
    groups = ended.filter(**{f"{name}__isnull": False}).values(name, ref).annotate(**COUNTED)
    rows = list(groups.order_by("-all", name)[:SHOWN])
    return [Tally(row[name], {each: row[each] for each in COUNTED}, row[ref]) for row in rows]


def _authorised(ended: QuerySet[ChangeRequest]) -> dict[str, Any]:
    """To the last authorisation of what people authorised: since it was raised, and since it was submitted.

    It was raised when it was first written down, or when it was submitted, if the record came later than that.
    """
    given = Authorisation.objects.filter(
        change__in=ended.filter(submitted_at__isnull=False).values("pk"), state=Authorisation.State.AUTHORISED
    ).exclude(role=Role.PIPELINE)
    raised = Least("change__created_at", "change__submitted_at")
    took = given.values("change").annotate(
        took=Max("decided_at") - Min(raised), submitted=Max("decided_at") - Min("change__submitted_at")
    )
    return took.aggregate(
        changes=Count("change"),
        median=Percentile("took", share=0.5),
        p90=Percentile("took", share=0.9),
        submitted_median=Percentile("submitted", share=0.5),
        submitted_p90=Percentile("submitted", share=0.9),
    )


def _waits(scope: Scope) -> list[Wait]:
    seen = Authorisation.objects.filter(change__in=_of(scope)).exclude(role=Role.PIPELINE)
    took = ExpressionWrapper(F("decided_at") - F("asked_at") - F("paused_for"), output_field=DurationField())
    decided = seen.filter(decided_at__gte=scope.since, decided_at__lt=scope.until).values("role")
    found = {
        row["role"]: Wait(row["role"], row["decided"], row["median"], row["longest"])
        for row in decided.annotate(decided=Count("pk"), median=Percentile(took, share=0.5), longest=Max(took))
    }
    for row in _open(seen):
        known = found.get(row["role"]) or Wait(row["role"], 0, None, None)
        found[row["role"]] = Wait(known.role, known.decided, known.median, known.longest, row["open"], row["oldest"])
    return sorted(found.values(), key=lambda wait: wait.label)


def _open(seen: QuerySet[Authorisation]) -> Any:
    waiting = seen.filter(state__in=Authorisation.OPEN, change__status__in=ChangeRequest.DECIDABLE)
    return waiting.values("role").annotate(open=Count("pk"), oldest=Min("asked_at"))


def _of(scope: Scope) -> Any:
    """The changes that the one who asks may see, of a service or of a team's services."""
    changes = ChangeRequest.objects.visible_to(scope.actor)
    if scope.service is not None:
        changes = changes.filter(services=scope.service)
    if scope.team is not None:
        changes = changes.filter(services__support_team=scope.team)
    return changes.order_by().values("pk")
