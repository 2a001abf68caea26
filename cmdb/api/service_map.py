"""REST: a service, what it is made of and what relies on it, as its map shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.models import ConfigurationItem, Relation
from cmdb.queries.overview import overview_of
from cmdb.queries.service_map import map_of


class MappedCI(serializers.ModelSerializer):
    number = serializers.CharField()
    ci_class = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = ConfigurationItem
        fields = ("id", "number", "name", "ci_class", "status", "criticality")


class MappedBox(serializers.Serializer):
    ci = MappedCI()
    level = serializers.IntegerField(
        help_text="0 the service; above zero what it is made of, below zero what relies on it."
    )


class MappedRelation(serializers.ModelSerializer):
    class Meta:
        model = Relation
        fields = ("id", "source", "type", "target", "group")


class ServiceMapSerializer(serializers.Serializer):
    nodes = MappedBox(many=True, source="boxes")
    relations = MappedRelation(many=True, read_only=True)
    left_out = serializers.IntegerField(help_text="How many more are in reach; ask the impact of the service's CI.")


class TellsMap:
    """Of the viewset of services."""

    @extend_schema(responses={200: ServiceMapSerializer})
    @action(detail=True, pagination_class=None, filterset_class=None, url_path="map", url_name="map")
    def service_map(self: Any, request: Request, pk: str) -> Response:
        """What it is made of and what relies on it, the nearest of both, and how they are related."""
        service = self.get_object()
        return Response(ServiceMapSerializer(map_of(service, overview_of(service.ci, whole=True))).data)
