"""The base of every resource: look-up, conditions, idempotency, and the answer."""

import re
from typing import Any, ClassVar

from django.db.models import Model
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from itsm.kernel import preconditions
from itsm.kernel.actions import Action
from itsm.kernel.actor import Actor
from itsm.kernel.api.idempotency import once
from itsm.kernel.errors import DomainError
from itsm.kernel.filters import StrictFilterBackend

KEY_HEADER = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="One effect for 24 hours.")
MATCH_HEADER = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag that was read.")


class ConditionNeeded(DomainError):
    code = "if_match_needed"
    status = 428


def etag(record: Any) -> str:
    return f'"r{record.revision}"'


def revisions(header: str | None) -> frozenset[int] | None:
    """The revisions named by If-Match; None without a condition. Weak tags never match."""
    if header is None or header.strip() == "*":
        return None
    return frozenset(int(found) for found in re.findall(r'(?<!W/)"r(\d+)"', header))


class RecordViewSet(ReadOnlyModelViewSet):
    """A resource to read, with named operations on top.

    An operation reads its arguments with `self.arguments(...)`, calls the domain inside
    `self.as_seen(record)`, and returns `self.answer(record)`.
    """

    lookup_value_regex = "[^/]+"
    filter_backends: ClassVar = [StrictFilterBackend]
    record_actions: ClassVar[tuple[Action, ...]] = ()
    actor: Actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.actor = Actor.person(request.user)  # type: ignore[arg-type]
        key = request.headers.get("Idempotency-Key", "").strip().strip('"')[:200]
        if request.method == "POST" and key:
            self.post = self._once(key, self.post)  # REST framework looks the handler up after this

    def _once(self, key: str, handler: Any) -> Any:
        """The handler, performed once for the key; a refusal is an answer too, and is kept."""

        def perform(request: Request, *args: Any, **kwargs: Any) -> Response:
            def attempt() -> Response:
                try:
                    return handler(request, *args, **kwargs)
                except Exception as error:
                    return self.handle_exception(error)

            return once(request, key, attempt)

        return perform

    @property
    def shows_one_record(self) -> bool:
        return getattr(self, "action", None) != "list"

    def get_queryset(self) -> Any:
        queryset = super().get_queryset()
        actor = getattr(self, "actor", None)
        return queryset.visible_to(actor) if actor and hasattr(queryset, "visible_to") else queryset

    def get_object(self) -> Any:
        found = self.get_queryset().by_ref(self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.check_object_permissions(self.request, found)
        return found

    def path_of(self, record: Model) -> str:
        try:
            return reverse(f"api:{self.basename}-detail", args=[record.pk])
        except NoReverseMatch:
            return ""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        record = self.get_object()
        return Response(self.get_serializer(record).data, headers={"ETag": etag(record)})

    def arguments(self, serializer: type[serializers.Serializer]) -> dict[str, Any]:
        """The validated body; unknown and wrong fields raise a 400 that names them."""
        if not isinstance(self.request.data, dict):
            raise ValidationError({"non_field_errors": ["The body must be a JSON object."]})
        reader = serializer(data=self.request.data, context=self.get_serializer_context(), partial=self._is_patch())
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)

    def _is_patch(self) -> bool:
        return self.request.method == "PATCH"

    def as_seen(self, record: Any, *, demanded: bool = False) -> Any:
        """Operations inside refuse (412) when the record is no longer as If-Match says; 428 when it is demanded."""
        header = self.request.headers.get("If-Match")
        if demanded and (header is None or header.strip() == "*"):  # `*` says nothing of what was seen
            raise ConditionNeeded("Send If-Match with the ETag of the record that you decide about.")
        return preconditions.expecting(record, revisions(header))

    def answer(self, record: Any, status: int = 200) -> Response:
        """The record as it now is, read again with everything that its serializer needs."""
        fresh = super().get_queryset().get(pk=record.pk)
        headers = {"ETag": etag(fresh)}
        if status == 201:
            headers["Location"] = self.path_of(fresh)
        return Response(self.get_serializer(fresh).data, status=status, headers=headers)


class CreateRecord:
    """POST to the collection; a subclass names `create_arguments` and calls its operation in `perform_create`."""

    create_arguments: type[serializers.Serializer]

    @extend_schema(parameters=[KEY_HEADER])
    def create(self, request: Request) -> Response:
        view: Any = self
        return view.answer(self.perform_create(view.arguments(self.create_arguments)), 201)

    def perform_create(self, data: dict[str, Any]) -> Model:
        raise TypeError(f"{type(self).__name__} creates nothing.")


class UpdateRecord:
    """PATCH a record: changes what it names, through the operation in `perform_update`."""

    update_arguments: type[serializers.Serializer]

    @extend_schema(parameters=[MATCH_HEADER])
    def partial_update(self, request: Request, pk: str) -> Response:
        view: Any = self
        record = view.get_object()
        with view.as_seen(record):
            return view.answer(self.perform_update(record, view.arguments(self.update_arguments)))

    def perform_update(self, record: Any, data: dict[str, Any]) -> Model:
        raise TypeError(f"{type(self).__name__} changes nothing.")
