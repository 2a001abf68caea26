"""REST: what is hit, totals first and then by page."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from cmdb.models import CIClass, ConfigurationItem
from cmdb.queries.hits import COLUMNS, TOGETHER, Answer, Hit, Question, answer_to, cis_of, every_row
from cmdb.queries.impact import CARRYING, DEPTH
from itsm.kernel import export
from itsm.kernel.api.csv import CSVRenderer
from itsm.kernel.api.pagination import DEFAULT, MOST, whole
from itsm.kernel.api.serializers import Strict
from itsm.kernel.models.record import REFERENCE

PAGING = {"limit", "offset", "format"}
PAGES = [
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "default": 50}, description="Rows a page, to 1,000."),
    OpenApiParameter("offset", {"type": "integer", "minimum": 0}, description="Rows to skip."),
]


class TypesField(serializers.CharField):
    """Types of relations, separated by commas."""

    def to_internal_value(self, data: Any) -> Any:
        types = parts_of(super().to_internal_value(data))
        if unknown := [type_ for type_ in types if type_ not in CARRYING]:
            raise serializers.ValidationError(f"No impact runs by {', '.join(unknown)}. Known: {', '.join(CARRYING)}.")
        return types


class CIsField(serializers.CharField):
    """Ids or numbers of CIs, separated by commas."""

    def to_internal_value(self, data: Any) -> Any:
        refs = parts_of(super().to_internal_value(data))
        if len(refs) > TOGETHER:
            raise serializers.ValidationError(f"At most {TOGETHER} more.")
        ids = {ref: _id_in(ref) for ref in refs}
        known = ConfigurationItem.objects.in_bulk({pk for pk in ids.values() if pk is not None})
        if missing := [ref for ref, pk in ids.items() if pk not in known]:
            raise serializers.ValidationError(f"There is no CI {', '.join(missing)}.")
        return list(known.values())


def _id_in(ref: str) -> int | None:
    match = REFERENCE.fullmatch(ref)
    own = match is not None and (match["prefix"] or ConfigurationItem.PREFIX).upper() == ConfigurationItem.PREFIX
    return int(match["pk"]) if match and own else None


def parts_of(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


class ImpactArguments(Strict):
    direction = serializers.ChoiceField(["downstream", "upstream"], default="downstream")
    depth = serializers.IntegerField(min_value=1, max_value=20, default=DEPTH)
    type = TypesField(required=False, help_text="Only by these relations; separated by commas.")
    environment = serializers.CharField(default=None, max_length=40, help_text="Tell only of these CIs.")
    ci_class = serializers.SlugRelatedField(
        slug_field="code", queryset=CIClass.objects.all(), default=None, help_text="List only these CIs."
    )
    distance = serializers.IntegerField(
        min_value=1, max_value=20, default=None, help_text="List only the CIs so far away."
    )

    def get_fields(self) -> dict[str, Any]:
        others = CIsField(required=False, help_text="CIs that fail together with it; separated by commas.")
        return super().get_fields() | {"with": others}


def answer(request: Request, ci: ConfigurationItem) -> Response | StreamingHttpResponse:
    """The totals of all in reach, and the page of those that fit."""
    said = {name: value for name, value in request.query_params.items() if name not in PAGING}
    reader = ImpactArguments(data=said)
    reader.is_valid(raise_exception=True)
    asked = reader.validated_data
    starts = [ci, *(other for other in asked.get("with", ()) if other.pk != ci.pk)]
    question = Question(
        tuple(start.pk for start in starts), asked["direction"], asked["depth"], tuple(asked.get("type") or CARRYING),
        asked["environment"], asked["ci_class"].pk if asked["ci_class"] else None, asked["distance"],
    )  # fmt: skip
    if isinstance(request.accepted_renderer, CSVRenderer):
        return export.answer((row for rows in ([COLUMNS], every_row(question)) for row in rows), f"impact-{ci.number}")
    limit, offset = min(whole(request, "limit", DEFAULT, 1), MOST), whole(request, "offset", 0, 0)
    found = answer_to(question, limit=limit, offset=offset)
    return Response(
        {
            "ci": ci.number,
            "with": [start.number for start in starts[1:]],
            "direction": question.direction,
            "depth": question.depth,
            **_page(request, found.count, limit, offset),
            **_totals(found),
            "held_by_redundancy": [
                {
                    "group": held.group.pk,
                    "name": held.group.name,
                    "ci": held.group.ci.number,
                    "down": held.down,
                    "members": held.members,
                    "needs": held.group.needs,
                }
                for held in found.held
            ],
            "results": _rows(found.hits),
        }
    )


def _page(request: Request, count: int, limit: int, offset: int) -> dict[str, Any]:
    address = request.build_absolute_uri()
    return {
        "count": count,
        "next": replace_query_param(address, "offset", offset + limit) if offset + limit < count else None,
        "previous": replace_query_param(address, "offset", max(offset - limit, 0)) if offset else None,
    }


def _totals(found: Answer) -> dict[str, Any]:
    return {
        "reached": found.reached,
        "by_class": [
            {"ci_class": ci_class.code, "name": ci_class.name, "count": number} for ci_class, number in found.by_class
        ],
        "by_distance": [{"distance": distance, "count": number} for distance, number in found.by_distance],
        "service_count": found.service_count,
        "services": [f"{ConfigurationItem.PREFIX}-{pk}" for pk, _ in found.services],
    }


def _rows(hits: list[Hit]) -> list[dict[str, Any]]:
    cis = cis_of(hits)
    return [
        {
            "id": hit.id,
            "number": (ci := cis[hit.id]).number,
            "name": ci.name,
            "ci_class": ci.ci_class.code,
            "environment": ci.environment,
            "criticality": ci.criticality,
            "distance": hit.distance,
            "path": [cis[step].number for step in hit.path],
            "alone": hit.alone,
        }
        for hit in hits
    ]
