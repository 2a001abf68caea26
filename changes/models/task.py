"""The steps of a change."""

from datetime import datetime, timedelta
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from changes.models.request import ChangeRequest
from cmdb.models import ConfigurationItem
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ChangeTask(Numbered):
    """One step of a change, for one person; planned relative to the window so that it moves with it."""

    PREFIX = "TSK"

    class Phase(models.TextChoices):
        IMPLEMENT = "implement", _("Implementation")
        BACK_OUT = "back_out", _("Way back")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        FAILED = "failed", _("Failed")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.PLANNED: frozenset({State.ACKNOWLEDGED, State.SKIPPED}),
            State.ACKNOWLEDGED: frozenset({State.IN_PROGRESS, State.PLANNED, State.SKIPPED}),
            State.IN_PROGRESS: frozenset({State.DONE, State.FAILED, State.PLANNED}),
            State.DONE: frozenset(),
            State.SKIPPED: frozenset(),
            State.FAILED: frozenset(),
        },
        path=(State.PLANNED, State.ACKNOWLEDGED, State.IN_PROGRESS, State.DONE),
    )

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="tasks")
    order = models.PositiveSmallIntegerField()
    phase = models.CharField(
        max_length=20, choices=Phase, default=Phase.IMPLEMENT, db_default=Phase.IMPLEMENT,
        help_text="A task of the way back is begun when the change is backed out, and counted from then.",
    )  # fmt: skip
    title = models.CharField(max_length=200)
    instructions = models.TextField(blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="change_tasks"
    )
    offset_minutes = models.PositiveIntegerField("start (min into the window)", default=0)
    duration_minutes = models.PositiveIntegerField("duration (min)", default=0)
    predecessor = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="successors")
    ci = models.ForeignKey(ConfigurationItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State, default=State.PLANNED)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta(Numbered.Meta):
        verbose_name = "task"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["change", "order"], name="task_order_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="task_not_after_itself", condition=Q(predecessor__isnull=True) | ~Q(predecessor=F("id"))
            ),
            models.CheckConstraint(
                name="acknowledged_by_somebody",
                condition=Q(state="planned") | Q(state="skipped") | Q(assignee__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["assignee", "state"], name="task_by_assignee"),
            models.Index(fields=["title", "finished_at"], name="task_done_by_title", condition=Q(state="done")),
        ]

    @property
    def starts_at(self) -> datetime | None:
        way_back = self.phase == self.Phase.BACK_OUT
        start = self.change.backing_out_at if way_back else self.change.starts_at
        return start + timedelta(minutes=self.offset_minutes) if start else None

    @property
    def ends_at(self) -> datetime | None:
        start = self.starts_at
        return start + timedelta(minutes=self.duration_minutes) if start else None

    @property
    def is_acknowledged(self) -> bool:
        return self.state not in (self.State.PLANNED, self.State.SKIPPED)

    def get_absolute_url(self) -> str:
        return self.change.get_absolute_url()
