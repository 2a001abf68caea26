"""The base of every resource: look-up, conditions, idempotency, and the answer."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, cast

from django.db.models import Model
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from itsm.kernel import preconditions
from itsm.kernel.actions import Action
from itsm.kernel.actor import Actor
from itsm.kernel.api import bulk, csv
from itsm.kernel.api.authentication import actor_of
from itsm.kernel.api.idempotency import once
from itsm.kernel.api.serializers import RefField
from itsm.kernel.errors import DomainError
from itsm.kernel.filters import StrictFilterBackend

SOME_ID = "900719925474099"  # stands in an address for any: some routes take digits only
ONE_RECORD = {"fields", "format"}


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
    renderer_classes: ClassVar = [JSONRenderer, csv.CSVRenderer]
    record_actions: ClassVar[tuple[Action, ...]] = ()
    answers_many = False
    actor: Actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.actor = actor_of(request)
        key = request.headers.get("Idempotency-Key", "").strip().strip('"')[:200]
        if request.method == "POST" and key:
            self.post = self._once(key, self.post)  # REST framework looks the handler up after this

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)
        finally:
            preconditions.forget()  # the next request of this thread is another one

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

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        if request.query_params.get("fields"):
            # Names those that are unknown, also where there are no rows.
            cast(serializers.Serializer, self.get_serializer()).get_fields()
        if isinstance(request.accepted_renderer, csv.CSVRenderer):
            return csv.answer(self, self.filter_queryset(self.get_queryset()))
        return super().list(request, *args, **kwargs)

    @property
    def shows_one_record(self) -> bool:
        drawn = getattr(self, "swagger_fake_view", False)  # the document describes the whole of a record
        return drawn or not (self.answers_many or getattr(self, "action", None) == "list")

    def get_queryset(self) -> Any:
        queryset = super().get_queryset()
        actor = getattr(self, "actor", None)
        return queryset.visible_to(actor) if actor and hasattr(queryset, "visible_to") else queryset

    def get_object(self) -> Any:
        ref = self.kwargs["pk"]
        found = self.get_queryset().by_ref(ref).first() if "\x00" not in ref else None
        if found is None:
            raise Http404
        self.check_object_permissions(self.request, found)
        if self.request.method not in SAFE_METHODS:
            preconditions.expect(found, revisions(self.request.headers.get("If-Match")))
        return found

    def path_of(self, record: Model) -> str:
        return self._path.replace(SOME_ID, str(record.pk))

    @cached_property
    def _path(self) -> str:
        """A record's path with a mark in place of its id: worked out once for all rows of a list."""
        try:
            return reverse(f"api:{self.basename}-detail", args=[SOME_ID])
        except NoReverseMatch:
            return ""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if unknown := sorted(set(request.query_params) - ONE_RECORD):
            known = "Unknown parameter. One record takes: fields."
            raise ValidationError({name: [known] for name in unknown})
        record = self.get_object()
        if not hasattr(record, "revision"):  # a message: nobody edits it, so that no write has to say what it saw
            return Response(self.get_serializer(record).data)
        tag = etag(record)
        if record.revision in (revisions(request.headers.get("If-None-Match")) or ()):
            return Response(status=304, headers={"ETag": tag})
        return Response(self.get_serializer(record).data, headers={"ETag": tag})

    def arguments(self, serializer: type[serializers.Serializer]) -> dict[str, Any]:
        """The validated body; unknown and wrong fields raise a 400 that names them."""
        if not isinstance(self.request.data, dict):
            raise ValidationError({"non_field_errors": ["The body must be a JSON object."]})
        return self.validated(serializer, self.request.data)

    def validated(self, serializer: type[serializers.Serializer], said: dict[str, Any]) -> dict[str, Any]:
        reader = serializer(data=said, context=self.get_serializer_context(), partial=self._is_patch())
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)

    def validated_all(self, serializer: type[serializers.Serializer], items: Any) -> Any:
        """Each of a list, errors by position; the other records that they name are looked up together."""
        reader = serializer(data={}, context=self.get_serializer_context(), partial=self._is_patch())
        for name, field in reader.fields.items():
            if isinstance(field, RefField):
                field.fetch([item.get(name) for item in items])
        return bulk.each(items, lambda item: dict(reader.run_validation(item)))

    def _is_patch(self) -> bool:
        return self.request.method == "PATCH"

    def as_seen(self, record: Any, *, demanded: bool = False) -> Any:
        """Operations inside refuse (412) when the record is no longer as If-Match says; 428 when it is demanded."""
        header = self.request.headers.get("If-Match")
        if demanded and (header is None or header.strip() == "*"):  # `*` says nothing of what was seen
            raise ConditionNeeded("Send If-Match with the ETag of the record that you decide about.")
        return preconditions.expecting(record, revisions(header))

    def fresh(self, record: Any) -> Any:
        return super().get_queryset().get(pk=record.pk)

    def answer(self, record: Any, status: int = 200) -> Response:
        """The record as it now is, read again with everything that its serializer needs."""
        fresh = self.fresh(record)
        headers = {"ETag": etag(fresh)}
        if status == 201:
            headers["Location"] = self.path_of(fresh)
        return Response(self.get_serializer(fresh).data, status=status, headers=headers)

    def answer_all(self, records: Sequence[Any], status: int = 200) -> Response:
        """The records as they now are, in the order given, each drawn as in a list."""
        self.answers_many = True
        fresh = super().get_queryset().in_bulk([record.pk for record in records])
        rows = [fresh[record.pk] for record in records]
        return Response(self.get_serializer(rows, many=True).data, status=status)


class CreateRecord:
    """POST to the collection; a subclass names `create_arguments` and calls its operation in `perform_create`."""

    create_arguments: type[serializers.Serializer]

    def create(self, request: Request) -> Response:
        """Make one record of an object, or of a list of up to 1,000 objects all of them or none."""
        view: Any = self
        if not isinstance(request.data, list):
            return view.answer(self.perform_create(view.arguments(self.create_arguments)), 201)
        said = view.validated_all(self.create_arguments, bulk.checked(request.data))
        return view.answer_all(bulk.perform(said, self.perform_create), 201)

    def perform_create(self, data: dict[str, Any]) -> Model:
        raise TypeError(f"{type(self).__name__} creates nothing.")


class UpdateRecord:
    """PATCH a record: changes what it names, through the operation in `perform_update`."""

    update_arguments: type[serializers.Serializer]

    def bulk_update(self, request: Request) -> Response:
        """Change each of a list of `{id, revision?, …}`, all or none."""
        view: Any = self
        picked = bulk.Picked(bulk.checked(request.data), view.get_queryset())
        said = view.validated_all(self.update_arguments, picked.arguments())
        return view.answer_all(picked.perform(self.perform_update, said))

    def partial_update(self, request: Request, pk: str) -> Response:
        view: Any = self
        record = view.get_object()
        with view.as_seen(record):
            return view.answer(self.perform_update(record, view.arguments(self.update_arguments)))

    def perform_update(self, record: Any, data: dict[str, Any]) -> Model:
        raise TypeError(f"{type(self).__name__} changes nothing.")


class DeleteRecord:
    """DELETE a record, or a list of `{id, revision?}` on the collection, through the operation in `perform_delete`."""

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        view: Any = self
        self.perform_delete(view.get_object())
        return Response(status=204)

    @extend_schema(responses={204: None})
    def bulk_destroy(self, request: Request) -> Response:
        """Remove each of a list of `{id, revision?}`, all or none."""
        view: Any = self
        picked = bulk.Picked(bulk.checked(request.data), view.get_queryset())
        picked.perform(lambda record, said: self.perform_delete(record), picked.arguments())
        return Response(status=204)

    def perform_delete(self, record: Any) -> None:
        raise TypeError(f"{type(self).__name__} removes nothing.")
