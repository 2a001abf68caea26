"""REST: the kernel's own resources, all of them to read."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from itsm.kernel.actor import Actor
from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer
from itsm.kernel.filters import RecordFilter, StrictFilterBackend
from itsm.kernel.models import Notification, Team, User
from itsm.kernel.notifications import mute


class UserFilter(RecordFilter):
    search_fields = ("username", "first_name", "last_name")
    ordering_fields = ("id", "username")

    class Meta:
        model = User
        fields: ClassVar = ["username", "is_active", "is_machine"]


class UserSerializer(serializers.ModelSerializer):
    display = serializers.CharField(source="__str__", read_only=True)
    roles = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "username", "display", "is_machine", "is_active", "roles")

    def get_roles(self, user: User) -> list[str]:
        return sorted({assignment.role for assignment in user.assignments.all()})


class UserViewSet(ReadOnlyModelViewSet):
    queryset = User.objects.prefetch_related("assignments").order_by("pk")
    serializer_class = UserSerializer
    filterset_class = UserFilter
    filter_backends: ClassVar = [StrictFilterBackend]
    lookup_value_regex = "[^/]+"

    def get_object(self) -> User:
        """By id or user name."""
        ref = self.kwargs["pk"]
        by = {"pk": int(ref)} if ref.isdecimal() and len(ref) < 19 else {"username": ref}
        found: User = get_object_or_404(self.get_queryset(), **by)
        return found


class TeamFilter(RecordFilter):
    search_fields = ("name",)
    ordering_fields = ("id", "name")
    member = django_filters.CharFilter("members__username", label="Member")

    class Meta:
        model = Team
        fields: ClassVar = ["name"]


class TeamSerializer(RecordSerializer):
    lead = PersonField(read_only=True)
    members = PersonField(many=True, read_only=True)

    class Meta:
        model = Team
        fields = (*RecordSerializer.BASE, "name", "lead", "members")


class TeamViewSet(RecordViewSet):
    queryset = Team.objects.select_related("lead").prefetch_related("members").order_by("pk")
    serializer_class = TeamSerializer
    filterset_class = TeamFilter


class NotificationFilter(RecordFilter):
    search_fields = ("text",)
    unread = django_filters.BooleanFilter("read_at", lookup_expr="isnull", label="Unread")

    class Meta:
        model = Notification
        fields: ClassVar = ["read_at", "kind"]


class NotificationSerializer(RecordSerializer):
    class Meta:
        model = Notification
        fields = (*RecordSerializer.BASE, "kind", "text", "link", "read_at", "mail", "mailed_at")


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
