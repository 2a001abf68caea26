"""REST: the settings of the organisation; read by all, changed by administrators."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from itsm.kernel import organisation, preconditions
from itsm.kernel.api.authentication import actor_of
from itsm.kernel.api.base import etag, revisions
from itsm.kernel.api.serializers import Strict
from itsm.kernel.models import Organisation


class OrganisationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organisation
        fields = ("name", "time_zone", "working_days", "day_begins", "day_ends", "country", "days_off", "mail_name",
                  "mail_address", "digest_hour", "revision")  # fmt: skip


class OrganisationChanges(Strict):
    name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=63, required=False, allow_blank=True)
    working_days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7), required=False, allow_empty=False, max_length=7
    )
    day_begins = serializers.TimeField(required=False)
    day_ends = serializers.TimeField(required=False)
    country = serializers.CharField(max_length=2, required=False, allow_blank=True)
    days_off = serializers.DictField(
        child=serializers.CharField(max_length=100, allow_blank=True), required=False, help_text="Names by their days."
    )
    mail_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    mail_address = serializers.EmailField(required=False, allow_blank=True)
    digest_hour = serializers.IntegerField(min_value=0, max_value=23, required=False)


class OrganisationView(APIView):
    @extend_schema(responses={200: OrganisationSerializer})
    def get(self, request: Request) -> Response:
        """Name, time zone, working calendar and mail."""
        return self._answer()

    @extend_schema(request=OrganisationChanges, responses={200: OrganisationSerializer})
    def patch(self, request: Request) -> Response:
        """Change what the body names."""
        reader = OrganisationChanges(data=request.data, partial=True)
        reader.is_valid(raise_exception=True)
        with preconditions.expecting(organisation.current(), revisions(request.headers.get("If-Match"))):
            organisation.update(actor=actor_of(request), **reader.validated_data)
        return self._answer()

    def _answer(self) -> Response:
        said = organisation.current()
        drawn: dict[str, Any] = OrganisationSerializer(said).data
        return Response(drawn, headers={"ETag": etag(said)})
