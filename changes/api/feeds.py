"""REST: the secret addresses under which other programs read one's calendars."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.actions import FEED_ACTIONS
from changes.filters import CalendarFeedFilter
from changes.models.feed import address_of
from changes.operations import feeds
from changes.queries.feeds import listed
from cmdb.models import Service
from itsm.kernel.api.base import RecordViewSet, etag
from itsm.kernel.api.serializers import RecordSerializer, RefField, Strict
from itsm.kernel.errors import InvalidInput
from itsm.kernel.models import Team


class CalendarFeedSerializer(RecordSerializer):
    service = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.CharField(source="team.name", read_only=True, default=None, allow_null=True)
    state = serializers.ChoiceField(["in use", "revoked"], read_only=True)

    class Meta:
        model = listed().model
        fields = (*RecordSerializer.BASE, "service", "team", "state", "read_at", "revoked_at", "actions")


class MadeFeedSerializer(CalendarFeedSerializer):
    address = serializers.CharField(read_only=True, help_text="What the other program reads. It cannot be had again.")

    class Meta(CalendarFeedSerializer.Meta):
        fields = (*CalendarFeedSerializer.Meta.fields, "address")


class FeedArguments(Strict):
    service = RefField(Service.objects, required=False)
    team = serializers.SlugRelatedField(slug_field="name", queryset=Team.objects.all(), required=False)


class CalendarFeedViewSet(RecordViewSet):
    """The caller's own. Nobody sees an address again."""

    queryset = listed()
    serializer_class = CalendarFeedSerializer
    filterset_class = CalendarFeedFilter
    record_actions = FEED_ACTIONS

    def _once(self, key: str, handler: Any) -> Any:
        """An answer with a secret address must not be kept for 24 hours."""
        raise InvalidInput.at("Idempotency-Key", "An address is shown once; make it without this header.")

    @extend_schema(request=FeedArguments, responses={201: MadeFeedSerializer})
    def create(self, request: Request) -> Response:
        """Make an address: of a service, of a team, or with neither of oneself. It is in this answer alone."""
        made, key = feeds.make(actor=self.actor, **self.arguments(FeedArguments))
        fresh: Any = self.get_queryset().get(pk=made.pk)
        fresh.address = address_of(key)
        body = MadeFeedSerializer(fresh, context=self.get_serializer_context()).data
        headers = {"ETag": etag(fresh), "Location": self.path_of(fresh), "Cache-Control": "no-store"}
        return Response(body, status=201, headers=headers)

    @extend_schema(request=None, responses={200: CalendarFeedSerializer})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """End it; its next reading finds nothing."""
        feed = self.get_object()
        with self.as_seen(feed):
            return self.answer(feeds.revoke(feed_id=feed.pk, actor=self.actor, now=timezone.now()))
