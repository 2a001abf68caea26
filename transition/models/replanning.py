"""What became of a package's items when it was cut into smaller ones or went over into streams; each can be undone."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from itsm.kernel.models import Record
from transition.models.package import DeliveryItem, ReleasePackage
from transition.models.stream import DeliveryStream


@pghistory.track()
class Replanning(Record):
    """Items of a package went elsewhere, all at once."""

    class Way(models.TextChoices):
        SLICES = "slices", _("Cut into smaller packages")
        STREAMS = "streams", _("Went over into streams")

    package = models.ForeignKey(ReleasePackage, on_delete=models.PROTECT, related_name="replannings")
    way = models.CharField(max_length=10, choices=Way)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.package.number}: {self.get_way_display().lower()}"


@pghistory.track()
class ItemMove(Record):
    """Where one item went."""

    replanning = models.ForeignKey(Replanning, on_delete=models.CASCADE, related_name="moves")
    item = models.ForeignKey(DeliveryItem, on_delete=models.PROTECT, related_name="moves")
    to_package = models.ForeignKey(
        ReleasePackage, null=True, blank=True, on_delete=models.PROTECT, related_name="moves_in"
    )
    to_stream = models.ForeignKey(
        DeliveryStream, null=True, blank=True, on_delete=models.PROTECT, related_name="moves_in"
    )

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["replanning", "item"], name="item_moves_once_a_replanning"),
            models.CheckConstraint(
                name="item_moves_to_a_package_or_a_stream",
                condition=Q(to_package__isnull=False, to_stream__isnull=True)
                | Q(to_package__isnull=True, to_stream__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} → {self.to_package or self.to_stream}"
