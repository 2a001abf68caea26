"""What a CDEvent means for services, deployments, evidence and incidents. Pure; unknown types mean nothing."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, unquote

from transition.pipeline import gitforges
from transition.pipeline.signals import (
    Artifact,
    Code,
    Commit,
    Delivery,
    Environment,
    Presence,
    Proof,
    Published,
    Signal,
    Trouble,
)

OUTCOMES = {"pass": "success", "fail": "failure"}  # as 0.4.1 had them
STEPS = {"deployed": "succeeded", "upgraded": "succeeded", "rolledback": "rolled_back"}
LONGEST_KEY = 100
Said = dict[str, Any]


def of(known_as: str, payload: Said, at: datetime) -> Signal | None:
    """What a kept event says; None for what changes nothing here."""
    data = payload.get("data")
    if not isinstance(data, dict):
        return None
    if known_as.startswith(("com.github.", "com.gitlab.")):
        return gitforges.signal_of(known_as, data, at)
    subject, _, predicate = known_as.partition(".")
    read = READERS.get(subject)
    return read(predicate, data, at) if read else None


def purl(said: str) -> Artifact:
    """pkg:oci/shop@sha256%3Aab…?tag=1.8.3 → its name, version and digest; anything else is a name."""
    if not said.startswith("pkg:"):
        name, _, version = said.rpartition(":") if ":" in said.rpartition("/")[2] else (said, "", "")
        return Artifact(name, version)
    path, _, query = said.removeprefix("pkg:").partition("#")[0].partition("?")
    name, _, version = path.partition("/")[2].rpartition("@") if "@" in path else (path.partition("/")[2], "", "")
    version = unquote(version)
    digest = version if version.startswith("sha") and ":" in version else ""
    tag = parse_qs(query).get("tag", [""])[0]
    return Artifact(unquote(name), tag or ("" if digest else version), digest)


def _content(data: Said) -> Said:
    content = data["subject"].get("content")
    return content if isinstance(content, dict) else {}


def _id(value: Any) -> str:
    return str(value.get("id", "")) if isinstance(value, dict) else ""


def _chain(data: Said) -> tuple[str, ...]:
    """How the run may be called: its own id, its address, the chain that it is part of."""
    content, context = _content(data), data["context"]
    said = (data["subject"]["id"], content.get("uri"), content.get("url"), _id(content.get("pipelineRun")),
            context.get("chainId"))  # fmt: skip
    return tuple(dict.fromkeys(text for text in said if text))


def _names(data: Said, *more: str) -> tuple[str, ...]:
    """The service that is named; where none is, the repository, or the source that sends."""
    content = _content(data)
    named = _id(content.get("service"))
    said = (named,) if named else (*more, _id(content.get("repository")), data["subject"].get("source", ""),
                                   data["context"]["source"])  # fmt: skip
    return tuple(dict.fromkeys(name.strip().lower() for name in said if name and name.strip()))


def _service(predicate: str, data: Said, at: datetime) -> Signal | None:
    content, name = _content(data), data["subject"]["id"]
    environment = _id(content.get("environment"))
    names = (name.strip().lower(),)  # the subject is the service: whoever sends it may deploy others too
    if predicate in ("published", "removed"):
        return Presence(at, names, environment=environment, gone=predicate == "removed")
    return Delivery(
        at, names, environment=environment, step=STEPS[predicate], artifact=purl(content["artifactId"]),
        run=data["context"].get("chainId", ""),
    )  # fmt: skip


def _change(predicate: str, data: Said, at: datetime) -> Signal | None:
    """A merge names no commit's time: that comes with the push, or with the question at the gate."""
    if predicate not in ("merged", "created", "updated"):
        return None
    text = f"{data['subject']['id']} {_content(data).get('description', '')}"
    return Code(
        at, _names(data), commits=(Commit(data["subject"]["id"], None, text),) if _is_sha(data) else (), text=text
    )


def _is_sha(data: Said) -> bool:
    said = data["subject"]["id"]
    return 7 <= len(said) <= 64 and all(letter in "0123456789abcdef" for letter in said)


def _tests(predicate: str, data: Said, at: datetime) -> Signal | None:
    """A suite counts; its cases are in it, and would count twice."""
    if predicate != "finished":
        return None
    content = _content(data)
    suite = content.get("testSuite") or {}
    return Proof(
        at, _names(data), kind="tests", name=str(suite.get("name") or suite.get("id") or data["subject"]["id"]),
        outcome=OUTCOMES.get(content["outcome"]) or str(content["outcome"]), runs=_chain(data),
        environment=_id(content.get("environment")),
    )  # fmt: skip


def _pipeline(predicate: str, data: Said, at: datetime) -> Signal | None:
    """Without an outcome it says nothing of how the run went; a build never has one."""
    content = _content(data)
    if predicate != "finished" or not content.get("outcome"):
        return None
    return Proof(
        at, _names(data), kind="pipeline", name=str(content.get("pipelineName") or data["subject"]["id"]),
        outcome=content["outcome"], runs=_chain(data),
    )  # fmt: skip


def _artifact(predicate: str, data: Said, at: datetime) -> Signal | None:
    if predicate != "published":
        return None
    found = purl(data["subject"]["id"])
    return Published(at, _names(data, found.name, found.name.rpartition("/")[2]), artifact=found)


def _environment(predicate: str, data: Said, at: datetime) -> Signal | None:
    content = _content(data)
    return Environment(
        at, _names(data), name=data["subject"]["id"], label=content.get("name", ""), gone=predicate == "deleted",
        uri=content.get("uri") or content.get("url") or "",
    )  # fmt: skip


def _incident(predicate: str, data: Said, at: datetime) -> Signal | None:
    content = _content(data)
    return Trouble(
        at, _names(data), step=predicate, key=key_of(data["subject"]["id"]), link=content.get("ticketURI", ""),
        source=key_of(data["subject"].get("source") or data["context"]["source"], 60),
        title=content.get("description", ""), environment=_id(content.get("environment")),
        artifact=purl(content.get("artifactId", "")),
    )  # fmt: skip


TICKETS = {"created": "reported", "updated": "updated", "closed": "resolved"}


def _ticket(predicate: str, data: Said, at: datetime) -> Signal | None:
    """Tickets of incidents and bugs are incidents here; what else a tracker holds stays there."""
    content = _content(data)
    if content.get("ticketType", "").lower() not in ("incident", "bug"):
        return None
    return Trouble(
        at, _names(data, content.get("group", "")), step=TICKETS[predicate], key=key_of(data["subject"]["id"]),
        source=key_of(data["subject"].get("source") or data["context"]["source"], 60),
        title=content.get("summary", ""), link=content["uri"],
    )  # fmt: skip


def key_of(said: str, longest: int = LONGEST_KEY) -> str:
    """A key that fits: what is longer is called by its digest."""
    return said if len(said) <= longest else f"{said[: longest - 33]}-{sha256(said.encode()).hexdigest()[:32]}"


READERS: dict[str, Callable[[str, Said, datetime], Signal | None]] = {
    "service": _service, "change": _change, "testsuiterun": _tests, "pipelinerun": _pipeline, "artifact": _artifact,
    "environment": _environment, "incident": _incident, "ticket": _ticket,
}  # fmt: skip
