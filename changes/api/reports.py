"""REST: reports about changes."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from changes.queries.caught import Caught, caught_in, unforeseen_in
from changes.queries.outcomes import AFTERWARDS, COUNTED, Tally, Wait, report_of
from cmdb.models import Service
from itsm.kernel.api.authentication import actor_of
from itsm.kernel.api.serializers import RefField, Strict
from itsm.kernel.measures import Scope
from itsm.kernel.models import Team

DAYS, LONGEST = timedelta(days=90), timedelta(days=3660)
PARAMETERS = [
    OpenApiParameter("service", str, description="Only of this service: id, number or slug."),
    OpenApiParameter("team", str, description="Only of the services that this team supports."),
    OpenApiParameter("from", str, description="RFC 3339; 90 days before `to` unless said."),
    OpenApiParameter("to", str, description="RFC 3339, not in it any more; now unless said."),
]
COUNTS = serializers.DictField(child=serializers.IntegerField())
SHOWN = (
    "code", "group", "title", "said", "wrong", "outcomes", "foreseen", "missed", "wrong_when_ok", "wrong_when_doubted",
    "worth",
)  # fmt: skip
SHARE = serializers.FloatField(allow_null=True)
CAUGHT = inline_serializer(
    "CaughtReport",
    {
        "from": serializers.DateTimeField(),
        "to": serializers.DateTimeField(),
        "results": inline_serializer(
            "Caught",
            {
                "code": serializers.CharField(),
                "group": serializers.CharField(),
                "title": serializers.CharField(),
                "said": COUNTS,
                "wrong": COUNTS,
                "outcomes": serializers.DictField(child=serializers.DictField(child=serializers.IntegerField())),
                "foreseen": serializers.IntegerField(),
                "missed": serializers.IntegerField(),
                "wrong_when_ok": SHARE,
                "wrong_when_doubted": SHARE,
                "worth": serializers.ChoiceField(["tells", "says_nothing", "never_doubts", "blind", "too_few"]),
            },
            many=True,
        ),
        "went_wrong": serializers.IntegerField(help_text="Of those that were examined."),
        "without_warning": serializers.IntegerField(help_text="Of these, those that no check had doubted."),
        "latest_without_warning": serializers.ListField(child=serializers.CharField()),
    },
)


TALLY = inline_serializer(
    "ChangeTally",
    {
        "name": serializers.CharField(),
        "success_rate": serializers.FloatField(allow_null=True),
        "emergency_share": serializers.FloatField(allow_null=True),
        **{name: serializers.IntegerField() for name in COUNTED},
    },
)
SECONDS = serializers.FloatField(allow_null=True, help_text="Seconds.")
SINCE_RAISED, SINCE_SUBMITTED = (
    serializers.FloatField(allow_null=True, help_text=f"Seconds from {since} to the last authorisation.")
    for since in ("when it was raised", "its submission")
)
OUTCOMES = inline_serializer(
    "OutcomesReport",
    {
        "from": serializers.DateTimeField(),
        "to": serializers.DateTimeField(),
        "whole": TALLY,
        **{name: type(TALLY)(many=True) for name in ("by_model", "by_team", "by_service")},
        "authorised": inline_serializer(
            "AuthorisedWithin",
            {
                "changes": serializers.IntegerField(),
                **dict.fromkeys(("median", "p90"), SINCE_RAISED),
                **dict.fromkeys(("submitted_median", "submitted_p90"), SINCE_SUBMITTED),
            },
        ),
        "waiting": inline_serializer(
            "WaitingByAuthority",
            {
                "role": serializers.CharField(),
                "decided": serializers.IntegerField(),
                "median": SECONDS,
                "longest": SECONDS,
                "open": serializers.IntegerField(),
                "oldest": serializers.DateTimeField(allow_null=True),
            },
            many=True,
        ),
        "afterwards": inline_serializer("SaidAfterwards", {name: serializers.IntegerField() for name in AFTERWARDS}),
        "score": serializers.IntegerField(min_value=0, max_value=850),
        "lines": inline_serializer(
            "ScoreLine",
            {name: serializers.IntegerField() for name in ("changes", "points", "worth")}
            | {"said": serializers.CharField()},
            many=True,
        ),
    },
)


class Question(Strict):
    service = RefField(Service.objects, required=False)
    team = RefField(Team.objects, required=False)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so it cannot be declared as an attribute."""
        moments = {name: serializers.DateTimeField(required=False) for name in ("from", "to")}
        return {**super().get_fields(), **moments}

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        until = said.get("to") or timezone.now()
        since = said.get("from") or _before(until)
        if not since < until or until - since > LONGEST:
            raise ValidationError({"to": ["It must lie after `from`, at most ten years."]})
        return {**said, "from": since, "to": until}


def _before(until: datetime) -> datetime:
    try:
        return until - DAYS
    except OverflowError as error:
        raise ValidationError({"to": ["So long ago there was nothing."]}) from error


class ReportViewSet(ViewSet):
    """Reports over [from, to), of everything or of one service or team; each counts only what the reader may see."""

    @extend_schema(operation_id="changes_reports_basics", parameters=PARAMETERS, responses={200: CAUGHT})
    @action(detail=False)
    def basics(self, request: Request) -> Response:
        """What the basics caught: each check's words against outcomes and against the causes that reviews found."""
        scope = _scope(request)
        results = [_caught(check) for check in caught_in(scope)]
        unseen = unforeseen_in(scope)
        return Response(
            {
                "from": scope.since, "to": scope.until, "results": results, "went_wrong": unseen.wrong,
                "without_warning": unseen.without_a_word,
                "latest_without_warning": [change.number for change in unseen.latest],
            }
        )  # fmt: skip

    @extend_schema(operation_id="changes_reports_outcomes", parameters=PARAMETERS, responses={200: OUTCOMES})
    @action(detail=False)
    def outcomes(self, request: Request) -> Response:
        """How changes went: outcomes by model, team and service, waiting by authority, and a score with its lines."""
        scope = _scope(request)
        report = report_of(scope)
        groups = {
            name: [_tally(each) for each in getattr(report, name)] for name in ("by_model", "by_team", "by_service")
        }
        return Response(
            {
                "from": scope.since, "to": scope.until, "whole": _tally(report.whole), **groups,
                "authorised": {name: _seconds(value) for name, value in report.authorised.items()},
                "waiting": [_wait(wait) for wait in report.waits],
                "afterwards": report.afterwards,
                "score": report.score,
                "lines": [
                    {"said": line.said, "changes": line.changes, "points": line.points, "worth": line.worth}
                    for line in report.lines
                ],
            }
        )  # fmt: skip


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "name": tally.name,
        "success_rate": tally.success_rate,
        "emergency_share": tally.emergency_share,
        **tally.counts,
    }


def _wait(wait: Wait) -> dict[str, Any]:
    shown = {"role": wait.role, "decided": wait.decided, "open": wait.open, "oldest": wait.oldest}
    return shown | {"median": _seconds(wait.median), "longest": _seconds(wait.longest)}


def _seconds(value: Any) -> Any:
    return value.total_seconds() if isinstance(value, timedelta) else value


def _scope(request: Request) -> Scope:
    reader = Question(data=request.query_params.dict())
    reader.is_valid(raise_exception=True)
    said = reader.validated_data
    ids = {name: said[name].pk if name in said else None for name in ("service", "team")}
    return Scope(since=said["from"], until=said["to"], actor=actor_of(request), **ids)


def _caught(check: Caught) -> dict[str, Any]:
    return {name: getattr(check, name) for name in SHOWN}
