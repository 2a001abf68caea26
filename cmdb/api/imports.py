"""REST: imports, profiles of their tables, and the bulk upsert of CIs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb import rules
from cmdb.actions import IMPORT_ACTIONS, IMPORT_PROFILE_ACTIONS
from cmdb.filters.imports import ImportProfileFilter, ImportRunFilter
from cmdb.importing.readers import READERS
from cmdb.models import Encoding, ImportDifference, ImportProblem, ImportProfile, ImportRun
from cmdb.operations import import_profiles, imports
from cmdb.queries import imports as ask
from itsm.kernel.api.base import CreateRecord, DeleteRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.parsers import JSONParser
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.permissions import require


class ImportProfileSerializer(RecordSerializer):
    class Meta:
        model = ImportProfile
        fields = (
            *RecordSerializer.BASE, "name", "source", "delimiter", "encoding", "columns", "fixed", "values",
            "separator", "retire_missing", "actions",
        )  # fmt: skip


class NewImportProfile(Strict):
    name = serializers.CharField(max_length=100)
    source = serializers.RegexField("^[^:]+$", max_length=60)
    columns = serializers.DictField(child=serializers.CharField(max_length=200), help_text="Heading → field.")
    delimiter = serializers.CharField(max_length=1, required=False, allow_blank=True, trim_whitespace=False)
    encoding = serializers.ChoiceField(Encoding.choices, required=False)
    fixed = serializers.DictField(required=False, help_text="Field → value that all rows have.")
    values = serializers.DictField(
        child=serializers.DictField(), required=False, help_text="Field → word in the file → value."
    )
    separator = serializers.CharField(max_length=3, required=False)
    retire_missing = serializers.BooleanField(required=False)


class ImportProfileViewSet(CreateRecord, UpdateRecord, DeleteRecord, RecordViewSet):
    """How tables of a source are read. A field is `key`, `name`, `attributes.NAME`, `relations.depends_on` or so."""

    queryset = ask.profiles()
    serializer_class = ImportProfileSerializer
    filterset_class = ImportProfileFilter
    record_actions = IMPORT_PROFILE_ACTIONS
    create_arguments = NewImportProfile
    update_arguments = NewImportProfile

    def perform_create(self, data: dict[str, Any]) -> ImportProfile:
        return import_profiles.create(actor=self.actor, **data)

    def perform_update(self, record: ImportProfile, data: dict[str, Any]) -> ImportProfile:
        return import_profiles.update(profile_id=record.pk, actor=self.actor, **data)

    def perform_delete(self, record: ImportProfile) -> None:
        import_profiles.remove(profile_id=record.pk, actor=self.actor)


class ProgressSerializer(serializers.Serializer):
    phase = serializers.CharField()
    rows = serializers.IntegerField()
    bytes = serializers.IntegerField()


class ImportRunSerializer(RecordSerializer):
    profile = RefField(read_only=True)
    schedule = RefField(read_only=True)
    requested_by = PersonField(read_only=True)
    progress = ProgressSerializer(read_only=True)

    class Meta:
        model = ImportRun
        fields = (
            *RecordSerializer.BASE, "source", "format", "file_name", "file_size", "digest", "profile",
            "schedule", "scheduled_for", "options", "retire_missing", "leave_out_broken", "dry_run", "requested_by",
            "state", "progress", "counts", "problem_count", "failure", "started_at", "finished_at", "actions",
        )  # fmt: skip


class HandIn(Strict):
    """The file with what is to be known about it; `mapping` is JSON as a profile has it."""

    file = serializers.FileField(max_length=200)
    format = serializers.ChoiceField([(code, reader.label) for code, reader in READERS.items()], default="csv")
    source = serializers.RegexField("^[^:]+$", max_length=60, required=False)
    profile = RefField(ImportProfile.objects, required=False)
    mapping = serializers.JSONField(required=False)
    retire_missing = serializers.BooleanField(required=False)
    leave_out_broken = serializers.BooleanField(default=False)
    dry_run = serializers.BooleanField(default=False, help_text="Only show what would be done.")

    def validate_mapping(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError('Give an object, such as {"columns": {"Name": "key"}}.')
        return value


class MapArguments(Strict):
    mapping = serializers.DictField(help_text="As a profile has it: columns, fixed, values, delimiter, encoding.")
    retire_missing = serializers.BooleanField(default=False)
    leave_out_broken = serializers.BooleanField(default=False)
    save_as = serializers.CharField(max_length=100, required=False, help_text="Keep it as a profile of this name.")


class MergeArguments(Strict):
    leave_out_broken = serializers.BooleanField(required=False, allow_null=True, default=None)


class ImportProblemSerializer(serializers.ModelSerializer):
    class Meta:
        model = ImportProblem
        fields = ("row", "column", "message")


class ImportDifferenceSerializer(serializers.ModelSerializer):
    """A CI that is only foreseen has no `ci` yet; `undone` says what a roll-back made of it."""

    ci = serializers.SerializerMethodField()
    other = serializers.SerializerMethodField()

    class Meta:
        model = ImportDifference
        fields = ("id", "kind", "word", "row", "ci", "label", "type", "other", "before", "after", "undone")

    def get_ci(self, row: ImportDifference) -> int | None:
        return row.ci_id if row.ci_id > 0 else None

    def get_other(self, row: ImportDifference) -> str | None:
        return row.other or None


class ImportRunViewSet(CreateRecord, RecordViewSet):
    """Files of other tools on their way into the CMDB. A worker reads them; ask again for `state` and `progress`."""

    queryset = ask.listed()
    serializer_class = ImportRunSerializer
    filterset_class = ImportRunFilter
    record_actions = IMPORT_ACTIONS
    create_arguments = HandIn
    parser_classes: ClassVar = [JSONParser, MultiPartParser]
    own_parameters: ClassVar = {"kind", "word"}

    @extend_schema(request={"multipart/form-data": HandIn}, responses={201: ImportRunSerializer})
    def create(self, request: Request) -> Response:
        """Hand a file in. With `dry_run` it waits as *previewed* until it is merged or cancelled."""
        require(rules.may_import, self.actor)  # before a file is looked at
        if not isinstance(request.data, Mapping):
            raise serializers.ValidationError({"file": ["Send the file as multipart/form-data."]})
        return self.answer(self.perform_create(self.validated(HandIn, request.data)), 201)  # type: ignore[arg-type]

    def perform_create(self, data: dict[str, Any]) -> ImportRun:
        file = data.pop("file")
        options = data.pop("mapping", None)
        return imports.hand_in(file_name=file.name or "", data=file.chunks(), options=options, actor=self.actor, **data)

    @extend_schema(request=MapArguments, responses={200: ImportRunSerializer})
    @action(detail=True, methods=["post"])
    def map(self, request: Request, pk: str) -> Response:
        """Say how a file is read, of a table what its columns are; also otherwise than before, until it is merged."""
        run = self.get_object()
        said = self.arguments(MapArguments)
        with self.as_seen(run):
            return self.answer(imports.describe(run_id=run.pk, options=said.pop("mapping"), actor=self.actor, **said))

    @extend_schema(request=MergeArguments, responses={200: ImportRunSerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Take a previewed import in."""
        run = self.get_object()
        with self.as_seen(run):
            return self.answer(imports.merge(run_id=run.pk, actor=self.actor, **self.arguments(MergeArguments)))

    @extend_schema(request=None, responses={200: ImportRunSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop it; nothing is written."""
        run = self.get_object()
        with self.as_seen(run):
            return self.answer(imports.cancel(run_id=run.pk, actor=self.actor))

    @extend_schema(request=None, responses={200: ImportRunSerializer})
    @action(detail=True, methods=["post"], url_path="roll-back")
    def roll_back(self, request: Request, pk: str) -> Response:
        """Take back what it did, but what was changed since then."""
        run = self.get_object()
        with self.as_seen(run):
            return self.answer(imports.roll_back(run_id=run.pk, actor=self.actor))

    @extend_schema(responses={200: ImportProblemSerializer(many=True)})
    @action(detail=True, filterset_class=None)
    def errors(self, request: Request, pk: str) -> Response:
        """What in the file cannot be taken in, by row and column; the first ten thousand."""
        page = self.paginate_queryset(self.get_object().problems.order_by("pk"))
        return self.get_paginated_response(ImportProblemSerializer(page, many=True).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, enum=[k for k in ImportDifference.Kind.values if k != "heard"]),
            OpenApiParameter("word", str, enum=ImportDifference.Word.values, description="Of a bill of materials."),
        ],
        responses={200: ImportDifferenceSerializer(many=True)},
    )
    @action(detail=True, filterset_class=None)
    def differences(self, request: Request, pk: str) -> Response:
        """What it changes or would change, attribute by attribute."""
        found = ask.shown_differences(self.get_object())
        for name, known in (("kind", ImportDifference.Kind.values), ("word", ImportDifference.Word.values)):
            if said := request.query_params.get(name):
                if said not in known:
                    raise serializers.ValidationError({name: [f"Known are {', '.join(known)}."]})
                found = found.filter(**{name: said})
        page = self.paginate_queryset(found)
        return self.get_paginated_response(ImportDifferenceSerializer(page, many=True).data)
