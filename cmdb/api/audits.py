"""REST: audits, and their discrepancies."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb import rules
from cmdb.actions import AUDIT_ACTIONS
from cmdb.api.discrepancies import DiscrepancySerializer, DiscrepancyViewSet
from cmdb.api.imports import ProgressSerializer
from cmdb.auditing import formats
from cmdb.filters.audits import AuditFilter
from cmdb.importing.readers import READERS
from cmdb.models import Audit, ImportProfile
from cmdb.operations import audits
from cmdb.queries import audits as ask
from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.parsers import JSONParser
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.filters import StrictFilterBackend
from itsm.kernel.permissions import require


class AuditSerializer(RecordSerializer):
    requested_by = PersonField(read_only=True)
    open = serializers.IntegerField(source="left", read_only=True, help_text="Discrepancies to be resolved.")
    progress = ProgressSerializer(read_only=True)

    class Meta:
        model = Audit
        fields = (
            *RecordSerializer.BASE, "name", "source", "query", "observed_at", "verify_matches", "format", "options",
            "file_name", "file_size", "digest", "state", "progress", "counts", "open", "problems", "problem_count",
            "failure", "requested_by", "started_at", "finished_at", "actions",
        )  # fmt: skip


class SeenCI(Strict):
    key = serializers.CharField(max_length=200, help_text="What the tool calls it.")
    ci_class = serializers.CharField(max_length=100, help_text="Code of the class.")
    name = serializers.CharField(max_length=200)
    environment = serializers.CharField(required=False, allow_blank=True, max_length=40)
    status = serializers.CharField(required=False, max_length=20)
    version = serializers.CharField(required=False, allow_blank=True, max_length=80)
    owner = serializers.CharField(required=False, allow_blank=True, max_length=150)
    support_team = serializers.CharField(required=False, allow_blank=True, max_length=200)
    criticality = serializers.IntegerField(required=False, min_value=1, max_value=4)
    attributes = serializers.DictField(required=False)


class SeenRelation(Strict):
    source = serializers.CharField(max_length=200, help_text="Key of a CI among those found.")
    type = serializers.CharField(max_length=20)
    target = serializers.CharField(max_length=200)


class NewAudit(Strict):
    """What was found: as `cis`, or as a `file` for one of the readers of imports."""

    name = serializers.CharField(max_length=200)
    source = serializers.RegexField("^[^:]+$", max_length=60, required=False)
    query = serializers.CharField(
        required=False, allow_blank=True, max_length=2000,
        help_text="Which CIs are expected: a filter of the list of CIs. Without it: those that the source knows.",
    )  # fmt: skip
    observed_at = serializers.DateTimeField(required=False, help_text="When reality was looked at; without it: now.")
    verify_matches = serializers.BooleanField(default=True, help_text="What agrees counts as verified.")
    cis = serializers.ListField(child=SeenCI(), required=False, max_length=10_000)
    relations = serializers.ListField(child=SeenRelation(), required=False, max_length=30_000)
    file = serializers.FileField(required=False, max_length=200, help_text="By multipart, in place of `cis`.")
    format = serializers.ChoiceField([(code, reader.label) for code, reader in READERS.items()], default="csv")
    profile = RefField(ImportProfile.objects, required=False)
    mapping = serializers.JSONField(required=False, help_text="As a profile has it, for this file only.")

    def validate_mapping(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError('Give an object, such as {"columns": {"Name": "key"}}.')
        return value

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if bool(said.get("cis")) == ("file" in said):
            raise serializers.ValidationError({"cis": ["Give what was found: as cis, or as a file; one of the two."]})
        return said


class AuditViewSet(RecordViewSet):
    """Discovered states beside the record. A worker compares; ask again for `state` and `progress`."""

    queryset = ask.listed()
    serializer_class = AuditSerializer
    filterset_class = AuditFilter
    record_actions = AUDIT_ACTIONS
    parser_classes: ClassVar = [JSONParser, MultiPartParser]

    @extend_schema(
        request={"application/json": NewAudit, "multipart/form-data": NewAudit}, responses={201: AuditSerializer}
    )
    def create(self, request: Request) -> Response:
        """Hand in what a tool found in reality."""
        require(rules.may_audit, self.actor)  # before a file is looked at
        if not isinstance(request.data, Mapping):
            raise serializers.ValidationError({"non_field_errors": ["The body must be an object."]})
        said = self.validated(NewAudit, request.data)  # type: ignore[arg-type]
        return self.answer(audits.hand_in(actor=self.actor, now=timezone.now(), **self._found(said)), 201)

    @staticmethod
    def _found(said: dict[str, Any]) -> dict[str, Any]:
        file, cis, relations = (said.pop(name, None) for name in ("file", "cis", "relations"))
        options = said.pop("mapping", None)
        if file is not None:
            return {**said, "file_name": file.name or "", "data": file.chunks(), "options": options}
        said.pop("profile", None)
        data = [formats.listed(cis or [], relations or [])]
        return {**said, "file_name": "", "data": data, "format": formats.LISTED}

    @extend_schema(
        parameters=[OpenApiParameter("state", str), OpenApiParameter("kind", str)],
        responses={200: DiscrepancySerializer(many=True)},
    )
    @action(detail=True, filterset_class=None)
    def discrepancies(self, request: Request, pk: str) -> Response:
        """What is not as recorded; filters as of `cmdb/discrepancies/`."""
        view = DiscrepancyViewSet(basename="discrepancy", request=request, format_kwarg=None)
        view.action = "list"
        found = StrictFilterBackend().filter_queryset(request, ask.discrepancies_of(self.get_object()), view)
        page = self.paginate_queryset(found)
        context = {**self.get_serializer_context(), "view": view}
        return self.get_paginated_response(DiscrepancySerializer(page, many=True, context=context).data)

    @extend_schema(request=None, responses={200: AuditSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop it, or put it away; what was resolved stays so."""
        audit = self.get_object()
        with self.as_seen(audit):
            return self.answer(audits.cancel(audit_id=audit.pk, actor=self.actor, now=timezone.now()))

    @extend_schema(request=None, responses={200: AuditSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close it once nothing is open."""
        audit = self.get_object()
        with self.as_seen(audit):
            return self.answer(audits.close(audit_id=audit.pk, actor=self.actor))
