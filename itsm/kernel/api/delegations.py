"""REST: roles that one lends while away, and those that are lent."""

from typing import Any, ClassVar

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from itsm.kernel import delegations
from itsm.kernel.actions import Action
from itsm.kernel.actor import Actor
from itsm.kernel.api.base import CreateRecord, RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, Strict
from itsm.kernel.filters import RecordFilter
from itsm.kernel.models import Delegation
from itsm.kernel.permissions import rule
from itsm.kernel.roles import Role


class DelegationFilter(RecordFilter):
    search_fields = ("reason", "giver__username", "taker__username")
    ordering_fields = ("id", "since", "until")
    giver = django_filters.CharFilter("giver__username", label="Giver")
    taker = django_filters.CharFilter("taker__username", label="Taker")

    class Meta:
        model = Delegation
        fields: ClassVar = ["role", "since", "until", "ended_at"]


class DelegationSerializer(RecordSerializer):
    giver = PersonField(read_only=True)
    taker = PersonField(read_only=True)
    state = serializers.ChoiceField(Delegation.State.choices, read_only=True)

    class Meta:
        model = Delegation
        fields = (
            *RecordSerializer.BASE,
            "giver",
            "taker",
            "role",
            "since",
            "until",
            "reason",
            "state",
            "ended_at",
            "actions",
        )


class DelegationArguments(Strict):
    taker = PersonField()
    role = serializers.ChoiceField(Role.choices)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=200)
    giver = PersonField(required=False, help_text="An administrator may lend a role in somebody else's name.")


@rule("Only who lent it, who has it or an administrator ends a delegation.")
def may_end(actor: Actor, delegation: Delegation) -> bool:
    return actor.is_admin or actor.user_id in (delegation.giver_id, delegation.taker_id)


def _over(delegation: Delegation) -> str | None:
    return "It has ended already." if delegation.state == Delegation.State.ENDED else None


class DelegationViewSet(CreateRecord, RecordViewSet):
    """One's own, given and taken; an administrator sees all."""

    queryset = Delegation.objects.select_related("giver", "taker").order_by("-pk")
    serializer_class = DelegationSerializer
    filterset_class = DelegationFilter
    create_arguments = DelegationArguments
    record_actions = (Action("end", "End", may_end, unless=_over),)

    def perform_create(self, data: dict[str, Any]) -> Delegation:
        return delegations.give(actor=self.actor, now=timezone.now(), **data)

    @extend_schema(request=None, responses={200: DelegationSerializer})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Take it back, or give it back; the taker's next request does without."""
        delegation = self.get_object()
        with self.as_seen(delegation):
            return self.answer(delegations.end(delegation_id=delegation.pk, actor=self.actor, now=timezone.now()))
