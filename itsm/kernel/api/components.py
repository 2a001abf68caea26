"""Parts of the OpenAPI document that many operations share; plain data, read by the settings too."""

from typing import Any

TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem document.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {**TEXT, "example": "urn:slipway:problem:invalid"},
        "title": {**TEXT, "example": "Bad Request"},
        "status": {"type": "integer", "example": 400},
        "detail": {**TEXT, "example": "name: This field is required."},
        "code": {**TEXT, "example": "invalid"},
        "errors": {
            "type": "array",
            "description": "What is wrong with the input, each at a JSON pointer into it.",
            "items": {"type": "object", "properties": dict.fromkeys(("pointer", "detail", "code"), TEXT)},
        },
        "checks": {
            "type": "array",
            "description": "What stands in the way of a refused operation, each with where to mend it.",
            "items": {"type": "object", "properties": dict.fromkeys(("code", "label", "message", "url"), TEXT)},
        },
    },
}
ACTION: dict[str, Any] = {
    "type": "object",
    "description": "An operation of the record: whether this caller may take it now, and if not, why.",
    "required": ["name", "label", "allowed", "reason"],
    "properties": {
        "name": {**TEXT, "example": "submit", "description": "The last part of its address."},
        "label": {**TEXT, "example": "Submit for assessment"},
        "allowed": {"type": "boolean", "example": False},
        "reason": {**TEXT, "example": "The change is closed.", "description": "Empty when it is allowed."},
    },
}
READING = {
    "400": "A filter or parameter that is not known, or not in order.",
    "401": "Not signed in, or the token is unknown.",
    "403": "Not allowed.",
    "404": "There is no such record, or it may not be seen.",
    "406": "Not to be had in this form.",
    "414": "The address is too long; the server says so in front of the application, as a page.",
    "429": "Too many requests; Retry-After says when to come again.",
}
WRITING = {
    "400": "Bad input; `errors` names each field.",
    "409": "Refused; `code` and `checks` say why.",
    "412": "Changed since it was read; the ETag is the present one.",
    "415": "The body is not JSON.",
    "422": "The Idempotency-Key was used for another body.",
    "428": "This operation demands If-Match.",
}


def problem(status: str, text: str) -> dict[str, Any]:
    content: dict[str, Any] = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if status == "414":
        content = {"text/html": {"schema": TEXT}}
    name = {"412": "ETag", "429": "Retry-After"}.get(status)
    headers = {"headers": {name: {"$ref": f"#/components/headers/{name}"}}} if name else {}
    return {"description": text, "content": content, **headers}


COMPONENTS: dict[str, Any] = {
    "schemas": {"Problem": PROBLEM, "Action": ACTION},
    "responses": {status: problem(status, text) for status, text in READING.items()}
    | {f"{status}-write": problem(status, text) for status, text in WRITING.items()},
    "headers": {
        "ETag": {"description": "The record's revision, for If-Match.", "schema": {**TEXT, "example": '"r3"'}},
        "Link": {"description": "The first, the previous and the next page (RFC 8288).", "schema": TEXT},
        "Location": {"description": "Where the new record is.", "schema": TEXT},
        "Retry-After": {"description": "Seconds until the next request may come.", "schema": {"type": "integer"}},
        "Idempotency-Expires": {"description": "Until when the key gives the same answer.", "schema": TEXT},
        "Idempotency-Replayed": {"description": "There, and true, when the answer is an earlier one.", "schema": TEXT},
    },
}
