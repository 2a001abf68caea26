"""REST: changes to critical CIs that wait for a second person."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.actions import EDIT_ACTIONS
from cmdb.edit_fields import standing
from cmdb.filters.edits import CIEditFilter
from cmdb.models import CIEdit
from cmdb.operations import edits
from cmdb.queries.edits import listed
from itsm.kernel.api.base import RecordViewSet
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict

FIELD = {
    "type": "object",
    "properties": {
        "field": {"type": "string"},
        "was": {},
        "shall_be": {},
        "standing": {"type": "string", "enum": ["open", "is_so", "clashes"]},
    },
}


class CIEditSerializer(RecordSerializer):
    ci = RefField(read_only=True)
    proposed_by = PersonField(read_only=True)
    decided_by = PersonField(read_only=True)
    changes = serializers.SerializerMethodField()

    class Meta:
        model = CIEdit
        fields = (
            *RecordSerializer.BASE, "ci", "state", "reason", "changes", "proposed_by", "decided_by", "decided_at",
            "comment", "taken", "actions",
        )  # fmt: skip

    @extend_schema_field({"type": "array", "items": FIELD})
    def get_changes(self, edit: CIEdit) -> list[dict[str, Any]]:
        """Each field: what it was and shall be; of one open edit also whether the CI is still as it was."""
        rows = [{"field": name, "was": was, "shall_be": to} for name, (was, to) in sorted(edit.changes.items())]
        view = self.context.get("view")
        if not edit.is_open or (view is not None and not view.shows_one_record):
            return rows
        known = {row.field: row.standing for row in standing(edit.ci, edit.changes)}
        return [row | {"standing": known[row["field"]]} for row in rows]


class CIOrEdit(serializers.Serializer):
    """What became of one of a list of changes."""

    ci = serializers.CharField()
    outcome = serializers.ChoiceField(["changed", "proposed"])
    edit = serializers.CharField(allow_null=True)


class AcceptEdit(Strict):
    take = serializers.ListField(
        child=serializers.CharField(max_length=120),
        required=False,
        max_length=1000,
        help_text="The fields that are changed; all of them when it is left away.",
    )
    comment = serializers.CharField(required=False, allow_blank=True, max_length=500)


class SendEditBack(Strict):
    comment = serializers.CharField(max_length=500)


class CIEditViewSet(RecordViewSet):
    queryset = listed()
    serializer_class = CIEditSerializer
    filterset_class = CIEditFilter
    record_actions = EDIT_ACTIONS

    @extend_schema(request=AcceptEdit, responses={200: CIEditSerializer})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Make the change; 409 `edit_is_stale` where the CI changed meanwhile and `take` does not say what to take."""
        return self._decide(edits.accept, **self.arguments(AcceptEdit))

    @extend_schema(request=SendEditBack, responses={200: CIEditSerializer})
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Refuse the change, and say why."""
        return self._decide(edits.send_back, **self.arguments(SendEditBack))

    @extend_schema(request=None, responses={200: CIEditSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's own proposal back."""
        return self._decide(edits.withdraw)

    def _decide(self, operation: Any, **said: Any) -> Response:
        edit = self.get_object()
        with self.as_seen(edit):
            return self.answer(operation(edit_id=edit.pk, actor=self.actor, now=timezone.now(), **said))


def accepted(edit: CIEdit, asked: RecordViewSet) -> Response:
    """202: it was taken down and waits. Told as the edits' own address tells it."""
    view = CIEditViewSet(
        basename="ci-edit", action="retrieve", request=asked.request, actor=asked.actor, format_kwarg=None
    )
    answer = view.answer(edit, 202)
    answer["Location"] = view.path_of(edit)
    return answer
