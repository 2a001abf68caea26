"""The parts of the decision page as the templates draw them: window, impact, plan, authorisations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from changes import risk, rules
from changes.basics import TITLES
from changes.models import Authorisation, ChangeRequest, ChangeTask, Consultation, Decision, RecurringChange
from changes.queries.authorisations import Asked, Said, is_overdue
from changes.queries.basics import Examination
from changes.queries.breadth import ServiceHit, services_hit
from changes.queries.durations import usual
from changes.queries.hearing import Hearing
from changes.queries.requests import Waived
from changes.tables import TASK_KINDS
from itsm.kernel.actor import Actor
from itsm.kernel.permissions import allowed
from itsm.kernel.templatetags import _time

SIGNS = {"pending": "open", "authorised": "ok", "rejected": "block", "more_information": "warn", "fallen": "none"}
WORDS = {"more_information": "Asked back"}
SAID = {"authorised": "authorised it", "rejected": "rejected it", "more_information": "asked for information",
        "answered": "answered"}  # fmt: skip
RISKS = {1: "ok", 2: "warn", 3: "block"}
TOUCHED_SHOWN = 8
State = Authorisation.State
WITH_SHEET = ("scheduled", "implementing", "review", "closed")


def page_of(change: ChangeRequest, verb: str) -> str:
    return reverse(f"changes:request-{verb}", args=[change.number])


# --- Impact -----------------------------------------------------------------------------------


def impact_of(change: ChangeRequest, found: Examination, may_plan: bool) -> dict[str, Any]:
    touched, around = found.touched, found.around
    spoke = {who: said for one in found.asked for said in one.said for who in (said.by_id, said.for_id)}
    heard = _Heard(change, spoke, found.hearing)
    return {
        "touched": touched,
        "shown": touched[:TOUCHED_SHOWN],
        "more": len(touched) - len(touched[:TOUCHED_SHOWN]),
        "reached": around.reached,
        "depth": around.farthest,
        "as_of": found.reach_of,
        "graph_url": touched[0].get_absolute_url() if touched else "",
        "services": [_service(hit, heard) for hit in services_hit(found.services, around.causes)],
        "fix": {"label": "Name the CIs", "url": page_of(change, "edit")} if may_plan else {},
    }


def risk_of(change: ChangeRequest) -> dict[str, Any]:
    """The higher of what people estimate and of what is computed, each with what it is made of."""
    likelihood, impact = change.get_likelihood_display().lower(), change.get_impact_display().lower()
    computed = ChangeRequest.Level(change.computed_risk) if change.computed_risk else None
    points = sum(part["points"] for part in change.risk_parts)
    bounds = f"{risk.MOST} (medium from {risk.MEDIUM}, high from {risk.HIGH})"
    return {
        "level": change.risk.label,
        "kind": RISKS[change.risk],
        "category": change.category,
        "estimated": f"{change.estimated_risk.label}: likelihood {likelihood} × impact {impact}.",
        "computed": f"{computed.label}: {points} points of {bounds}." if computed else "",
        "parts": [part | {"title": risk.TITLES.get(part["code"], part["code"])} for part in change.risk_parts],
    }


@dataclass(frozen=True)
class _Heard:
    """Whether an owner has spoken on the change: by a decision, or by their view of it."""

    change: ChangeRequest
    spoke: dict[int | None, Said]
    hearing: Hearing

    def of(self, owner_id: int | None, owner: Any) -> tuple[str, str]:
        if owner_id is None:
            return "unknown", "no owner"
        if decision := self.spoke.get(owner_id):
            kind = "ok" if decision.verdict == Decision.Verdict.AUTHORISED else "warn"
            return kind, f"{SAID[decision.verdict].removesuffix(' it')}, {_time.day(decision.at)}"
        if view := self.hearing.said.get(owner_id):
            objects = view.view == Consultation.View.OBJECTION
            return ("block", f"{owner} objects") if objects else ("ok", f"no objection, {_time.day(view.at)}")
        if owner_id == self.change.requested_by_id:
            return "ok", "asked for it"
        if self.change.status not in ChangeRequest.PLANNABLE:
            return "none", f"not heard: {owner}"
        return "warn", f"{'asked' if owner_id in self.hearing.awaited else 'not yet'}: {owner}"


def _service(hit: ServiceHit, heard: _Heard) -> dict[str, Any]:
    service = hit.service
    return {
        "name": service.name,
        "url": service.get_absolute_url(),
        "count": hit.cis,
        "criticality": hit.criticality,
        "heard": heard.of(service.owner_id, service.owner),
    }


# --- Plan -------------------------------------------------------------------------------------


def plan_of(change: ChangeRequest, tasks: list[ChangeTask], actor: Actor, may_plan: bool) -> dict[str, Any]:
    running = change.status in (change.Status.IMPLEMENTING, change.Status.REVIEW, change.Status.CLOSED)
    return {
        "tasks": [_task(change, task, actor, running, may_plan) for task in tasks],
        "work": sum(task.duration_minutes for task in tasks if task.phase == ChangeTask.Phase.IMPLEMENT),
        "sheet_url": page_of(change, "run-sheet") if tasks and change.status in WITH_SHEET else "",
        "state_heading": "State" if running else "Acknowledged",
        "add_url": page_of(change, "add-task") if may_plan and tasks else "",
        "fix": {"label": "Add a task", "url": page_of(change, "add-task")} if may_plan else {},
    }


def _task(change: ChangeRequest, task: ChangeTask, actor: Actor, running: bool, may_plan: bool) -> dict[str, Any]:
    task.change = change  # one object for all, so that no task asks for it again
    kind, word = _task_sign(task, running)
    return {
        "order": task.order,
        "title": task.title,
        "instructions": task.instructions,
        "note": task.note,
        "assignee": task.assignee,
        "start": _time.clock(task.starts_at) if task.starts_at else f"+{task.offset_minutes}",
        "minutes": task.duration_minutes,
        "learnt": usual(task),
        "way_back": task.phase == ChangeTask.Phase.BACK_OUT,
        "kind": kind,
        "word": word,
        "mine": task.assignee_id is not None and task.assignee_id == actor.user_id,
        "step": _step(change, task, actor),
        "links": _links(change, task, actor, may_plan),
    }


def _task_sign(task: ChangeTask, running: bool) -> tuple[str, str]:
    if running or task.state not in (task.State.PLANNED, task.State.ACKNOWLEDGED):
        return TASK_KINDS[task.state], task.get_state_display()
    return ("ok", "yes") if task.is_acknowledged else ("block", "no")


def _url(task: ChangeTask, verb: str) -> str:
    return reverse(f"changes:task-{verb}", args=[task.number])


def _step(change: ChangeRequest, task: ChangeTask, actor: Actor) -> dict[str, str] | None:
    """The one thing that the task's person does next."""
    if task.assignee_id is None or task.assignee_id != actor.user_id:
        return None
    if task.state == task.State.PLANNED and change.status in ChangeRequest.IN_CALENDAR:
        return {"label": "Acknowledge", "url": _url(task, "acknowledge")}
    if change.status != change.Status.IMPLEMENTING:
        return None
    if task.state == task.State.ACKNOWLEDGED:
        return {"label": "Start", "url": _url(task, "start")}
    if task.state == task.State.IN_PROGRESS:
        return {"label": "Done", "url": _url(task, "finish")}
    return None


def _links(change: ChangeRequest, task: ChangeTask, actor: Actor, may_plan: bool) -> list[dict[str, str]]:
    open_ = task.state in (task.State.PLANNED, task.State.ACKNOWLEDGED)
    if may_plan and open_ and change.status in ChangeRequest.PLANNABLE:
        return [{"label": "Edit", "url": _url(task, "edit")}, {"label": "Take out", "url": _url(task, "remove")}]
    if open_ and task.assignee_id == actor.user_id and allowed(rules.may_hand_over, actor, task):
        return [{"label": "Hand over", "url": _url(task, "hand-over")}]
    return []


# --- Authorisations ---------------------------------------------------------------------------


def authorisations_of(change: ChangeRequest, asked: list[Asked], actor: Actor, now: datetime) -> list[dict[str, Any]]:
    may_answer = change.status in ChangeRequest.DECIDABLE and allowed(rules.may_plan, actor, change)
    return [
        {
            "kind": SIGNS[(authorisation := one.authorisation).state],
            "word": WORDS.get(authorisation.state, authorisation.get_state_display()),
            "role": authorisation.get_role_display(),
            "point": authorisation.get_point_display(),
            "quorum": authorisation.quorum,
            "given": sum(said.verdict == Decision.Verdict.AUTHORISED for said in one.said),
            "policy": str(authorisation.policy),
            "rule": authorisation.rule,
            "asked_at": authorisation.asked_at,
            "fell": authorisation.fell_because,
            "due": authorisation.due_at if authorisation.state == State.PENDING else None,
            "overdue": is_overdue(authorisation, now),
            "answer_url": answer_url(authorisation) if may_answer else "",
            "decisions": [
                {"by": said, "said": SAID[said.verdict], "at": said.at, "comment": said.comment, "ledger": said.ledger}
                for said in one.said
            ],
        }
        for one in asked
    ]


def answer_url(authorisation: Authorisation) -> str:
    waits = authorisation.state == State.MORE_INFORMATION
    return reverse("changes:authorisation-answer", args=[authorisation.number]) if waits else ""


def views_of(found: Examination) -> list[dict[str, Any]]:
    """What owners of impacted services say of this very plan."""
    words = dict(found.around.owners)
    return [
        {
            "kind": "block" if one.view == Consultation.View.OBJECTION else "ok",
            "word": Consultation.View(one.view).label,
            "by": words.get(owner, "An owner"),
            "at": one.at,
            "comment": one.comment,
            "ledger": one.ledger,
        }
        for owner, one in found.hearing.said.items()
    ]


# --- Waivers ------------------------------------------------------------------------------------


def waivers_of(change: ChangeRequest, found: Examination) -> list[dict[str, Any]]:
    """Who took which failed check upon themselves; one for an earlier plan no longer counts."""
    present = {verdict.code for verdict in found.verdicts if verdict.waived_by}
    return [
        {
            "title": TITLES.get(waiver.check_code, waiver.check_code),
            "by": waiver,
            "at": waiver.at,
            "reason": waiver.reason,
            "ledger": waiver.ledger,
            "past": "" if waiver.check_code in present else _past(waiver, found),
            "named": waiver.named,
        }
        for waiver in found.waivers
    ]


def _past(waiver: Waived, found: Examination) -> str:
    return "does not cover what is new" if waiver.check_code in found.facts.waived else "for an earlier plan"


def copied_of(change: ChangeRequest, actor: Actor) -> dict[str, Any] | None:
    """What it is a copy of, if the reader may see that, what was cleared, and what recurs with it."""
    if change.copied_from_id is None and not change.cleared:
        return None
    source = ChangeRequest.objects.filter(pk=change.copied_from_id or 0).visible_to(actor).first()
    recurring = RecurringChange.objects.filter(occurrences__change=change).first()
    return {"source": source, "cleared": change.cleared, "recurring": recurring}
