"""What the webhooks of GitHub and GitLab mean, in the words of `signals`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from transition.pipeline.cloudevents import instant
from transition.pipeline.signals import Artifact, Code, Commit, Delivery, Proof, Published, Signal

Said = dict[str, Any]
RUNS = {
    "success": "success", "neutral": "success", "failure": "failure", "failed": "failure", "timed_out": "error",
    "startup_failure": "error", "stale": "error", "action_required": "error", "cancelled": "cancel",
    "canceled": "cancel", "skipped": "cancel",
}  # fmt: skip
STEPS = {"success": "succeeded", "failure": "failed", "failed": "failed", "error": "failed", "in_progress": "running",
         "running": "running"}  # fmt: skip


def signal_of(type_: str, data: Said, at: datetime) -> Signal | None:
    read = READERS.get(type_)
    return read(data, at) if read else None


def _at(data: Any, *path: str) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _text(data: Any, *path: str) -> str:
    found = _at(data, *path)
    return found if isinstance(found, str) else ""


def _commits(items: Any) -> tuple[Commit, ...]:
    found = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return tuple(
        Commit(_text(item, "id").lower(), instant(item.get("timestamp")), _text(item, "message")[:2000])
        for item in found
        if _text(item, "id")
    )


def _names(*said: str) -> tuple[str, ...]:
    whole = [name.strip().lower() for name in said if name.strip()]
    return tuple(dict.fromkeys([*whole, *(name.rpartition("/")[2] for name in whole)]))


def _hub(data: Said) -> tuple[str, ...]:
    return _names(_text(data, "repository", "full_name"))


def _lab(data: Said) -> tuple[str, ...]:
    return _names(_text(data, "project", "path_with_namespace"))


def _hub_push(data: Said, at: datetime) -> Signal | None:
    return Code(at, _hub(data), commits=_commits(data.get("commits")), text=_text(data, "ref"))


def _lab_push(data: Said, at: datetime) -> Signal | None:
    return Code(at, _lab(data), commits=_commits(data.get("commits")), text=_text(data, "ref"))


def _hub_merge(data: Said, at: datetime) -> Signal | None:
    request = data.get("pull_request")
    if data.get("action") != "closed" or _at(request, "merged") is not True:
        return None
    text = " ".join((_text(request, "head", "ref"), _text(request, "title"), _text(request, "body")))
    return Code(at, _hub(data), commits=_merged(_text(request, "merge_commit_sha"), text), text=text)


def _lab_merge(data: Said, at: datetime) -> Signal | None:
    request = data.get("object_attributes")
    if _text(request, "action") != "merge":
        return None
    text = " ".join((_text(request, "source_branch"), _text(request, "title"), _text(request, "description")))
    last = _at(request, "last_commit")
    found = _commits([last]) if isinstance(last, dict) else ()
    return Code(at, _lab(data), commits=(*_merged(_text(request, "merge_commit_sha"), text), *found), text=text)


def _merged(sha: str, text: str) -> tuple[Commit, ...]:
    """Its own time is not said here; the push of the merge brings it."""
    return (Commit(sha.lower(), None, text[:2000]),) if sha else ()


def _hub_run(data: Said, at: datetime) -> Signal | None:
    run = data.get("workflow_run")
    outcome = RUNS.get(_text(run, "conclusion"))
    if data.get("action") != "completed" or not outcome:
        return None
    runs = tuple(filter(None, (_text(run, "html_url"), str(_at(run, "id") or ""))))
    return Proof(at, _hub(data), kind="pipeline", name=_text(run, "name"), outcome=outcome, runs=runs,
                 commits=tuple(filter(None, (_text(run, "head_sha"),))))  # fmt: skip


def _lab_run(data: Said, at: datetime) -> Signal | None:
    run = data.get("object_attributes")
    outcome = RUNS.get(_text(run, "status"))
    if not outcome:  # it goes on still
        return None
    runs = tuple(filter(None, (_text(run, "url"), str(_at(run, "id") or ""))))
    name = _text(run, "name") or _text(run, "ref")
    return Proof(at, _lab(data), kind="pipeline", name=name, outcome=outcome, runs=runs,
                 commits=tuple(filter(None, (_text(run, "sha"),))))  # fmt: skip


def _hub_delivery(data: Said, at: datetime) -> Signal | None:
    step = STEPS.get(_text(data, "deployment_status", "state"))
    sha, ref = _text(data, "deployment", "sha"), _text(data, "deployment", "ref")
    if step is None:
        return None
    environment = _text(data, "deployment_status", "environment") or _text(data, "deployment", "environment")
    run = _text(data, "deployment_status", "log_url") or _text(data, "workflow_run", "html_url")
    return Delivery(at, _hub(data), environment=environment, step=step, artifact=_built(data, ref, sha, _hub),
                    commits=(sha,) if sha else (), run=run)  # fmt: skip


def _lab_delivery(data: Said, at: datetime) -> Signal | None:
    step = STEPS.get(_text(data, "status"))
    sha, ref = _text(data, "commit_url").rpartition("/")[2] or _text(data, "short_sha"), _text(data, "ref")
    if step is None:
        return None
    return Delivery(
        at, _lab(data), environment=_text(data, "environment"), step=step, run=_text(data, "deployable_url"),
        artifact=_built(data, ref, sha, _lab), commits=(sha,) if sha else (),
    )  # fmt: skip


def _built(data: Said, ref: str, sha: str, names: Callable[[Said], tuple[str, ...]]) -> Artifact:
    """A tag is a version; a branch is none, so the commit is."""
    ref = ref.removeprefix("refs/tags/")
    version = ref if ref.lstrip("v")[:1].isdecimal() else sha[:12]
    return Artifact(next(iter(names(data)), ""), version.removeprefix("v"))


def _hub_release(data: Said, at: datetime) -> Signal | None:
    if data.get("action") not in ("published", "released"):
        return None
    tag, text = _text(data, "release", "tag_name"), _text(data, "release", "body")[:2000]
    return Published(at, _hub(data), artifact=Artifact(next(iter(_hub(data)), ""), tag.removeprefix("v")), text=text)


def _lab_release(data: Said, at: datetime) -> Signal | None:
    if data.get("action") != "create":
        return None
    tag, text = _text(data, "tag"), _text(data, "description")[:2000]
    return Published(at, _lab(data), artifact=Artifact(next(iter(_lab(data)), ""), tag.removeprefix("v")), text=text)


READERS: dict[str, Callable[[Said, datetime], Signal | None]] = {
    "com.github.push": _hub_push, "com.github.pull_request": _hub_merge, "com.github.workflow_run": _hub_run,
    "com.github.deployment_status": _hub_delivery, "com.github.release": _hub_release,
    "com.gitlab.push": _lab_push, "com.gitlab.merge_request": _lab_merge, "com.gitlab.pipeline": _lab_run,
    "com.gitlab.deployment": _lab_delivery, "com.gitlab.release": _lab_release,
}  # fmt: skip
