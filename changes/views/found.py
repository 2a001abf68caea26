"""How an unauthorised change was found, in words: what shows it, and what there is of its way."""

from typing import Any

from changes.models import ChangeModel, ChangeRequest
from itsm.kernel import subjects
from itsm.kernel.actor import Actor

Status = ChangeRequest.Status
# Nobody asked for it, so it was never assessed, authorised or planned.
NEVER = (Status.DRAFT, Status.ASSESSMENT, Status.BUILDING, Status.SCHEDULED, Status.IMPLEMENTING)
LEADING = {"told by", "deployment"}  # what the program itself names as the record that told of it


def steps_of(change: ChangeRequest) -> list[dict[str, str]]:
    return ChangeRequest.LIFECYCLE.drawn(change, NEVER if change.type == ChangeModel.Type.UNAUTHORISED else ())


def discovery_of(change: ChangeRequest, actor: Actor) -> dict[str, Any] | None:
    discovery = getattr(change, "discovery", None)
    if discovery is None:
        return None
    shown = [{"name": name, "lines": _lines(value), "url": ""} for name, value in discovery.evidence.items()]
    for row in shown:
        if row["name"] in LEADING and (told := subjects.called(row["lines"][0], actor)):
            row["url"] = told.get_absolute_url()
    return {"record": discovery, "shown": shown}


def _lines(value: Any) -> list[str]:
    """Each thing that was said on a line of its own."""
    return [_words(each) for each in value] if isinstance(value, list) and value else [_words(value)]


def _words(said: Any) -> str:
    """A reason of the gate as its sentence; any other structure as *name: value* pairs."""
    if isinstance(said, dict) and {"asked", "found"} <= said.keys():
        return f"{said['asked']}: {said['found']}"
    if isinstance(said, dict):
        return ", ".join(f"{name}: {_words(value)}" for name, value in said.items())
    if isinstance(said, list):
        return ", ".join(map(_words, said)) or "none"
    return str(said)
