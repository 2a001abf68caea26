"""Webhooks of GitHub and GitLab in the shape in which all events are kept: that of a CloudEvent."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from transition.pipeline.cloudevents import LONGEST, CloudEvent, instant, storable
from transition.pipeline.problems import UnknownFormat, wrong


def from_github(headers: dict[str, str], body: bytes) -> CloudEvent:
    said = {name.lower(): value for name, value in headers.items()}
    data = _json(said, body)
    kind, delivery = said.get("x-github-event", ""), said.get("x-github-delivery", "")
    repository = _of(data, "repository", "full_name") or "unknown"
    return _event("com.github", f"https://github.com/{repository}", kind, delivery, _of(data, "action"), data,
                  "X-GitHub-Event and X-GitHub-Delivery")  # fmt: skip


def from_gitlab(headers: dict[str, str], body: bytes) -> CloudEvent:
    said = {name.lower(): value for name, value in headers.items()}
    data = _json(said, body)
    kind = data.get("object_kind") if isinstance(data.get("object_kind"), str) else ""
    delivery = said.get("x-gitlab-event-uuid", "") or said.get("idempotency-key", "")
    project = _of(data, "project", "path_with_namespace") or "unknown"
    return _event("com.gitlab", f"https://gitlab.com/{project}", kind or "", delivery, _of(data, "status"), data,
                  "object_kind and X-Gitlab-Event-UUID")  # fmt: skip


def _event(
    vendor: str, source: str, kind: str, delivery: str, action: str, data: dict[str, Any], needed: str
) -> CloudEvent:
    if not kind or not delivery:
        raise wrong("", f"A webhook has {needed}.")
    if not storable(data):
        raise wrong("", "It holds what cannot be kept: a NUL, half a character, or nesting that is too deep.")
    type_ = f"{vendor}.{kind}"[: LONGEST["type"]]
    attributes = {
        "specversion": "1.0", "id": delivery[: LONGEST["id"]],
        "source": source.replace(" ", "%20")[: LONGEST["source"]],
        "type": type_, "subject": _subject(kind, data)[: LONGEST["subject"]], "datacontenttype": "application/json",
    }  # fmt: skip
    at = _instant(kind, data)
    if at is not None:
        attributes["time"] = at.isoformat()
    return CloudEvent(
        id=attributes["id"], source=attributes["source"], type=type_, subject=attributes["subject"], time=at,
        attributes=attributes, data=data,
    )  # fmt: skip


def _json(headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """GitHub may be told to send JSON in a form; its signature is over the form."""
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "application/x-www-form-urlencoded":
        body = parse_qs(body.decode("utf-8", "replace")).get("payload", [""])[0].encode()
    elif media != "application/json":
        raise UnknownFormat("Set the webhook's content type to application/json.")
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise wrong("", f"Not JSON in UTF-8: {error}"[:300]) from error
    if not isinstance(data, dict):
        raise wrong("", "A webhook is a JSON object.")
    return data


def _of(data: Any, *path: str) -> str:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""


def _subject(kind: str, data: dict[str, Any]) -> str:
    """What keeps its order: the environment of a deployment, the branch of a push, else the repository."""
    if kind in ("deployment", "deployment_status"):
        return f"{kind}/{_of(data, 'deployment', 'environment') or _of(data, 'environment')}"
    return f"{kind}/{_of(data, 'ref')}".rstrip("/")


def _instant(kind: str, data: dict[str, Any]) -> datetime | None:
    paths = (
        ("deployment_status", "updated_at"), ("deployment_status", "created_at"), ("deployment", "created_at"),
        ("workflow_run", "updated_at"), ("pull_request", "merged_at"), ("release", "published_at"),
        ("head_commit", "timestamp"), ("status_changed_at",), ("object_attributes", "finished_at"),
        ("object_attributes", "updated_at"), ("released_at",),
    )  # fmt: skip
    said = (_of(data, *path).replace(" UTC", "Z").replace(" +", "+") for path in paths)
    found = (instant(_with_colon(text)) for text in said if text)
    return next((at for at in found if at is not None), None)


def _with_colon(text: str) -> str:
    """GitLab writes +0200 in places."""
    return f"{text[:-2]}:{text[-2:]}" if text[-5:-4] in "+-" and text[-4:].isdecimal() else text
