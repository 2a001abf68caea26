"""REST: CIs by the keys of another tool, up to 1,000 a call."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb import rules
from cmdb.api.keys import KeySerializer
from cmdb.importing.records import FoundCI
from cmdb.models import ConfigurationItem
from cmdb.operations import upserts
from itsm.kernel.api import bulk
from itsm.kernel.api.serializers import Strict
from itsm.kernel.permissions import require


class UpsertItem(Strict):
    """What the tool knows of the CI. What is left away stays as it is recorded; attributes are merged one by one."""

    external_key = KeySerializer()
    ci_class = serializers.CharField(max_length=60, help_text="Code of the class.")
    name = serializers.CharField(max_length=200)
    environment = serializers.CharField(max_length=40, required=False, allow_blank=True)
    status = serializers.ChoiceField(ConfigurationItem.Status.choices, required=False)
    version = serializers.CharField(max_length=80, required=False, allow_blank=True)
    owner = serializers.CharField(max_length=150, required=False, allow_blank=True, help_text="User name.")
    support_team = serializers.CharField(max_length=100, required=False, allow_blank=True, help_text="Its name.")
    criticality = serializers.ChoiceField(ConfigurationItem.Criticality.choices, required=False)
    attributes = serializers.DictField(required=False)


class UpsertedSerializer(serializers.Serializer):
    position = serializers.IntegerField()
    outcome = serializers.ChoiceField(["created", "updated", "unchanged", "proposed"])
    id = serializers.IntegerField()
    number = serializers.CharField()
    url = serializers.CharField()
    external_key = KeySerializer()
    edit = serializers.CharField(allow_null=True, help_text="The proposal that waits for a second person.")


class UpsertCIs:
    """Beside the other ways to write CIs."""

    @extend_schema(
        request=UpsertItem(many=True),
        responses={200: UpsertedSerializer(many=True), 202: UpsertedSerializer(many=True)},
    )
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def upsert(self, request: Request) -> Response:
        """Create or change each of a list of CIs by its external key, all or none; those of one source in one call.

        202 where some of it is proposed only, because a second person has to accept it first.
        """
        view: Any = self
        require(rules.may_edit_ci, view.actor)  # before a thousand records are looked at
        said = view.validated_all(UpsertItem, bulk.checked(request.data))
        source = _source_of(said)
        done = upserts.upsert(source=source, found=_found(said), actor=view.actor)
        status = 202 if any(each.edit for each in done) else 200
        return Response([_answer(each, source, request) for each in done], status=status)


def _source_of(said: list[dict[str, Any]]) -> str:
    source = str(said[0]["external_key"].source)
    others = {str(at): each["external_key"].source for at, each in enumerate(said)}
    if wrong := {at: other for at, other in others.items() if other != source}:
        message = f"The first record is of {source}. Send those of another source in a call of their own."
        raise serializers.ValidationError({at: {"external_key": [message]} for at in wrong})
    return source


def _found(said: list[dict[str, Any]]) -> Iterator[FoundCI]:
    for at, each in enumerate(said):
        key = each.pop("external_key")
        yield FoundCI(row=str(at), key=key.key, **each)


def _answer(each: upserts.Upserted, source: str, request: Request) -> dict[str, Any]:
    return {
        "position": each.position,
        "outcome": each.outcome,
        "id": each.ci_id,
        "number": f"{ConfigurationItem.PREFIX}-{each.ci_id}",
        "url": request.build_absolute_uri(reverse("api:ci-detail", args=[each.ci_id])),
        "external_key": {"source": source, "key": each.key},
        "edit": each.edit,
    }
