"""Examples for the OpenAPI document: what a field of this name usually holds."""

import re
from typing import Any

NOW, DAY = "2026-11-24T22:00:00Z", "2026-11-24"
OTHER = {"id": 7, "number": "SVC-7", "display": "Online Shop"}
BY_NAME: dict[str, Any] = {
    "id": 12, "number": "RFC-12", "display": "RFC-12 Open the firewall to PayPal", "revision": 3, "count": 1,
    "url": "https://slipway.example.org/api/changes/requests/12/", "page": "/changes/requests/RFC-12/",
    "next": "https://slipway.example.org/api/changes/requests/?limit=50&offset=50", "previous": None,
    "name": "Online Shop", "title": "Open the firewall to PayPal", "code": "a", "slug": "online-shop",
    "owner": "service.owner", "sponsor": "sponsor", "assignee": "implementer", "requested_by": "requester",
    "by": "change.manager", "on_behalf_of": None, "giver": "change.manager", "taker": "cab.member",
    "actor": "Sofia Lind", "who": "Sofia Lind", "user": "change.manager", "reported_by": "support.lead",
    "reason": "The supplier's certificate ends on Friday.", "comment": "Agreed in the CAB of Tuesday.",
    "text": "Customers pay by PayPal", "summary": "Deployed 1.8.3 to production", "note": "Done as planned.",
    "description": "What it is for.", "problem": "", "source": "netbox", "external_key": "netbox:device-17",
    "environment": "production", "version": "1.8.3", "artifact": "registry/online-shop",
    "pipeline_run": "https://ci.example.org/runs/42", "commits": ["9f2c41d"], "commit": "9f2c41d",
    "services": ["online-shop"], "service": "online-shop", "cis": ["CI-17"], "requirements": ["a", "b"],
    "time_zone": "Europe/Berlin", "duration_minutes": 30, "window_minutes": 120, "check_minutes": 15,
    "back_out_minutes": 20, "margin_minutes": 10, "offset_minutes": 0, "order": 1, "ordinal": 1, "priority": 2,
    "instructions": "Add the rule, then test the way to the gateway.", "policy_name": "Normal changes",
    "back_out_trigger": "Payments fail for two minutes.", "back_out_steps": "Take the rule away again.",
    "outcome_wanted": "Customers can pay by PayPal.", "why_now": "Christmas sales begin in December.",
    "value": "Five per cent more orders.", "risks": "The gateway may be slow.", "cost_low_eur": "8000.00",
    "cost_high_eur": "12000.00", "instruction": "Restart it.", "body": "Restart the *payment* queue.",
    "audience": "support", "ci_class": "server", "kind": "deployment", "policy": "Normal changes v2",
    "rule": "Everything else", "fingerprint": "5f0c…", "ledger_sequence": 481, "sequence": 481,
    "patterns": ["changes.*"], "scopes": ["read"], "hours": "Mon–Fri 08:00–18:00", "country": "DE",
    "measure": "Calls a week about payment", "baseline": "40.00", "target": "10.00", "actual": "12.00",
    "recurrence": "FREQ=DAILY;BYHOUR=22", "effect": "The database is slow.", "checklist": ["Tell support"],
    "members": ["implementer"], "lead": "support.lead", "at": NOW, "through": "authorisations.decide",
    "roles": ["change_manager"], "days": 90, "link": "/changes/requests/RFC-12/", "role": "change_manager",
}  # fmt: skip
BY_FORMAT = {"date-time": NOW, "date": DAY, "email": "kim@example.org", "decimal": "40"}
FITS = {"string": str, "integer": int, "array": list, "boolean": bool}


def give_examples(result: Any, generator: Any, request: Any, public: Any) -> Any:
    """Post-processing hook: an example for each field that has none, where one is known that its type allows."""
    for schema in result["components"]["schemas"].values():
        for name, field in schema.get("properties", {}).items():
            if "example" not in field and "$ref" not in field and (found := _example(name, field)) is not None:
                field["example"] = found
    return result


def _example(name: str, field: dict[str, Any]) -> Any:
    if field.get("enum"):
        return next((value for value in field["enum"] if value not in ("", None)), None)
    if field.get("type") == "object" and set(field.get("properties", ())) == set(OTHER):
        return OTHER
    if field.get("format") in BY_FORMAT:
        return BY_FORMAT[field["format"]]
    found, wanted = BY_NAME.get(name), FITS.get(str(field.get("type")))
    if found is None or wanted is None or not isinstance(found, wanted) or _does_not_fit(found, field):
        return None
    return found


def _does_not_fit(value: Any, field: dict[str, Any]) -> bool:
    plain_items = field.get("items", {}).get("type") in (None, "string")
    if isinstance(value, str):
        return len(value) > field.get("maxLength", 10**6) or not re.search(field.get("pattern", ""), value)
    return isinstance(value, list) and ("$ref" in field.get("items", {}) or not plain_items)
