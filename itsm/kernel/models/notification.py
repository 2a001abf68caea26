"""What a person is told, through which channel, and what they do not want to hear of."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse

from itsm.kernel.actor import Actor
from itsm.kernel.models.inbox import OutboxEvent
from itsm.kernel.models.people import User
from itsm.kernel.models.record import Record, RecordQuerySet


class Mail(models.TextChoices):
    """When a person has a message by mail."""

    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "Once a day"
    NEVER = "never", "Never"


class NotificationQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> "NotificationQuerySet":
        """One's own."""
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()


class Notification(Record):
    """One message for one person; one event makes at most one, in the program and by mail.

    `kind` is one that an app declares (see kernel.notifications); the subject is what the message is about, so
    that a person can mute it.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    event = models.ForeignKey(OutboxEvent, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=60, default="general")
    subject_type = models.CharField(max_length=100, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    text = models.CharField(max_length=300)
    link = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=10, choices=Mail, default=Mail.NEVER)
    mail_taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    mailed_at = models.DateTimeField(null=True, blank=True)
    objects = NotificationQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "event"], name="one_message_of_an_event")]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="notification_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["user", "-id"], name="notification_own", include=["kind"]),
            models.Index(
                fields=["mail", "id"],
                name="notification_to_mail",
                condition=Q(mailed_at__isnull=True, read_at__isnull=True) & ~Q(mail="never"),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("notification-open", args=[self.pk])


@pghistory.track()
class NotificationPreference(Record):
    """What somebody wants by mail: `mail` maps kinds to a choice; what it does not name goes by the kind's default."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="notification_preference")
    mail = models.JSONField(default=dict, blank=True)
    digest_hour = models.PositiveSmallIntegerField(default=7, help_text="In their own time zone.")

    class Meta(Record.Meta):
        constraints: ClassVar = [models.CheckConstraint(name="digest_hour_of_day", condition=Q(digest_hour__lte=23))]

    def __str__(self) -> str:
        return f"Notifications of {self.user}"


class DigestSent(models.Model):
    """The last local day on which a person was sent their digest: once a day, however often the job runs."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.user} on {self.day}"


class NotificationMute(models.Model):
    """Something that somebody wants to hear no more of."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mutes")
    subject_type = models.CharField(max_length=100)
    subject_id = models.BigIntegerField()
    subject = models.CharField(max_length=200, help_text="What it was called when it was muted.")
    link = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "subject_type", "subject_id"], name="muted_once")
        ]

    def __str__(self) -> str:
        return self.subject
