"""CDEvents 0.5.1 and 0.4.1: which types there are, what each must say, and whether an event says it.

The two differ on the wire: 0.4.1 says `context.version` and `subject.type`, 0.5.1 `context.specversion` and no type
of the subject. Whichever version is said decides. `schemaUri` is an address that a stranger wrote: it is never fetched.
"""

from functools import cache
from typing import Any

import jsonschema_rs

from transition.pipeline.cloudevents import CloudEvent, instant
from transition.pipeline.problems import wrongs

PREFIX, CUSTOM = "dev.cdevents.", "dev.cdeventsx."
OLD, NEW = "0.4.", "0.5."

TEXT = {"type": "string"}
SAID = {"type": "string", "minLength": 1}
URI = {"type": "string", "format": "uri"}
REFERENCE = {"type": "string", "minLength": 1, "format": "uri-reference"}
TEXTS = {"type": "array", "items": TEXT}


def _object(required: str = "", **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required.split(), "additionalProperties": False}


def _one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


REF = _object("id", id=SAID, source=TEXT)
OUTCOME = _one_of("success", "failure", "cancel", "error")
OLD_TEST_OUTCOME = _one_of("pass", "fail", "cancel", "error")
KINDS_OF_TEST = ("performance", "functional", "unit", "security", "compliance", "integration", "e2e", "other")
# A field has one shape wherever it occurs.
SHAPES: dict[str, Any] = {
    "artifactId": SAID, "assignees": TEXTS, "change": REF, "creator": SAID, "description": TEXT, "errors": TEXT,
    "environment": _object("id", id=SAID, source=TEXT, name=TEXT, url=TEXT, uri=TEXT), "format": TEXT, "group": TEXT,
    "labels": TEXTS, "milestone": TEXT, "name": SAID, "outcome": OUTCOME, "owner": TEXT,
    "outputType": _one_of("report", "video", "image", "log", "other"), "pipelineName": TEXT, "pipelineRun": REF,
    "priority": TEXT, "reason": TEXT, "repository": REF, "resolution": SAID, "sbom": _object("uri", uri=REFERENCE),
    "service": REF, "severity": _one_of("low", "medium", "high", "critical"), "signature": SAID, "summary": TEXT,
    "taskName": TEXT, "testCaseRun": REF,
    "testCase": _object("id", id=SAID, version=TEXT, name=TEXT, type=_one_of(*KINDS_OF_TEST), uri=URI),
    "testSuite": _object("id", id=SAID, version=TEXT, name=TEXT, uri=URI), "testSuiteRun": REF,
    "ticketType": TEXT, "ticketURI": REFERENCE, "trigger": {"type": "object", "properties": {
        "type": _one_of("manual", "pipeline", "event", "schedule", "other"), "uri": URI}},
    "updatedBy": TEXT, "uri": REFERENCE, "url": TEXT, "user": TEXT, "viewUrl": TEXT,
}  # fmt: skip

DELIVERY = "environment! artifactId!"
TICKET = "summary ticketType group creator assignees priority labels milestone uri"
REPOSITORY = "name! owner uri! viewUrl"
INCIDENT = "description environment! service artifactId"
# Each type of 0.5.1 with its version, and what its content says; `!` marks what must be there.
TYPES: dict[str, tuple[int, str]] = {
    "artifact.deleted": (2, "user"),
    "artifact.downloaded": (2, "user"),
    "artifact.packaged": (3, "change! sbom"),
    "artifact.published": (3, "sbom user"),
    "artifact.signed": (3, "signature!"),
    "branch.created": (3, "repository"),
    "branch.deleted": (3, "repository"),
    "build.finished": (3, "artifactId"),
    "build.queued": (3, ""),
    "build.started": (3, ""),
    "change.abandoned": (3, "repository"),
    "change.created": (4, "description repository"),
    "change.merged": (3, "repository"),
    "change.reviewed": (3, "repository"),
    "change.updated": (3, "repository"),
    "environment.created": (3, "name uri"),
    "environment.deleted": (3, "name"),
    "environment.modified": (3, "name uri"),
    "incident.detected": (3, INCIDENT),
    "incident.reported": (3, f"{INCIDENT} ticketURI!"),
    "incident.resolved": (3, INCIDENT),
    "pipelinerun.finished": (3, "pipelineName uri outcome errors"),
    "pipelinerun.queued": (3, "pipelineName uri"),
    "pipelinerun.started": (3, "pipelineName! uri!"),
    "repository.created": (3, REPOSITORY),
    "repository.deleted": (3, REPOSITORY),
    "repository.modified": (3, REPOSITORY),
    "service.deployed": (3, DELIVERY),
    "service.published": (3, "environment"),
    "service.removed": (3, "environment"),
    "service.rolledback": (3, DELIVERY),
    "service.upgraded": (3, DELIVERY),
    "taskrun.finished": (3, "taskName uri pipelineRun outcome errors"),
    "taskrun.started": (3, "taskName uri pipelineRun"),
    "testcaserun.finished": (3, "outcome! severity reason environment! testSuiteRun testCase"),
    "testcaserun.queued": (3, "trigger environment! testSuiteRun testCase"),
    "testcaserun.skipped": (2, "reason environment testSuiteRun testCase"),
    "testcaserun.started": (3, "trigger environment! testSuiteRun testCase"),
    "testoutput.published": (3, "outputType! format! uri testCaseRun"),
    "testsuiterun.finished": (3, "outcome! severity reason environment! testSuite"),
    "testsuiterun.queued": (3, "trigger environment! testSuite"),
    "testsuiterun.started": (3, "trigger environment! testSuite"),
    "ticket.closed": (2, f"{TICKET}! resolution! updatedBy"),
    "ticket.created": (2, f"{TICKET}!".replace("summary", "summary!").replace("creator", "creator!")),
    "ticket.updated": (2, f"{TICKET}! updatedBy"),
}
OLD_SUBJECTS = {name.lower(): name for name in ("pipelineRun", "taskRun", "testCaseRun", "testSuiteRun", "testOutput")}
RENAMED = ("pipelinerun", "taskrun", "environment", "repository")  # in 0.4.1 their uri was called url

CONTEXT = {
    "id": SAID, "source": REFERENCE, "type": SAID, "timestamp": {"type": "string", "format": "date-time"},
    "chainId": SAID, "schemaUri": {"type": "string", "minLength": 1, "format": "uri"},
}  # fmt: skip
POINTED = _object("", contextId=SAID, domainId=SAID)
LINKS = {"type": "array", "items": {
    "type": "object", "additionalProperties": False, "required": ["linkType"],
    "properties": {"linkType": _one_of("RELATION", "PATH", "END"), "linkKind": SAID, "target": POINTED,
                   "from": POINTED, "tags": {"type": "object"}},
    "allOf": [
        {"if": {"properties": {"linkType": {"const": "RELATION"}}}, "then": {"required": ["linkKind", "target"]},
         "else": {"required": ["from"]}},
    ]}}  # fmt: skip


def known_as(type_: str, data: Any) -> str:
    """The short name (`service.deployed`) of a type that this program knows in the version said; empty otherwise."""
    name, version = _split(type_)
    of_new = TYPES.get(name)
    spec = version_of(data)
    if of_new is None or not spec.startswith((OLD, NEW)):
        return ""
    minor = of_new[0] - (1 if spec.startswith(OLD) else 0)
    return name if version == f"0.{minor}.0" else ""


def short(type_: str) -> str:
    """`service.deployed` of dev.cdevents.service.deployed.0.3.0; any other type as it is."""
    return _split(type_)[0] if type_.startswith(PREFIX) else type_


def _split(type_: str) -> tuple[str, str]:
    parts = type_.removeprefix(PREFIX).split(".") if type_.startswith(PREFIX) else []
    return (".".join(parts[:2]), ".".join(parts[2:])) if len(parts) == 5 else ("", "")


def version_of(data: Any) -> str:
    context = data.get("context") if isinstance(data, dict) else None
    said = context.get("specversion", context.get("version")) if isinstance(context, dict) else None
    return said if isinstance(said, str) else ""


def check(event: CloudEvent) -> str:
    """The short name of a CDEvent that is right, empty for what is not known. Raises InvalidInput for a wrong one."""
    if not event.type.startswith((PREFIX, CUSTOM)):
        return ""
    data = event.data
    if event.type.startswith(CUSTOM):
        _agree(event, data.get("context") if isinstance(data, dict) else None, None)
        return ""
    name, _ = _split(event.type)
    if name not in TYPES or (version_of(data) and not known_as(event.type, data)):
        _agree(event, data.get("context") if isinstance(data, dict) else None, None)
        return ""
    errors = _misfits(_validator(name, _is_old(event.type, data)), data)
    if errors:
        raise wrongs({f"data/{pointer}".rstrip("/"): message for pointer, message in errors.items()})
    _agree(event, data["context"], data["subject"])
    return name


def _is_old(type_: str, data: Any) -> bool:
    """By whichever version is said; where none is, by that of the type."""
    context = data.get("context") if isinstance(data, dict) else None
    if isinstance(context, dict) and ("version" in context or "specversion" in context):
        return "version" in context
    name, version = _split(type_)
    return version == f"0.{TYPES[name][0] - 1}.0"


def _agree(event: CloudEvent, context: Any, subject: Any) -> None:
    """The attributes of the envelope are those of the event inside; unlike ones would be two stories."""
    if not isinstance(context, dict):
        return
    errors = {}
    for name in ("id", "source", "type"):
        if name in context and context[name] != getattr(event, name):
            errors[name] = f"Differs from data.context.{name}; a CDEvent has the same in both."
    if event.time is not None and "timestamp" in context and instant(context["timestamp"]) != event.time:
        errors["time"] = "Differs from data.context.timestamp; a CDEvent has the same in both."
    if isinstance(subject, dict) and subject["id"] != event.subject:
        errors["subject"] = "A CDEvent has the id of its subject (data.subject.id) here."
    if errors:
        raise wrongs(errors)


def _misfits(validator: Any, data: Any) -> dict[str, str]:
    if validator.is_valid(data):
        return {}
    found: dict[str, str] = {}
    for error in validator.iter_errors(data):
        path, kind = [str(part) for part in error.instance_path], error.kind
        if kind.name == "required":
            found["/".join([*path, kind.property])] = "This must be there."
        elif kind.name == "additionalProperties":
            for name in kind.unexpected:
                found["/".join([*path, name])] = "Unknown here; what is your own goes into customData."
        else:
            found["/".join(path)] = f"{error.message}."[:300]
    return found


@cache
def _validator(name: str, old: bool) -> Any:
    """The rules of one type, compiled once."""
    return jsonschema_rs.Draft202012Validator(schema(name, old), validate_formats=True)


def schema(name: str, old: bool) -> dict[str, Any]:
    subject, _ = name.split(".")
    version = "version" if old else "specversion"
    context = _object(f"{version} id source type timestamp", **{version: SAID}, **CONTEXT, links=LINKS)
    about = _object("id type content" if old else "id content", id=SAID, source=TEXT, content=_content(name, old))
    if old:
        about["properties"]["type"] = _one_of(OLD_SUBJECTS.get(subject, subject))
    custom = {"type": ["object", "string"]}
    return _object("context subject", context=context, subject=about, customData=custom, customDataContentType=TEXT)


def _content(name: str, old: bool) -> dict[str, Any]:
    subject, fields = name.split(".")[0], TYPES[name][1].split()
    if old and subject in RENAMED:
        fields = [field.replace("uri", "url") for field in fields]
    shapes = {field.rstrip("!"): SHAPES[field.rstrip("!")] for field in fields}
    if old and "outcome" in shapes:
        shapes["outcome"] = OLD_TEST_OUTCOME if subject.startswith("test") else TEXT
    return _object(" ".join(field[:-1] for field in fields if field.endswith("!")), **shapes)
