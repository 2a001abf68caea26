"""What a person is told."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from itsm.kernel.models.inbox import OutboxEvent
from itsm.kernel.models.people import User
from itsm.kernel.models.record import Record


class Notification(Record):
    """One message for one person; one event makes at most one."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    event = models.ForeignKey(OutboxEvent, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=300)
    link = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "event"], name="one_message_of_an_event")]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="notification_unread", condition=Q(read_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.text
