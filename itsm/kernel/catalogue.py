"""The catalogue of events, for readers: docs/events.md."""

from itertools import groupby

from itsm.kernel.events import Kind, declared

HEAD = """# Events

Made by `python manage.py event_catalogue` (or `make docs`) from each app's `events.py`; do not edit.

Each event is written in the transaction of what it tells, and given to subscribers after it: in order per subject, at
least once. Beside its payload it carries `name`, `version`, `subject_type`, `subject_id`, `subject` (number or name),
`actor`, `user_id` and `occurred_at`.

A payload field that does not apply is left out. New fields may come at any time; one that goes away or means something
else raises the version.
"""


def drawn() -> str:
    apps = groupby(declared(), key=lambda kind: kind.name.split(".")[0])
    return "\n".join([HEAD, *(_app(name, list(kinds)) for name, kinds in apps)])


def _app(name: str, kinds: list[Kind]) -> str:
    rows = [f"| `{k.name}` | {k.version} | {k.sentence} | {_payload(k)} |" for k in kinds]
    return "\n".join(
        [f"## {name}", "", "| event | version | what happened | payload |", "| --- | ---: | --- | --- |", *rows, ""]
    )


def _payload(kind: Kind) -> str:
    return "<br>".join(f"`{field}`: {meaning}" for field, meaning in kind.fields.items()) or "–"
