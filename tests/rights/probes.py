"""Asks a route as each identity and reads from the answer whether it may."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import ForeignKey, Model
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from changes.models import AgendaItem, CalendarFeed, Policy, PreAuthorisation
from changes.models.feed import digest_of
from cmdb.models import Baseline, ConfigurationItem, Relation, RelationProposal, Service
from itsm.kernel import tokens
from itsm.kernel.actor import Actor
from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.models import (
    Delegation,
    EventDelivery,
    LedgerCheckpoint,
    LedgerEntry,
    Notification,
    NotificationMute,
    OutboxEvent,
    RoleAssignment,
    User,
    WebhookDelivery,
)
from itsm.kernel.roles import Role
from itsm.kernel.webhooks import operations as webhooks
from tests.builders import make_service
from tests.conftest import prove
from tests.rights import bodies
from tests.rights.routes import Route
from transition.models import AcceptanceCriterion, NonFunctionalTarget, PipelineEvent, PipelineSource, ReleasePackage

# Which record stands for an argument, by what comes before it in the address.
KINDS = {
    "ci-edits": "cmdb.CIEdit", "devolutions": "transition.Devolution",
    "cis": "cmdb.ConfigurationItem", "classes": "cmdb.CIClass", "relations": "cmdb.Relation",
    "services": "cmdb.Service", "baselines": "cmdb.Baseline", "imports": "cmdb.ImportRun",
    "import-profiles": "cmdb.ImportProfile", "import-schedules": "cmdb.ImportSchedule",
    "articles": "knowledge.Article", "requests": "changes.ChangeRequest",
    "authorisations": "changes.Authorisation", "tasks": "changes.ChangeTask", "proposals": "changes.ChangeProposal",
    "jobs": "changes.OperationalJob", "freezes": "changes.Freeze", "models": "changes.ChangeModel",
    "policies": "changes.Policy", "pre-authorisations": "changes.PreAuthorisation",
    "recurring": "changes.RecurringChange",
    "plans": "transition.TransitionPlan", "requirements": "transition.Requirement",
    "packages": "transition.ReleasePackage", "items": "transition.DeliveryItem",
    "streams": "transition.DeliveryStream", "periods": "transition.StreamPeriod", "runs": "transition.StreamRun",
    "needs": "transition.Need", "absences": "transition.Absence", "shifts": "transition.Shift",
    "portfolio": "cmdb.Service",
    "deployments": "transition.Deployment", "acceptance": "transition.AcceptanceReview",
    "acceptance-reviews": "transition.AcceptanceReview", "acceptance-criteria": "transition.AcceptanceCriterion",
    "events": "transition.PipelineEvent", "pipeline-events": "transition.PipelineEvent",
    "pipeline-sources": "transition.PipelineSource", "gaps": "transition.Gap",
    "incidents": "transition.Incident", "meetings": "transition.Meeting",
    "meeting-series": "transition.MeetingSeries", "improvements": "transition.Improvement",
    "notifications": "kernel.Notification", "delegations": "kernel.Delegation",
    "muted": "kernel.NotificationMute",
    "boards": "changes.Board", "extensions": "changes.WindowExtension", "lessons": "changes.ChangeRequest",
    "feeds": "changes.CalendarFeed", "calendar-feeds": "changes.CalendarFeed",
    "history": "changes.ChangeRequest", "teams": "kernel.Team", "tokens": "kernel.ApiToken",
    "users": "kernel.User", "outbox": "kernel.EventDelivery", "deliveries": "kernel.EventDelivery",
    "checkpoints": "kernel.LedgerCheckpoint", "ledger": "kernel.LedgerEntry", "webhooks": "kernel.WebhookEndpoint",
    "people": "kernel.User", "roles": "kernel.RoleAssignment", "relation-groups": "cmdb.RelationGroup",
    "relation-proposals": "cmdb.RelationProposal", "conflicts": "cmdb.Conflict",
    "precedences": "cmdb.SourcePrecedence", "audits": "cmdb.Audit", "discrepancies": "cmdb.Discrepancy",
    "samples": "cmdb.Sample", "sampled-cis": "cmdb.SampledCI",
}  # fmt: skip


# Whose second person is always another than the first.
FIRST: dict[type[Model], list[str]] = {Delegation: ["giver"], Policy: ["drafted_by"], PreAuthorisation: ["proposed_by"]}
# Two kinds share a word: the address tells them apart.
NAMESAKES = {"/webhooks/deliveries/": "kernel.WebhookDelivery", "/changes/meetings/": "changes.BoardMeeting"}
SEEN = ", ".join(f'"r{revision}"' for revision in range(1, 100))  # whichever it is: that is not what is asked here


@dataclass
class Identity:
    name: str
    client: Client
    api: APIClient
    user: User | None = None

    def ask(self, route: Route, path: str, body: Any) -> Any:
        if route.is_read:
            return (self.api if route.is_api else self.client).get(path)
        if route.is_api:
            return getattr(self.api, route.method.lower())(path, body, format="json", headers={"If-Match": SEEN})
        return self.client.post(path, body)


def identity(name: str, *assignments: RoleAssignment, **details: Any) -> Identity:
    user = User.objects.create(username=f"rights.{name}", **details)
    for assignment in assignments:
        assignment.user = user
        assignment.save()
    # What a page asks by itself writes no session; undone each time, it would be written with every request.
    client, api = Client(headers={"X-Background": "1"}), APIClient()
    client.force_login(user, backend="itsm.kernel.sign_in.Backend")
    prove(client)
    api.credentials(HTTP_AUTHORIZATION=f"Token {tokens.make(user, name='rights')}")
    return Identity(name, client, api, user)


@dataclass
class Cast:
    """Nobody, somebody without a role, the record's own people, an administrator, and each role in each scope."""

    nobody: Identity
    stranger: Identity
    own: Identity
    admin: Identity
    everywhere: dict[str, Identity] = field(default_factory=dict)
    here: dict[str, Identity] = field(default_factory=dict)
    elsewhere: dict[str, Identity] = field(default_factory=dict)


def make_the_rest(admin: User) -> None:
    """What the demo has none of: a delivery of each sort, and the endpoint of a webhook."""
    event = OutboxEvent.objects.latest("pk")
    EventDelivery.objects.create(event=event, subscriber="nobody.listens", lane="rights", parked_at=Now())
    endpoint, _ = webhooks.create(
        name="Chat", url="https://chat.example.org/", patterns=["*"], actor=Actor.person(admin)
    )
    Notification.objects.create(user=admin, text="Look.", subject_type="cmdb.service", subject_id=1)
    NotificationMute.objects.create(user=admin, subject_type="cmdb.service", subject_id=2, subject="Look")
    CalendarFeed.objects.create(user=admin, digest=digest_of("rights"))
    taker, since = User.objects.earliest("pk"), timezone.now()
    Delegation.objects.create(
        giver=admin, taker=taker, role=Role.VIEWER, since=since, until=since + timedelta(days=1), reason="Leave"
    )
    source, target = ConfigurationItem.objects.order_by("pk")[:2]
    RelationProposal.objects.create(source=source, target=target, evidence="INC-1", why="It broke.")
    LedgerCheckpoint.objects.create(sequence=1, hash="0" * 64, at=since, key="rights", signature="none")
    PipelineSource.objects.create(name="Rights", kind="github")
    PipelineEvent.objects.create(
        source="/rights", event_id="1", type="x", payload={}, lane="", state="parked", problem="Nobody knows it."
    )
    WebhookDelivery.objects.create(endpoint=endpoint, message_id="m-1", name="ping", body="{}", parked_at=Now())


def make_cast() -> Cast:
    services = list(Service.objects.values_list("pk", flat=True))
    other = make_service("Elsewhere")
    cast = Cast(
        Identity("nobody", Client(), APIClient()), identity("stranger"), identity("own"),
        identity("admin", is_superuser=True),
    )  # fmt: skip
    assert cast.admin.user is not None
    make_the_rest(cast.admin.user)
    for role in Role.values:
        cast.everywhere[role] = identity(role, RoleAssignment(role=role))
        cast.here[role] = identity(f"{role}.here", *[RoleAssignment(role=role, service_id=pk) for pk in services])
        cast.elsewhere[role] = identity(f"{role}.elsewhere", RoleAssignment(role=role, service_id=other.pk))
    return cast


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def model_of(route: Route) -> type[Model]:
    """What a route of one of the KINDS is about."""
    return apps.get_model(next((name for part, name in NAMESAKES.items() if part in route.path), KINDS[route.kind]))


def record_for(route: Route, own: User) -> Model | None:
    """A record for the route's argument; the user takes the place of each person it names."""
    if "{" not in route.path or route.kind not in KINDS:
        return None
    records = model_of(route)._base_manager.order_by("-pk")
    if route.kind == "portfolio":  # it has a line for each service with a plan
        records = records.filter(plan__isnull=False)
    record = records.first()
    if record is None:
        return None
    hand_over(record, own)
    for related in ("tasks", "change"):
        for other in getattr(getattr(record, related, None), "all", lambda: [getattr(record, related, None)])():  # noqa: B023 called at once
            if isinstance(other, Model):
                hand_over(other, own)
    return record


def hand_over(record: Model, own: User) -> None:
    if isinstance(record, LedgerEntry | LedgerCheckpoint | Baseline):  # nothing of theirs is ever rewritten
        return
    people = [f.name for f in record._meta.concrete_fields if isinstance(f, ForeignKey) and f.related_model is User]
    people = FIRST.get(type(record), people)
    if people:
        type(record)._base_manager.filter(pk=record.pk).update(**dict.fromkeys(people, own))


def path_of(route: Route, record: Model | None) -> str:
    """The address with its arguments filled in: the record's reference first, then whatever there is."""
    path = route.path
    reference = _reference(record, route)
    path = path.replace("{slug}", reference, 1) if "{slug}" in path else path
    for name in ("{number}", "{pk}", "{sequence}"):
        path = path.replace(name, reference, 1)
    if "{code}" in path:
        criterion = AcceptanceCriterion.objects.order_by("pk").first()
        path = path.replace("{code}", criterion.code if criterion and "/answer/" in path else reference)
    for argument, value in _second(record).items():
        path = path.replace(f"{{{argument}}}", str(value))
    path = path.replace("{name}", "cadence_kept").replace("{key}", "rights")
    if isinstance(record, Baseline):
        path = path.replace("{ci}", str(record.items.values_list("ci_id", flat=True).first()))
    return path.replace("{kind}", "change" if "/suggest/" in path else "task").replace(
        "{ci}", str(_first("cmdb.ConfigurationItem"))
    )


def _second(record: Model | None) -> dict[str, Any]:
    """What stands for the second argument of an address: a part of the record."""
    relation = Relation.objects.filter(source=record).first() if isinstance(record, ConfigurationItem) else None
    target = NonFunctionalTarget.objects.filter(package=record).first() if isinstance(record, ReleasePackage) else None
    group = record.relation_groups.first() if isinstance(record, ConfigurationItem) else None
    return {
        "relation": getattr(relation, "pk", 1),
        "group": getattr(group, "pk", 1),
        "target_id": getattr(target, "pk", 1),
        "way": "update",
    }


def _reference(record: Model | None, route: Route) -> str:
    if record is None:
        return "1"
    if "{number}" in route.path and getattr(record, "number", None):
        return str(record.number)  # type: ignore[attr-defined]
    if route.kind == "users":
        return str(record.username)  # type: ignore[attr-defined]
    if route.is_api or route.path.startswith(("/deliveries", "/ledger", "/account")):
        return str(record.pk)
    for name in ("slug", "code", "number"):
        if value := getattr(record, name, None):
            return str(value)
    return str(record.pk)


def body_of(route: Route, path: str, admin: Identity, monkeypatch: Any) -> Any:
    """What an operation asks for, learned by asking it with nothing."""
    if not route.is_api or route.is_read:
        return {}
    asked: list[type] = []
    plain: Callable[..., Any] = RecordViewSet.validated

    def remember(self: Any, serializer: Any, said: Any) -> Any:
        asked.append(serializer)
        return plain(self, serializer, said)

    with monkeypatch.context() as patch, undone():
        patch.setattr(RecordViewSet, "validated", remember)
        admin.ask(route, path, [{"id": _first(KINDS[route.kind])}] if _is_list(route) else {})
    body = bodies.example(asked[0], _known(route)) if asked else {}
    return body if not _is_list(route) else [body | {"id": _first(KINDS[route.kind])}]


def _first(kind: str) -> Any:
    return apps.get_model(kind)._base_manager.order_by("pk").values_list("pk", flat=True).first()


def _known(route: Route) -> dict[str, Any]:
    """What an operation asks for although its form does not say what fits: a home, the agenda that there is."""
    if route.kind == "meetings":
        agenda = list(AgendaItem.objects.order_by("pk").values_list("pk", flat=True))
        return {"item": agenda[0], "items": agenda}
    return {"package": _first("transition.ReleasePackage")} if route.kind == "items" else {}


def _is_list(route: Route) -> bool:
    return route.method in ("PATCH", "DELETE") and "{" not in route.path and route.kind in KINDS


def verdict(answer: Any) -> str:
    """`may`, `no` (403), `hidden` (404), `sign in`, or `none` where the address does not take the method."""
    if answer.status_code == 405:
        return "none"
    if answer.status_code == 401 or (answer.status_code == 302 and "/accounts/login" in answer["Location"]):
        return "sign in"
    return {403: "no", 404: "hidden"}.get(answer.status_code, "may")


TRACES = ", ".join(f"(SELECT count(*) FROM {model._meta.db_table})" for model in (LedgerEntry, OutboxEvent, Service))


def traces() -> tuple[int, ...]:
    """What a refused request must not change."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {TRACES}")
        return tuple(cursor.fetchone())
