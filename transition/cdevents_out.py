"""Our own decisions as CDEvents: approvals of deployments and changes, and deployments that ended.

Approvals are in no released version of CDEvents yet; their draft's shape is sent under a name of our own.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from changes.models import Authorisation, ChangeRequest
from itsm.kernel.models import OutboxEvent, WebhookEndpoint
from itsm.kernel.webhooks.formats import Format, register
from transition.models import Deployment

SPEC = "0.5.1"
APPROVAL = "dev.cdeventsx.slipway-approval.{}.0.1.0"
SAID = {"authorised": "approved", "rejected": "rejected", "refused": "rejected", "more_information": "requestChanges"}
Told = tuple[str, str, dict[str, Any]]  # the type, the subject's id, and what is said of it


def translate(event: OutboxEvent) -> dict[str, Any] | None:
    """The CloudEvent; None for what CDEvents has no word for."""
    read = READERS.get(event.name)
    told = read(event) if read else None
    return enveloped(f"slipway-{event.pk}", *told, event.occurred_at) if told else None


def enveloped(id_: str, type_: str, subject: str, content: dict[str, Any], at: datetime) -> dict[str, Any]:
    source, time = settings.SITE_URL, at.isoformat()
    context = {"specversion": SPEC, "id": id_, "source": source, "type": type_, "timestamp": time}
    return {
        "specversion": "1.0", "id": id_, "source": source, "type": type_, "subject": subject, "time": time,
        "datacontenttype": "application/json",
        "data": {"context": context, "subject": {"id": subject, "source": source, "content": content}},
    }  # fmt: skip


def ping(endpoint: WebhookEndpoint) -> dict[str, Any]:
    now = timezone.now()
    content = {"endpoint": endpoint.pk, "name": endpoint.name}
    return enveloped(f"ping-{now.timestamp()}", "dev.cdeventsx.slipway-webhook.tested.0.1.0", "ping", content, now)


def _deployment(event: OutboxEvent) -> Deployment | None:
    found = Deployment.objects.select_related("service__ci", "requested_by", "change").filter(pk=event.subject_id)
    return found.first()


def _asked(event: OutboxEvent) -> Told | None:
    deployment = _deployment(event)
    if deployment is None:
        return None
    if event.payload.get("decision") == "pending":
        requestor = str(deployment.requested_by or event.actor)
        return APPROVAL.format("created"), deployment.number, {**_about(deployment), "requestor": requestor}
    return _answered(event)


def _answered(event: OutboxEvent) -> Told | None:
    deployment = _deployment(event)
    decision = SAID.get(event.payload.get("decision", ""))
    if deployment is None or decision is None:
        return None
    content = {**_about(deployment), "responder": event.actor, "decision": decision, "status": decision}
    return APPROVAL.format("closed"), deployment.number, content


def _lapsed(event: OutboxEvent) -> Told | None:
    deployment = _deployment(event)
    if deployment is None:
        return None
    content = {**_about(deployment), "responder": event.actor, "decision": "approved", "status": "expired"}
    return APPROVAL.format("closed"), deployment.number, content


def _about(deployment: Deployment) -> dict[str, Any]:
    return {
        "approvalDetailsUrl": f"{settings.SITE_URL}{deployment.get_absolute_url()}",
        "resourceTargetUrl": f"{settings.SITE_URL}{deployment.service.get_absolute_url()}",
        "environment": {"id": deployment.environment},
        "service": {"id": deployment.service.slug},
        "artifactId": purl_of(deployment),
    }


def purl_of(deployment: Deployment) -> str:
    name = quote(deployment.artifact.rpartition("/")[2], safe="")
    version = deployment.artifact_digest or deployment.version
    tag = f"?tag={quote(deployment.version, safe='')}" if deployment.artifact_digest else ""
    return f"pkg:generic/{name}@{quote(version, safe='')}{tag}"


def _ended(event: OutboxEvent) -> Told | None:
    deployment = _deployment(event)
    if deployment is None:
        return None
    content = {"environment": {"id": deployment.environment}, "artifactId": purl_of(deployment)}
    types = {
        "succeeded": "dev.cdevents.service.deployed.0.3.0",
        "rolled_back": "dev.cdevents.service.rolledback.0.3.0",
        "failed": "dev.cdeventsx.slipway-service.failed.0.1.0",
    }
    type_ = types.get(event.payload.get("outcome", ""))
    return (type_, deployment.service.slug, content) if type_ else None


def _change(status: str) -> Callable[[OutboxEvent], Told | None]:
    def read(event: OutboxEvent) -> Told | None:
        change = ChangeRequest.objects.filter(pk=event.subject_id).first()
        if change is None:
            return None
        decision = "approved" if status == "approved" else "rejected"
        content = {**_of_change(change), "responder": event.actor, "decision": decision, "status": status}
        return APPROVAL.format("closed"), change.number, content

    return read


def _submitted(event: OutboxEvent) -> Told | None:
    change = ChangeRequest.objects.filter(pk=event.subject_id).first()
    if change is None:
        return None
    return APPROVAL.format("created"), change.number, {**_of_change(change), "requestor": event.actor}


def _decided(event: OutboxEvent) -> Told | None:
    authorisation = Authorisation.objects.select_related("change").filter(pk=event.subject_id).first()
    decision = SAID.get(event.payload.get("decision", ""))
    if authorisation is None or decision is None:
        return None
    content = {**_of_change(authorisation.change), "responder": event.actor, "decision": decision}
    return APPROVAL.format("updated"), authorisation.change.number, content


def _of_change(change: ChangeRequest) -> dict[str, Any]:
    url = f"{settings.SITE_URL}{change.get_absolute_url()}"
    return {"approvalDetailsUrl": url, "resourceTargetUrl": url}


READERS: dict[str, Callable[[OutboxEvent], Told | None]] = {
    "transition.deployment.requested": _asked,
    "transition.deployment.decided": _answered,
    "transition.deployment.lapsed": _lapsed,
    "transition.deployment.finished": _ended,
    "changes.change_request.submitted": _submitted,
    "changes.authorisation.decided": _decided,
    "changes.change_request.scheduled": _change("approved"),
    "changes.change_request.rejected": _change("rejected"),
    "changes.change_request.cancelled": _change("cancelled"),
}
register(WebhookEndpoint.Format.CDEVENTS, Format("application/cloudevents+json", translate, ping, frozenset(READERS)))
