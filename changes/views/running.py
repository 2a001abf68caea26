"""The run sheet: live for all who carry out a change, and what is said on it."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes import rules
from changes.forms import AnswerForm, ExtendForm, ExtensionForm, ReasonForm
from changes.models import ChangeRequest, ChangeTask, RunQuestion
from changes.operations import running
from changes.queries import requests as ask
from changes.queries.running import extensions
from changes.queries.sheet import OVER, Line, Sheet, sheet_of
from changes.tables import OUTCOME_KINDS, REQUEST_KINDS, TASK_KINDS
from changes.views.verbs import bound, verb_page
from itsm.kernel.actor import Actor
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, page_or_fragment
from itsm.kernel.permissions import allowed

CRUMBS = [("Requests", "/changes/requests/")]
State = ChangeTask.State
Status = ChangeRequest.Status
NEXT = {State.PLANNED: "acknowledge", State.ACKNOWLEDGED: "start", State.IN_PROGRESS: "finish"}
LABELS = {"acknowledge": "Acknowledge", "start": "Start", "finish": "Done"}
QUEUED = {"acknowledge", "start", "finish"}  # nothing to fill in: the button says it


def _change(request: Request, number: str) -> ChangeRequest:
    found = ask.listed().prefetch_related("services")
    return find(found, number, request.actor)  # type: ignore[no-any-return]


@require_GET
def sheet(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    found, actor = sheet_of(change, timezone.now()), request.actor
    verdicts = [(REQUEST_KINDS[change.status], str(change.get_status_display()))]
    if change.outcome:
        verdicts.append((OUTCOME_KINDS[change.outcome], str(change.get_outcome_display())))
    context = {
        "title": f"Run sheet: {change.title}",
        "crumbs": [*CRUMBS, (change.number, change.get_absolute_url())],
        "record": change,
        "verdicts": verdicts,
        "is_live": change.status in (Status.SCHEDULED, Status.IMPLEMENTING),
        "sheet": found,
        "next": [_next(task, actor) for task in found.next] if change.status == Status.IMPLEMENTING else [],
        "forward": [_row(line, actor, found) for line in found.of(ChangeTask.Phase.IMPLEMENT)],
        "back": [_row(line, actor, found) for line in found.of(ChangeTask.Phase.BACK_OUT)],
        "questions": [_question(question) for question in found.questions],
        "may": _may(change, actor, found),
    }
    return page_or_fragment(request, "changes/request/run_sheet.html", "sheet", context)


def _may(change: ChangeRequest, actor: Actor, found: Sheet) -> dict[str, bool]:
    works = change.status == Status.IMPLEMENTING and allowed(rules.may_implement, actor, change)
    forward = change.backing_out_at is None
    return {
        "answer": works and found.is_asked,
        "extend": works and forward and found.extension is None,
        "turn_back": works and forward,
        "end_back_out": works and not forward,
        "finish": works and forward and found.done == len(found.of(ChangeTask.Phase.IMPLEMENT)),
        "grant": found.extension is not None and allowed(rules.may_decide_extension, actor, found.extension),
    }


def _next(task: ChangeTask, actor: Actor) -> dict[str, Any]:
    """The one thing to do now: big, and with its button for whoever does it."""
    return {"task": task, "step": _step(task, actor), "mine": task.assignee_id == actor.user_id}


def _step(task: ChangeTask, actor: Actor) -> dict[str, Any] | None:
    verb = NEXT.get(task.state)  # type: ignore[call-overload]
    if verb is None or task.assignee_id is None or task.assignee_id != actor.user_id:
        return None
    if verb != "acknowledge" and task.change.status != Status.IMPLEMENTING:
        return None
    return {
        "label": LABELS[verb],
        "url": reverse(f"changes:task-{verb}", args=[task.number]),
        "api": reverse(f"api:task-{verb}", args=[task.pk]) if verb in QUEUED else "",
    }


def _row(line: Line, actor: Actor, found: Sheet) -> dict[str, Any]:
    task = line.task
    return {
        "task": task,
        "kind": TASK_KINDS[task.state],
        "word": task.get_state_display(),
        "late": line.is_late,
        "learnt": line.learnt,
        "took": _took(task),
        "step": _step(task, actor) if task.phase == found.phase else None,
        "links": _links(task, actor),
    }


def _took(task: ChangeTask) -> int | None:
    if task.started_at is None or task.finished_at is None:
        return None
    return max(1, round((task.finished_at - task.started_at).total_seconds() / 60))


def _links(task: ChangeTask, actor: Actor) -> list[dict[str, str]]:
    if task.state in OVER or task.change.status in ChangeRequest.ENDED or not allowed(rules.may_hand_over, actor, task):
        return []
    verbs = {"hand-over": "Hand over"}
    if task.state == State.IN_PROGRESS and task.assignee_id == actor.user_id:
        verbs["fail"] = "It failed"
    if task.state != State.IN_PROGRESS:
        verbs["skip"] = "Skip"
    return [
        {"label": label, "url": reverse(f"changes:task-{verb}", args=[task.number])} for verb, label in verbs.items()
    ]


def _question(question: RunQuestion) -> dict[str, Any]:
    what = question.freeze.name if question.freeze else "The window"
    held = question.answer == RunQuestion.Answer.HOLD
    return {"record": question, "what": what, "is_over": question.freeze is None, "held": held}


@require_http_methods(["GET", "POST"])
def extend(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    return verb_page(
        request,
        change,
        bound(request, ExtendForm, initial={"until": change.ends_at}),
        partial(running.extend, change_id=change.pk, now=timezone.now()),
        title=f"Ask for more time: {change.title}",
        intro="A change manager without a part in the change grants it. What was authorised stands meanwhile.",
        submit_label="Ask",
        cancel_url=_sheet_of(change),
        said="You asked for more time.",
    )


@require_http_methods(["GET", "POST"])
def decide_extension(request: Request, number: str) -> HttpResponse:
    asked = find(extensions(), number, request.actor)
    return verb_page(
        request,
        asked,
        bound(request, ExtensionForm),
        partial(running.decide_extension, extension_id=asked.pk, now=timezone.now()),
        title=f"More time for {asked.change.title}?",
        intro=f"{asked.asked_by or 'The program'} asks for it: {asked.reason}",
        submit_label="Decide",
        rule=rules.may_decide_extension,
    )


@require_http_methods(["GET", "POST"])
def answer(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    return verb_page(
        request,
        change,
        bound(request, AnswerForm, initial={"answer": request.GET.get("answer")}),
        _then_sheet(change, partial(running.answer, change_id=change.pk, now=timezone.now())),
        title=f"How does it go on? {change.title}",
        intro="No task is begun before somebody has said it, by name and reason. It is written into the ledger.",
        submit_label="Say so",
        cancel_url=_sheet_of(change),
        rule=rules.may_implement,
    )


@require_http_methods(["GET", "POST"])
def begin_back_out(request: Request, number: str) -> HttpResponse:
    change = _change(request, number)
    return verb_page(
        request,
        change,
        bound(request, ReasonForm),
        _then_sheet(change, partial(running.begin_back_out, change_id=change.pk, now=timezone.now())),
        title=f"Turn back: {change.title}",
        intro=change.back_out_steps and f"The way back: {change.back_out_steps}",
        submit_label="Turn back now",
        cancel_url=_sheet_of(change),
        danger=True,
    )


def _sheet_of(change: ChangeRequest) -> str:
    return reverse("changes:request-run-sheet", args=[change.number])


class _Done:
    """Where those who carry out the change go on."""

    def __init__(self, url: str):
        self.url = url

    def get_absolute_url(self) -> str:
        return self.url


def _then_sheet(change: ChangeRequest, operate: Any) -> Any:
    def perform(**data: Any) -> _Done:
        operate(**data)
        return _Done(_sheet_of(change))

    return perform
