"""What streams wait for: a run in the present period, what is owed to those who come after, a role to be covered."""

from datetime import datetime

from django.db.models import Count, Exists, F, Func, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from itsm.kernel.actor import Actor
from itsm.portal.queries.work_source import TEXT, Row, Source, Step, page_of
from transition.models import DeliveryStream, Need, StreamPeriod, UncoveredDay


def _due(actor: Actor, now: datetime) -> QuerySet:
    """Open periods that still lack a run, of streams whose owner the actor is or one of whose roles the actor holds."""
    mine = Q(stream__owner=actor.user_id)
    if everywhere := sorted(role for role, service in actor.assignments if service is None):
        mine |= Q(stream__roles__overlap=everywhere)
    for role, service in sorted((r, s) for r, s in actor.assignments if s is not None):
        mine |= Q(stream__roles__contains=[role], stream__plan__service=service)
    return (
        StreamPeriod.objects.filter(mine, state=StreamPeriod.State.OPEN, span__contains=now)
        .filter(stream__state=DeliveryStream.State.ACTIVE)
        .annotate(done=Count("runs"))
        .filter(done__lt=F("expected_min"))
    )


def _run(row: Row) -> tuple[str, Step]:
    page = page_of("transition:stream-record-run", DeliveryStream.PREFIX, row["w_subject"])
    return f"{row['w_detail']}: {row['w_more']} in this period", Step("Record a run", "r", page)


def _needs(actor: Actor, now: datetime) -> QuerySet:
    """What a stream of the actor's owes past its day; what is in time waits for the stream's run."""
    return Need.objects.filter(stream__owner=actor.user_id, state=Need.State.OPEN, escalated_at__isnull=False)


def _need(row: Row) -> tuple[str, Step]:
    page = f"{page_of('transition:stream-detail', DeliveryStream.PREFIX, row['w_subject'])}#needs"
    return f"{row['w_detail']}: owed since it was due on {row['w_more']}", Step("See it", "n", page)


def _uncovered(actor: Actor, now: datetime) -> QuerySet:
    """Streams of the actor's with days to come on which nobody covers a role."""
    lacking = UncoveredDay.objects.filter(stream=OuterRef("pk"), day__gte=now.date()).order_by()
    counts = lacking.values("stream").annotate(n=Count("pk"), since=Min("found_at"))
    return DeliveryStream.objects.filter(Exists(lacking), owner=actor.user_id).annotate(
        lacking=Subquery(counts.values("n")), lacking_since=Subquery(counts.values("since"))
    )


def _cover(row: Row) -> tuple[str, Step]:
    page = f"{page_of('transition:stream-detail', DeliveryStream.PREFIX, row['w_id'])}#people"
    days = row["w_more"]
    return f"{row['w_detail']}: nobody covers {days} role-day{'' if days == '1' else 's'}", Step("See them", "u", page)


STREAMS = (
    Source(
        "run",
        "Run",
        _due,
        {
            "since": "span__startswith",
            "title": "stream__name",
            "subject": "stream_id",
            "detail": "stream__plan__service__name",
            "more": Concat(Cast("done", TEXT), Value(" of "), Cast("expected_min", TEXT), output_field=TEXT),
        },
        _run,
    ),
    Source(
        "need",
        "Hand-over",
        _needs,
        {
            "since": "arisen_at",
            "title": "ci__name",
            "subject": "stream_id",
            "detail": "stream__plan__service__name",
            "more": Func(F("due"), Value("FMDD FMMon"), function="to_char", output_field=TEXT),
        },
        _need,
    ),
    Source(
        "cover",
        "Role cover",
        _uncovered,
        {
            "since": "lacking_since",
            "title": "name",
            "detail": "plan__service__name",
            "more": Cast("lacking", TEXT),
        },
        _cover,
    ),
)
