"""What comes up while a change is implemented: more time is asked for, and somebody must say how to go on."""

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changes.models.calendar import Freeze
from changes.models.request import ChangeRequest
from itsm.kernel.actor import Actor
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered, RecordQuerySet


class OfChangeQuerySet(RecordQuerySet):
    def visible_to(self, actor: Actor) -> "OfChangeQuerySet":
        return self.filter(change__in=ChangeRequest.objects.visible_to(actor))


@pghistory.track()
class WindowExtension(Numbered):
    """More time, asked for while the work goes on; a small authorisation of its own."""

    PREFIX = "EXT"

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.ASKED: frozenset({State.GRANTED, State.REFUSED}),
            State.GRANTED: frozenset(),
            State.REFUSED: frozenset(),
        },
        path=(State.ASKED, State.GRANTED),
    )

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="extensions")
    before = models.DateTimeField(help_text="Where the window ended when it was asked.")
    until = models.DateTimeField()
    reason = models.TextField()
    state = models.CharField(max_length=20, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)
    ledger_sequence = models.BigIntegerField(null=True, blank=True)

    objects = OfChangeQuerySet.as_manager()

    class Meta(Numbered.Meta):
        verbose_name = "extension"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change"], condition=Q(state="asked"), name="one_extension_asked"),
            models.CheckConstraint(name="extension_is_longer", condition=Q(until__gt=F("before"))),
        ]

    @property
    def display(self) -> str:
        return f"{self.number} of {self.change}"

    def get_absolute_url(self) -> str:
        return reverse("changes:request-run-sheet", args=[self.change.number])


@pghistory.track()
class RunQuestion(Numbered):
    """Something has changed while the work goes on, and a person has to say how to go on; nothing begins until then."""

    PREFIX = "ASK"

    class Kind(models.TextChoices):
        WINDOW_OVER = "window_over", _("The window is over")
        FREEZE_BEGAN = "freeze_began", _("A freeze has begun")

    class Answer(models.TextChoices):
        GO_ON = "go_on", _("Go on")
        HOLD = "hold", _("Hold")
        BACK_OUT = "back_out", _("Back out")

    # Nothing new is begun meanwhile.
    OPEN: ClassVar = ("", Answer.HOLD)

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=20, choices=Kind)
    freeze = models.ForeignKey(Freeze, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    moment = models.DateTimeField(help_text="When the window ended, or the freeze began.")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=20, choices=Answer, blank=True)
    reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    ledger_sequence = models.BigIntegerField(null=True, blank=True)

    objects: Any = OfChangeQuerySet.as_manager()

    class Meta(Numbered.Meta):
        verbose_name = "question"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["change", "kind", "freeze", "moment"], name="asked_once", nulls_distinct=False
            ),
            models.CheckConstraint(name="answer_has_a_name", condition=Q(answer="") | Q(answered_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.change}"  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("changes:request-run-sheet", args=[self.change.number])
