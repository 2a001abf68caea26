"""The basics as the page draws them: verdict, reason, and what mends it for this reader."""

from typing import Any

from django.urls import reverse

from changes import rules
from changes.basics import SERIOUS, Fix, Verdict
from changes.models import ChangeRequest, ChangeTask
from changes.queries.basics import Examination
from itsm.kernel.actor import Actor
from itsm.kernel.permissions import allowed

FIXES = 3
WORDS = {"block": "Blocks", "unknown": "Unknown", "warn": "Warns", "ok": "In order"}


def basics_of(change: ChangeRequest, found: Examination, actor: Actor, queue: str) -> dict[str, Any]:
    mender = _Mender(change, found, actor, queue)
    return {"examined": _examined(found), "rows": [_row(verdict, mender) for verdict in found.verdicts]}


def _examined(found: Examination) -> str:
    seen = found.collisions.examined
    counts = [
        (len(found.touched) + found.around.reached, "CI"),
        (seen.get("jobs", 0), "job"),
        (seen.get("changes", 0), "change"),
    ]
    return ", ".join(f"{count:,} {name}{'' if count == 1 else 's'}" for count, name in counts)


def _row(verdict: Verdict, mender: "_Mender") -> dict[str, Any]:
    waived = bool(verdict.waived_by) and verdict.verdict != "ok"
    return {
        "code": verdict.code,
        "kind": "warn" if waived else verdict.verdict,
        "word": "Waived" if waived else WORDS[verdict.verdict],
        "title": verdict.title,
        "text": verdict.explanation,
        "skipped": verdict.skipped,
        "waived": verdict.waived_by if waived else "",
        "fixes": [] if waived else _fixes(verdict, mender),
        "checks": [
            {"kind": one.verdict, "word": WORDS[one.verdict], "title": one.title, "text": one.explanation}
            for one in verdict.checks
        ],
    }


def _fixes(verdict: Verdict, mender: "_Mender") -> list[dict[str, Any]]:
    """What mends the group's failed checks, the most serious first; each way once."""
    failed = sorted((one for one in verdict.checks if one.verdict != "ok"), key=lambda one: SERIOUS[one.verdict])
    ways: dict[str, dict[str, Any]] = {}
    for one in failed:
        if one.fix and (way := mender.fix_of(one.fix)):
            ways.setdefault(way["url"], way)
    return list(ways.values())[:FIXES]


class _Mender:
    """What this reader may do about a failed check."""

    def __init__(self, change: ChangeRequest, found: Examination, actor: Actor, queue: str):
        self.change, self.found, self.actor, self.queue = change, found, actor, queue
        self.may_plan = change.status in ChangeRequest.PLANNABLE and allowed(rules.may_plan, actor, change)
        self.tasks = {task.number: task for task in found.tasks}

    def fix_of(self, fix: Fix) -> dict[str, Any] | None:
        if fix.action == "acknowledge":
            return self._acknowledge(fix, self.tasks[fix.target])
        if fix.action == "verify":
            return self._verify(fix)
        if fix.action in ("ask-owners", "give-view") and self.actor.user_id in self.found.to_hear:
            return {"label": "Say what you think", "url": self._page("give-view")}
        if not self.may_plan or fix.action == "give-view":
            return None
        if fix.action == "schedule" and self.change.window:
            return {"label": fix.label, "url": self._page("schedule"), "slot": self._page("slot")}
        if fix.target:
            return {"label": fix.label, "url": reverse(f"changes:task-{fix.action}", args=[fix.target])}
        return {"label": fix.label, "url": self._page(fix.action)}

    def _page(self, verb: str) -> str:
        return reverse(f"changes:request-{verb}", args=[self.change.number]) + self.queue

    def _acknowledge(self, fix: Fix, task: ChangeTask) -> dict[str, Any]:
        mine = self.actor.user_id == task.assignee_id
        verb, label = ("acknowledge", "Acknowledge") if mine else ("ask", fix.label)
        return {"label": label, "url": reverse(f"changes:task-{verb}", args=[task.number]) + self.queue, "post": True}

    def _verify(self, fix: Fix) -> dict[str, Any]:
        """The list of those that nobody verified lately; each owner can do it there."""
        stale = [pk for pk, _ in self.found.around.old]
        return {"label": fix.label, "url": f"{reverse('cmdb:ci-list')}?id={','.join(map(str, stale))}"}
