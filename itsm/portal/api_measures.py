"""REST: DORA's and ITIL's measures, each with its definition and the counts it is made of."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from cmdb.models import Service
from itsm.kernel import measures as kernel
from itsm.kernel.api.authentication import actor_of
from itsm.kernel.api.serializers import RefField, Strict
from itsm.kernel.measures import Measure, Scope
from itsm.kernel.models import Team
from transition.models import DeliveryStream

DAYS = timedelta(days=30)
LONGEST = timedelta(days=3660)
DEFINITION: dict[str, Any] = {
    "name": serializers.CharField(),
    "label": serializers.CharField(),
    "family": serializers.ChoiceField(["DORA", "ITIL"]),
    "definition": serializers.CharField(),
    "unit": serializers.ChoiceField(["share", "seconds", "per day", "count"]),
    "of": serializers.ListField(child=serializers.ChoiceField(kernel.OF), help_text="By what it can be narrowed."),
    "url": serializers.URLField(),
}
LIST = inline_serializer(
    "Measures",
    {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": inline_serializer("MeasureDefinition", DEFINITION, many=True),
    },
)
ANSWER = inline_serializer(
    "Measured",
    {
        **DEFINITION,
        "from": serializers.DateTimeField(),
        "to": serializers.DateTimeField(),
        "service": RefField(allow_null=True),
        "team": RefField(allow_null=True),
        "stream": RefField(allow_null=True),
        "value": serializers.FloatField(allow_null=True, help_text="null: there was nothing to measure."),
        "parts": serializers.DictField(
            child=serializers.FloatField(allow_null=True), help_text="The counts that the value is made of."
        ),
        "list": serializers.URLField(allow_null=True, help_text="The page that lists what was counted."),
    },
)


class Question(Strict):
    service = RefField(Service.objects, required=False)
    team = RefField(Team.objects, required=False)
    stream = RefField(DeliveryStream.objects, required=False)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so it cannot be declared as an attribute."""
        moments = {name: serializers.DateTimeField(required=False) for name in ("from", "to")}
        return {**super().get_fields(), **moments}

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        until = said.get("to") or (_moved(said, "from", DAYS) if "from" in said else timezone.now())
        since = said.get("from") or _moved({"to": until}, "to", -DAYS)
        if not since < until <= since + LONGEST:
            raise ValidationError({"to": ["It must lie after `from`, at most ten years."]})
        return {**said, "from": since, "to": until}


def _moved(said: dict[str, Any], name: str, by: timedelta) -> datetime:
    try:
        return cast(datetime, said[name] + by)
    except OverflowError as error:
        raise ValidationError({name: ["So far away there is nothing to measure."]}) from error


@extend_schema(operation_id="metrics_list", responses={200: LIST})
@api_view(["GET"])
def measures(request: Request) -> Response:
    """What is measured, each with its definition."""
    if unknown := sorted(set(request.query_params) - {"format"}):
        raise ValidationError({name: ["Unknown filter. There is none here."] for name in unknown})
    results = [_defined(measure, request) for measure in kernel.known()]
    return Response({"count": len(results), "next": None, "previous": None, "results": results})


@extend_schema(
    parameters=[
        OpenApiParameter("name", str, OpenApiParameter.PATH),
        OpenApiParameter("service", str, description="Only of this service: id, number or slug."),
        OpenApiParameter("team", str, description="Only of the services that this team supports."),
        OpenApiParameter("stream", str, description="Only of this stream."),
        OpenApiParameter("from", str, description="RFC 3339; 30 days before `to` unless said."),
        OpenApiParameter("to", str, description="RFC 3339, not in it any more; now unless said."),
    ],
    responses={200: ANSWER},
)
@api_view(["GET"])
def measure(request: Request, name: str) -> Response:
    """One measure over [from, to), of everything or of one service, team or stream."""
    found = kernel.get(name)
    if found is None:
        raise Http404
    asked = _question(found, request)
    of = {kind: asked.get(kind) for kind in kernel.OF}
    ids = {kind: record.pk if record else None for kind, record in of.items()}
    reading = found.take(Scope(since=asked["from"], until=asked["to"], actor=actor_of(request), **ids))
    named = {kind: RefField().to_representation(record) if record else None for kind, record in of.items()}
    return Response(
        {
            **_defined(found, request),
            **{end: asked[end] for end in ("from", "to")},
            **named,
            "value": reading.value,
            "parts": reading.parts,
            "list": request.build_absolute_uri(reading.url) if reading.url else None,
        }
    )


def _question(measure: Measure, request: Request) -> dict[str, Any]:
    reader = Question(data=request.query_params.dict())
    reader.is_valid(raise_exception=True)
    asked = reader.validated_data
    if wrong := [kind for kind in kernel.OF if kind in asked and kind not in measure.of]:
        raise ValidationError({kind: [f"It is not measured by {kind}, but by {_or(measure.of)}."] for kind in wrong})
    return dict(asked)


def _or(words: tuple[str, ...]) -> str:
    return " or ".join(words)


def _defined(measure: Measure, request: Request) -> dict[str, Any]:
    said = {name: getattr(measure, name) for name in ("name", "label", "family", "definition", "unit", "of")}
    return {**said, "url": reverse("api:measure", args=[measure.name], request=request)}
