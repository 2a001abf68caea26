"""Ask somebody for what is still missing from them."""

from changes.models import ChangeTask
from itsm.kernel import events, notifications
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.operation import operation


class NothingToAsk(DomainError):
    code = "nothing_to_ask"


@operation
def ask(*, task_id: int, actor: Actor) -> ChangeTask:
    """Ask the task's assignee to acknowledge it; anybody who sees the change may."""
    task: ChangeTask = ChangeTask.objects.select_related("change", "assignee").get(pk=task_id)
    if task.assignee is None:
        raise NothingToAsk(f"Nobody is named for “{task.title}” yet. Name somebody first.")
    if task.state != ChangeTask.State.PLANNED:
        raise NothingToAsk(f"“{task.title}” is {task.get_state_display().lower()} already.")
    (event,) = events.record_each("changes.task.asked", [task], actor=actor)
    text = f"{actor.label} asks you to acknowledge “{task.title}” of {task.change}."
    link = task.get_absolute_url()
    notifications.tell([task.assignee], text=text, kind="changes.task", about=task.change, link=link, event=event)
    return task
