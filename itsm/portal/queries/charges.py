"""What has a person's name on it and is not over: who leaves it should hand it on first."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from changes.models import ChangeRequest, ChangeTask
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor
from itsm.kernel.models import Team, User, WebhookEndpoint
from knowledge.models import Article
from transition.models import DeliveryStream, Gap, Improvement

MOST = 20  # of one kind are listed
TASK_IS_OVER = ("done", "skipped", "failed")
CHANGE_IS_OVER = ("closed", "rejected", "cancelled")
IMPROVEMENT_IS_OVER = ("worked", "did_not_work", "dropped")


@dataclass(frozen=True)
class Kind:
    label: str
    title: str
    found: Callable[[User, Actor], QuerySet]
    page: Callable[[str], str]
    handle: str = "pk"


@dataclass(frozen=True)
class Charge:
    label: str
    title: str
    url: str


def _at(name: str, prefix: str = "") -> Callable[[str], str]:
    return lambda handle: reverse(name, args=[f"{prefix}-{handle}" if prefix else handle])


def _tasks(user: User, actor: Actor) -> QuerySet:
    seen = ChangeRequest.objects.visible_to(actor)
    return ChangeTask.objects.filter(assignee=user, change__in=seen).exclude(state__in=TASK_IS_OVER)


def _changes(user: User, actor: Actor) -> QuerySet:
    mine = ChangeRequest.objects.visible_to(actor).filter(requested_by=user)
    return mine.exclude(status__in=CHANGE_IS_OVER)


def _improvements(user: User, _: Actor) -> QuerySet:
    return Improvement.objects.filter(owner=user).exclude(state__in=IMPROVEMENT_IS_OVER)


KINDS = (
    Kind("task", "title", _tasks, _at("changes:request-detail", ChangeRequest.PREFIX), "change_id"),
    Kind("change", "title", _changes, _at("changes:request-detail", ChangeRequest.PREFIX)),
    Kind("service", "name", lambda user, _: Service.objects.filter(owner=user).exclude(status="retired"),
         _at("cmdb:service-detail"), "slug"),
    Kind("CI", "name", lambda user, _: ConfigurationItem.objects.filter(owner=user).exclude(status="retired"),
         _at("cmdb:ci-detail", ConfigurationItem.PREFIX)),
    Kind("stream", "name", lambda user, _: DeliveryStream.objects.filter(owner=user).exclude(state="ended"),
         _at("transition:stream-detail", DeliveryStream.PREFIX)),
    Kind("gap", "title", lambda user, _: Gap.objects.filter(owner=user, state="open"),
         _at("transition:gap-detail", Gap.PREFIX)),
    Kind("improvement", "title", _improvements,
         _at("transition:improvement-detail", Improvement.PREFIX)),
    Kind("article", "title", lambda user, _: Article.objects.filter(owner=user).exclude(state="retired"),
         _at("knowledge:article-detail", Article.PREFIX)),
    Kind("team led", "name", lambda user, _: Team.objects.active().filter(lead=user), _at("team")),
    Kind("webhook", "name", lambda user, actor: WebhookEndpoint.objects.visible_to(actor).filter(owner=user),
         _at("webhook-detail")),
)  # fmt: skip


def of(user: User, actor: Actor) -> list[Charge]:
    """One query; MOST of each kind at most."""
    parts = [_rows(number, kind, kind.found(user, actor)) for number, kind in enumerate(KINDS)]
    rows = parts[0].union(*parts[1:], all=True).order_by("w_kind", "w_id")
    return [_charge(KINDS[row["w_kind"]], row) for row in rows]


def _rows(number: int, kind: Kind, found: QuerySet) -> QuerySet:
    handle = Cast(kind.handle, CharField())
    columns = {"w_kind": Value(number), "w_id": F("pk"), "w_title": F(kind.title), "w_handle": handle}
    return found.order_by().values(**columns).order_by("w_id")[:MOST]


def _charge(kind: Kind, row: dict[str, str]) -> Charge:
    return Charge(kind.label, row["w_title"], kind.page(row["w_handle"]))
