"""CloudEvents 1.0 over HTTP: one event in structured or binary mode, or a batch of them.

Reading is strict, because what was taken in is answered for: a name, an instant or a text that cannot be what
it should be is refused with its place, never mended.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any
from urllib.parse import unquote_to_bytes

from dateutil.parser import isoparse

from itsm.kernel.errors import InvalidInput
from transition.pipeline.problems import UnknownFormat, nested, wrong, wrongs

BATCH, ONE = "application/cloudevents-batch", "application/cloudevents"
MOST_IN_A_BATCH = 1000
LONGEST = {"id": 200, "source": 400, "type": 250, "subject": 500}
ATTRIBUTE = re.compile(r"[a-z0-9]{1,60}")
TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
NOT_A_URI = re.compile(r"[\s<>\"{}|\\^`\x00-\x1f\x7f]")
DEEPEST = 60


@dataclass(frozen=True)
class CloudEvent:
    id: str
    source: str
    type: str
    subject: str = ""
    time: datetime | None = None
    attributes: dict[str, Any] = field(default_factory=dict)  # all of them, as they were said
    data: Any = None
    data_base64: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """In the structured form, in whichever it came."""
        body = {} if self.data is None else {"data": self.data}
        return {**self.attributes, **body, **({"data_base64": self.data_base64} if self.data_base64 else {})}


def read(content_type: str, headers: dict[str, str], body: bytes) -> tuple[list[CloudEvent], bool]:
    """The events, and whether they came as a batch. Raises UnknownFormat and InvalidInput, which name what is wrong."""
    media = content_type.partition(";")[0].strip().lower()
    if media.startswith(BATCH):  # before the single one, which is its beginning
        return _batch(_json(body, media, content_type)), True
    if media.startswith(ONE):
        return [structured(_json(body, media, content_type))], False
    said = {name[3:].lower(): value for name, value in headers.items() if name.lower().startswith("ce-")}
    if not said:
        raise UnknownFormat(
            "Send a CloudEvent: application/cloudevents+json, application/cloudevents-batch+json, "
            "or the event's data with ce- headers (ce-id, ce-source, ce-type, ce-specversion)."
        )
    return [_binary(said, content_type, body)], False


def _batch(items: Any) -> list[CloudEvent]:
    if not isinstance(items, list):
        raise wrong("", "A batch is a JSON array of events.")
    if len(items) > MOST_IN_A_BATCH:
        raise wrong("", f"At most {MOST_IN_A_BATCH:,} events a batch; these are {len(items):,}.")
    found, errors = [], {}
    for at, item in enumerate(items):
        try:
            found.append(structured(item))
        except InvalidInput as error:
            errors.update(at_position(at, error))
    if errors:
        raise InvalidInput(summary(errors), errors=errors)
    return found


def at_position(at: int, error: InvalidInput) -> dict[str, Any]:
    """The errors of one event of a batch, behind its position."""
    pairs = {pointer: messages[0] for pointer, messages in error.errors.items()}
    pairs = {"" if pointer == "non_field_errors" else pointer: message for pointer, message in pairs.items()}
    return nested(pairs, position=str(at))


def summary(errors: dict[str, Any]) -> str:
    return "; ".join(f"{pointer}: {messages[0]}" for pointer, messages in list(errors.items())[:5])


def structured(item: Any) -> CloudEvent:
    """One event of the JSON format."""
    if not isinstance(item, dict):
        raise wrong("", "An event is a JSON object.")
    if "data" in item and "data_base64" in item:
        raise wrong("data_base64", "An event has data or data_base64, not both.")
    encoded = item.get("data_base64")
    if encoded is not None and not isinstance(encoded, str):
        raise wrong("data_base64", "Give a text in base64.")
    attributes = {name: value for name, value in item.items() if name not in ("data", "data_base64")}
    return _event(attributes, item.get("data"), encoded)


def _binary(said: dict[str, str], content_type: str, body: bytes) -> CloudEvent:
    if "datacontenttype" in said:
        raise wrong("datacontenttype", "In binary mode Content-Type says it; leave the ce- header away.")
    attributes: dict[str, Any] = {name: decoded(name, value) for name, value in said.items()}
    media = content_type.partition(";")[0].strip().lower()
    if content_type:
        attributes["datacontenttype"] = content_type
    if not body:
        return _event(attributes, None, None)
    if media in ("", "application/json", "text/json") or media.endswith("+json"):
        return _event(attributes, _json(body, media, content_type, at="data"), None)
    return _event(attributes, _text(body, at="data"), None)


def decoded(name: str, value: str) -> str:
    """A header's value: without its quotes, after one round of percent-decoding, as strict UTF-8."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    try:
        return unquote_to_bytes(value.encode("latin-1")).decode("utf-8")
    except UnicodeError as error:
        raise wrong(name, "The header's value is not UTF-8 once it is percent-decoded.") from error


def _text(body: bytes, at: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise wrong(at, f"Not UTF-8 at byte {error.start}.") from error


def _json(body: bytes, media: str, content_type: str, at: str = "") -> Any:
    if not (media in ("", "text/json") or media.endswith(("/json", "+json"))):
        raise UnknownFormat(f"{media} is not taken; send JSON ({BATCH}+json, {ONE}+json).")
    charset = re.search(r'charset="?([\w-]+)', content_type, re.I)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnknownFormat("Only UTF-8 is taken.")
    try:
        return json.loads(_text(body, at), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise wrong(at, f"Not JSON: {error}"[:300]) from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _event(attributes: dict[str, Any], data: Any, encoded: str | None) -> CloudEvent:
    attributes = {name: value for name, value in attributes.items() if value is not None}
    if errors := _errors_of(attributes):
        raise wrongs(errors)
    for name, part in (("", attributes), ("data", data), ("data_base64", encoded)):
        if not storable(part):
            raise wrong(name, "It holds what cannot be kept: a NUL, half a character, or nesting that is too deep.")
    said = attributes.get("time")
    return CloudEvent(
        id=attributes["id"], source=attributes["source"], type=attributes["type"],
        subject=attributes.get("subject", ""), time=instant(said) if said else None,
        attributes=attributes, data=data, data_base64=encoded,
    )  # fmt: skip


def _errors_of(attributes: dict[str, Any]) -> dict[str, str]:
    errors = {name: "An attribute's name has small letters and digits only." for name in attributes
              if not ATTRIBUTE.fullmatch(name)}  # fmt: skip
    for name in ("id", "source", "type", "subject"):
        value = attributes.get(name)
        if value is None:
            if name != "subject":
                errors[name] = "Every CloudEvent has it."
        elif not isinstance(value, str) or not value.strip():
            errors[name] = "Give a text that is not empty."
        elif len(value) > LONGEST[name]:
            errors[name] = f"At most {LONGEST[name]} letters."
    if attributes.get("specversion") != "1.0":
        errors["specversion"] = "Give 1.0; that version of CloudEvents is taken."
    if "source" not in errors and NOT_A_URI.search(attributes["source"]):
        errors["source"] = "Give a URI or a reference such as /ci/online-shop."
    if "time" in attributes and instant(attributes["time"]) is None:
        errors["time"] = "Give an instant as RFC 3339 has it, such as 2026-11-23T12:00:00Z."
    return errors


def instant(said: Any) -> datetime | None:
    """An instant of RFC 3339; None when it is none."""
    if not isinstance(said, str) or not TIME.fullmatch(said):
        return None
    try:
        return isoparse(said.replace(" ", "T"))
    except (ValueError, OverflowError):
        return None


def storable(value: Any, depth: int = 0) -> bool:
    """Whether the database can keep it: no NUL, no half of a character, no endless number, not too deep."""
    if isinstance(value, str):
        return "\x00" not in value and (value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value))
    if isinstance(value, dict):
        return depth < DEEPEST and all(storable(k) and storable(v, depth + 1) for k, v in value.items())
    if isinstance(value, list):
        return depth < DEEPEST and all(storable(part, depth + 1) for part in value)
    if isinstance(value, float):
        return isfinite(value)
    return not isinstance(value, int) or abs(value) < 10**1000
