"""What other operations delivered is a run of the stream that promised it, so that nobody enters it twice.

A deployment, an acceptance review and a meeting's pack record their own runs; here are articles and CIs,
whose apps know nothing of streams. Each is known by its origin, so that telling it twice changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from cmdb.models import CIClass, ConfigurationItem, Relation
from cmdb.queries.impact import reach
from itsm.kernel.actor import Actor
from itsm.kernel.locks import Lock, hold
from itsm.kernel.operation import operation
from knowledge.models import Article
from transition.models import DeliveryItem, DeliveryStream, StreamRun
from transition.operations import handoffs, items, runs

DEPTH = 3  # service, application, server: what lies further down is shared, and no delivery of this service
WAITING = (DeliveryItem.State.PLANNED, DeliveryItem.State.IN_WORK)


@operation
def article_published(*, article_id: int, actor: Actor, now: datetime) -> list[StreamRun]:
    """A run of each knowledge stream that promised it: of the service, or of the requirements that it describes."""
    hold(Lock.PERIODS)
    article = Article.objects.select_related("published").filter(pk=article_id, published__isnull=False).first()
    if article is None or article.published is None:
        return []
    described = list(_described_by(article))
    waiting = DeliveryItem.objects.filter(article=article)
    streams = _active(DeliveryStream.Kind.KNOWLEDGE).filter(
        Q(plan__requirements__ci__in=described) | Q(plan__service__ci__in=described)
        | Q(pk__in=waiting.values("stream"))
    )  # fmt: skip
    origin, said = f"article:{article.published.pk}", f"{article.number} {article.title}"
    found = _run_each(streams, waiting, origin, said, actor, now)
    handoffs.follow(cis=described, actor=actor, now=now)
    return found


@operation
def ci_delivered(*, ci_id: int, actor: Actor, now: datetime) -> list[StreamRun]:
    """A piece of hardware that went live is a run of each hardware stream whose service stands on it."""
    hold(Lock.PERIODS)
    ci = ConfigurationItem.objects.select_related("ci_class").get(pk=ci_id)
    if ci.ci_class.kind != CIClass.Kind.HARDWARE or ci.status != ConfigurationItem.Status.LIVE:
        return []
    waiting = DeliveryItem.objects.filter(ci=ci, kind=DeliveryItem.Kind.HARDWARE)
    streams = _active(DeliveryStream.Kind.HARDWARE).filter(
        Q(plan__service__ci__in=reach([ci.pk], depth=DEPTH)) | Q(pk__in=waiting.values("stream"))
    )
    found = _run_each(streams, waiting, f"ci:{ci.pk}", f"{ci.number} {ci.name}", actor, now)
    handoffs.follow(cis=[ci.pk], actor=actor, now=now)
    return found


def _active(kind: str) -> QuerySet[DeliveryStream]:
    return DeliveryStream.objects.filter(kind=kind, state=DeliveryStream.State.ACTIVE)


def _described_by(article: Article) -> Iterable[int]:
    links = Relation.objects.filter(type=Relation.Type.DESCRIBES, source=article.ci_id)
    return links.order_by("pk").values_list("target_id", flat=True)


def _run_each(
    streams: QuerySet[DeliveryStream], items_of_it: QuerySet[DeliveryItem], origin: str, said: str, actor: Actor,
    now: datetime,
) -> list[StreamRun]:  # fmt: skip
    """A run of each stream, with the items that waited for it; items of packages are done too."""
    waiting = list(items_of_it.filter(state__in=WAITING).order_by("pk"))
    found = [
        runs.record_run(
            stream_id=pk, actor=actor, now=now, summary=said[:300], origin=origin,
            items=[item for item in waiting if item.stream_id == pk],
        )
        for pk in streams.order_by("pk").values_list("pk", flat=True).distinct()
    ]  # fmt: skip
    for item in waiting:
        if item.package_id is not None:
            items.complete(item_id=item.pk, actor=actor, now=now)
    return found
