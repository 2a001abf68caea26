"""REST: what the caller was told."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from itsm.kernel.actor import Actor
from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.serializers import RecordSerializer
from itsm.kernel.filters import RecordFilter
from itsm.kernel.models import Notification
from itsm.kernel.notifications import mute


class NotificationFilter(RecordFilter):
    search_fields = ("text",)
    unread = django_filters.BooleanFilter("read_at", lookup_expr="isnull", label="Unread")

    class Meta:
        model = Notification
        fields: ClassVar = ["read_at", "kind"]


class NotificationSerializer(RecordSerializer):
    class Meta:
        model = Notification
        fields = (*RecordSerializer.BASE, "kind", "text", "link", "read_at", "mail", "mailed_at", "actions")


class NotificationViewSet(RecordViewSet):
    """What the caller was told; nobody sees another's."""

    queryset = Notification.objects.order_by("-pk")
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter

    def get_queryset(self) -> QuerySet[Notification]:
        actor: Actor | None = getattr(self, "actor", None)
        return super().get_queryset().filter(user_id=actor.user_id if actor else None)

    @extend_schema(request=None, responses={200: NotificationSerializer})
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Mark it read."""
        notification: Any = self.get_object()
        if notification.read_at is None:
            notification.read_at = timezone.now()
            notification.save(update_fields=["read_at"])
        return self.answer(notification)

    @extend_schema(request=None, responses={200: NotificationSerializer})
    @action(detail=True, methods=["post"])
    def mute(self, request: Request, pk: str) -> Response:
        """Hear no more of what it is about; one's preferences undo it."""
        notification: Any = self.get_object()
        mute(notification)
        return self.answer(notification)
