"""What moves marks the changes whose basics depend on it; a job computes them again (`changes.recheck_basics`)."""

from django.utils import timezone

from changes.models import ChangeRequest, ChangeTask, Consultation, Freeze, OperationalJob
from changes.operations import basics
from changes.queries import concerned
from cmdb.models import Relation
from itsm.kernel import events
from itsm.kernel.models import Delegation, OutboxEvent
from knowledge.models import Article

OF_CHANGE = ("drafted", "planned", "window_moved", "submitted", "scheduled", "cancelled", "draft", "waived", "finished")
OF_TASK = ("added", "updated", "acknowledged", "handed_over", "skipped")
OF_CI = ("created", "updated", "verified", "moved")


def mark_by_change(event: OutboxEvent) -> None:
    change = ChangeRequest.objects.filter(pk=event.subject_id).first()
    if change is not None:
        basics.mark(concerned.by_change(change, timezone.now()), timezone.now())


def mark_by_task(event: OutboxEvent) -> None:
    task = ChangeTask.objects.select_related("change").filter(pk=event.subject_id).first()
    if task is not None:
        basics.mark(concerned.by_change(task.change, timezone.now()), timezone.now())


def mark_by_ci(event: OutboxEvent) -> None:
    basics.mark(concerned.by_cis([event.subject_id], timezone.now()), timezone.now())


def mark_by_view(event: OutboxEvent) -> None:
    said = Consultation.objects.filter(pk=event.subject_id).values("change")
    basics.mark(concerned.still_planned(timezone.now()).filter(pk__in=said), timezone.now())


for verb in ("asked", "said"):
    events.on(f"changes.consultation.{verb}")(mark_by_view)
for verb in OF_CHANGE:
    events.on(f"changes.change_request.{verb}")(mark_by_change)
events.on("changes.task.removed")(mark_by_change)
for verb in OF_TASK:
    events.on(f"changes.task.{verb}")(mark_by_task)
for verb in OF_CI:
    events.on(f"cmdb.ci.{verb}")(mark_by_ci)


@events.on("cmdb.relation.created")
def mark_by_relation(event: OutboxEvent) -> None:
    ends = Relation.objects.filter(pk=event.subject_id).values_list("source", "target").first()
    basics.mark(concerned.by_cis(ends or (), timezone.now()), timezone.now())


@events.on("cmdb.relation.removed")
@events.on("cmdb.import.merged")
@events.on("cmdb.import.rolled_back")
def mark_all(event: OutboxEvent) -> None:
    """What is gone, or came by thousands, names no CI."""
    basics.mark(concerned.still_planned(timezone.now()), timezone.now())


@events.on("changes.freeze.created")
@events.on("changes.freeze.updated")
def mark_by_freeze(event: OutboxEvent) -> None:
    freeze = Freeze.objects.get(pk=event.subject_id)
    basics.mark(concerned.by_freeze(freeze, timezone.now()), timezone.now())


@events.on("changes.job.created")
@events.on("changes.job.updated")
def mark_by_job(event: OutboxEvent) -> None:
    job = OperationalJob.objects.get(pk=event.subject_id)
    basics.mark(concerned.by_job(job, timezone.now()), timezone.now())


@events.on("kernel.user.deactivated")
@events.on("kernel.user.reactivated")
def mark_by_person(event: OutboxEvent) -> None:
    basics.mark(concerned.by_people([event.subject_id], timezone.now()), timezone.now())


@events.on("kernel.delegation.given")
@events.on("kernel.delegation.ended")
def mark_by_delegation(event: OutboxEvent) -> None:
    givers = Delegation.objects.filter(pk=event.subject_id).values_list("giver", flat=True)
    basics.mark(concerned.by_people(givers, timezone.now()), timezone.now())


@events.on("knowledge.article.published")
@events.on("knowledge.article.retired")
def mark_by_article(event: OutboxEvent) -> None:
    ci = Article.objects.values_list("ci", flat=True).get(pk=event.subject_id)
    basics.mark(concerned.by_article(ci, timezone.now()), timezone.now())
