"""What happened elsewhere is a run of a stream, and what a stream delivered makes a need in the next."""

from django.urls import reverse

from cmdb.models import Relation
from itsm.kernel import events, notifications
from itsm.kernel.actor import Actor
from itsm.kernel.models import OutboxEvent, User
from itsm.kernel.models.notification import Mail
from knowledge.models import Article
from transition.models import DeliveryStream, Need, StreamRun, UncoveredDay
from transition.operations import delivered, handoffs

OVERDUE = notifications.kind(
    "transition.need", "A hand-over of mine is overdue", action="See what is owed",
    why="You own the stream that has to follow, or its service.", mail=Mail.AT_ONCE,
)  # fmt: skip
COVER = notifications.kind(
    "transition.cover", "A role of my stream is not covered", action="See the days", why="You own the stream.",
)  # fmt: skip
PROGRAM = Actor.system("hand-overs")


@events.on("knowledge.article.published")
def record_the_article(event: OutboxEvent) -> None:
    delivered.article_published(article_id=event.subject_id, actor=PROGRAM, now=event.occurred_at)


@events.on("knowledge.article.retired")
def need_another_article(event: OutboxEvent) -> None:
    article = Article.objects.get(pk=event.subject_id)
    described = Relation.objects.filter(type=Relation.Type.DESCRIBES, source=article.ci_id).order_by("pk")
    handoffs.follow(
        cis=described.values_list("target_id", flat=True), actor=PROGRAM, now=event.occurred_at
    )  # fmt: skip


@events.on("cmdb.ci.moved")
def record_the_hardware(event: OutboxEvent) -> None:
    if event.payload.get("to") == "live":
        delivered.ci_delivered(ci_id=event.subject_id, actor=PROGRAM, now=event.occurred_at)


@events.on("transition.run.recorded")
@events.on("transition.run.taken_back")
def follow_the_run(event: OutboxEvent) -> None:
    run = StreamRun.objects.get(pk=event.subject_id)
    handoffs.follow_stream(stream_id=run.stream_id, actor=PROGRAM, now=event.occurred_at)


@events.on("transition.needs.overdue")
def tell_whose_needs_are_overdue(event: OutboxEvent) -> None:
    """One message for whatever became overdue at once; none of what was met meanwhile."""
    named = list(
        Need.objects.filter(pk__in=event.payload["needs"], state=Need.State.OPEN)
        .select_related("stream__plan__service", "ci")
        .order_by("due", "pk")
    )
    if not named:
        return
    need, more = named[0], event.payload["late"] - 1
    due = f"{need.due:%a} {need.due.day} {need.due:%b}" if need.due else ""
    text = f"{need.stream.plan.service.name}: {need.display} was due {due}."
    if more:
        text += f" {more} more {'is' if more == 1 else 'are'} overdue."
    notifications.tell(
        User.objects.filter(pk=event.subject_id), kind=OVERDUE, text=text, event=event,
        about=None if more else need.stream,
        link=f"{reverse('transition:need-list')}?state=open&overdue=true" if more else need.get_absolute_url(),
    )  # fmt: skip


@events.on("transition.cover.lacking")
def tell_whose_roles_are_not_covered(event: OutboxEvent) -> None:
    """One message for all that was found at once; none of what is covered again."""
    lacking = UncoveredDay.objects.filter(stream__in=event.payload["streams"])
    streams = list(
        DeliveryStream.objects.filter(uncovered_days__in=lacking).select_related("plan__service").distinct()
        .order_by("plan_id", "ordinal")
    )  # fmt: skip
    if not streams:
        return
    first, days = streams[0], event.payload["days"]
    more = f" and {len(streams) - 1} more" if len(streams) > 1 else ""
    text = f"In the next two weeks nobody covers {days} role-day{'' if days == 1 else 's'} of "
    notifications.tell(
        User.objects.filter(pk=event.subject_id), kind=COVER, event=event, about=None if more else first,
        text=f"{text}{first.plan.service.name}: stream {first.display}{more}.",
        link=f"{first.get_absolute_url()}#people",
    )  # fmt: skip
