"""Pages of a change's tasks."""

from functools import partial

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from changes import rules
from changes.forms import ConfirmForm, HandOverForm, NoteForm, ReasonForm, TaskForm
from changes.models import ChangeRequest, ChangeTask
from changes.operations import reminders, tasks
from changes.queries import requests as ask_requests
from changes.queries import tasks as ask
from changes.views.verbs import bound, edit_page, verb_page
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page


def _task(request: Request, number: str) -> ChangeTask:
    """The task, unless its change is one that the actor may not see."""
    visible = ChangeRequest.objects.visible_to(request.actor)
    return find(ask.listed().filter(change__in=visible), number, request.actor)  # type: ignore[no-any-return]


@require_http_methods(["GET", "POST"])
def add(request: Request, number: str) -> HttpResponse:
    change: ChangeRequest = find(ask_requests.listed(), number, request.actor)
    return form_page(
        request,
        form=bound(request, TaskForm, change=change, initial=_following(change)),
        perform=partial(tasks.add, change_id=change.pk),
        title=f"Add a task to {change.title}",
        submit_label="Add the task",
        cancel_url=change.get_absolute_url(),
        record=change,
        rule=rules.may_plan,
    )


def _following(change: ChangeRequest) -> dict[str, int]:
    """Where a new task begins unless somebody says otherwise: when the last one of the plan ends."""
    last = change.tasks.filter(phase=ChangeTask.Phase.IMPLEMENT).order_by("order").last()
    return {"predecessor": last.pk, "offset_minutes": last.offset_minutes + last.duration_minutes} if last else {}


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    task = _task(request, number)
    form = bound(request, TaskForm, instance=task, change=task.change)
    return edit_page(request, task, form, partial(tasks.update, task_id=task.pk), title=f"Edit “{task.title}”")


@require_http_methods(["GET", "POST"])
def remove(request: Request, number: str) -> HttpResponse:
    task = _task(request, number)
    falls = " Given authorisations fall, because they are for the plan with it." if task.change.submitted_at else ""
    return verb_page(
        request,
        task,
        bound(request, ConfirmForm),
        partial(tasks.remove, task_id=task.pk),
        title=f"Take “{task.title}” out of the plan",
        intro=f"It is as if it had never been meant. To leave it undone and say why, skip it instead.{falls}",
        submit_label="Take it out",
        said=f"“{task.title}” is no longer in the plan.",
        danger=True,
    )


@require_http_methods(["GET", "POST"])
def acknowledge(request: Request, number: str) -> HttpResponse:
    task = _task(request, number)
    return verb_page(
        request,
        task,
        bound(request, ConfirmForm),
        partial(tasks.acknowledge, task_id=task.pk, now=timezone.now()),
        title=f"Acknowledge “{task.title}”",
        intro="You say that you know what to do, and that you will be there.",
        submit_label="I will do it",
        said=f"You acknowledged “{task.title}”.",
    )


@require_http_methods(["GET", "POST"])
def ask_for(request: Request, number: str) -> HttpResponse:
    task = _task(request, number)
    return verb_page(
        request,
        task,
        bound(request, ConfirmForm),
        partial(reminders.ask, task_id=task.pk),
        title=f"Ask {task.assignee or 'somebody'} to acknowledge “{task.title}”",
        submit_label="Ask",
        said=f"{task.assignee} has been asked.",
    )


@require_http_methods(["GET", "POST"])
def start(request: Request, number: str) -> HttpResponse:
    task = _task(request, number)
    return verb_page(
        request,
        task,
        bound(request, ConfirmForm),
        partial(tasks.start, task_id=task.pk, now=timezone.now()),
        title=f"Start “{task.title}”",
        intro=task.instructions,
        submit_label="Start",
    )


@require_http_methods(["GET", "POST"])
def finish(request: Request, number: str) -> HttpResponse:
    task = _task(request, number)
    return verb_page(
        request,
        task,
        bound(request, NoteForm),
        partial(tasks.finish, task_id=task.pk, now=timezone.now()),
        title=f"Finish “{task.title}”",
        submit_label="It is done",
    )


@require_http_methods(["GET", "POST"])
def fail(request: Request, number: str) -> HttpResponse:
    task = _task(request, number)
    return verb_page(
        request,
        task,
        bound(request, ReasonForm),
        partial(tasks.fail, task_id=task.pk, now=timezone.now()),
        title=f"“{task.title}” failed",
        intro="Say what happened. Whether to go back is the next question; the change's page has the button.",
        submit_label="It failed",
        rule=rules.may_work,
        danger=True,
    )


@require_http_methods(["GET", "POST"])
def skip(request: Request, number: str) -> HttpResponse:
    task = _task(request, number)
    return verb_page(
        request,
        task,
        bound(request, ReasonForm),
        partial(tasks.skip, task_id=task.pk),
        title=f"Skip “{task.title}”",
        submit_label="Skip",
        danger=True,
    )


@require_http_methods(["GET", "POST"])
def hand_over(request: Request, number: str) -> HttpResponse:
    task = _task(request, number)
    return verb_page(
        request,
        task,
        bound(request, HandOverForm),
        partial(tasks.hand_over, task_id=task.pk),
        title=f"Hand over “{task.title}”",
        submit_label="Hand over",
    )
