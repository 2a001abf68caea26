"""REST: release packages and delivery items."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.api.fields import Reason
from cmdb.models import ConfigurationItem
from itsm.kernel.api.base import CreateRecord, RecordViewSet
from itsm.kernel.api.serializers import RecordSerializer, RefField, Strict
from knowledge.models import Article
from transition.actions.delivery import ITEM_ACTIONS, PACKAGE_ACTIONS
from transition.api.replanning import WAYS, IntoStreams, NewSlices, told
from transition.filters.delivery import ItemFilter, PackageFilter
from transition.models import (
    DeliveryItem,
    DeliveryStream,
    NonFunctionalTarget,
    ReleasePackage,
    Requirement,
    TransitionPlan,
)
from transition.operations import items, packages, replanning, targets
from transition.queries import plans as ask
from transition.queries.replanning import Slice

PERCENT: dict[str, Any] = {"max_digits": 5, "decimal_places": 2, "min_value": 0, "max_value": 100}


class TargetSerializer(serializers.ModelSerializer):
    requirement = RefField(read_only=True)

    class Meta:
        model = NonFunctionalTarget
        fields = ("id", "requirement", "target_percent", "attained_percent")


class PackageSerializer(RecordSerializer):
    plan = RefField(read_only=True)
    service = RefField(source="plan.service", read_only=True)
    sliced_from = RefField(read_only=True)
    targets = TargetSerializer(source="nfr_targets", many=True, read_only=True)
    item_count = serializers.IntegerField(read_only=True)
    done_count = serializers.IntegerField(read_only=True)
    els_until = serializers.DateField(read_only=True)

    class Meta:
        model = ReleasePackage
        fields = (
            *RecordSerializer.BASE, "plan", "service", "sliced_from", "ordinal", "name", "target_date", "els_days",
            "els_until", "state", "deployed_at", "item_count", "done_count", "targets", "actions",
        )  # fmt: skip


PACKAGE_OR_WAYS = PolymorphicProxySerializer(
    component_name="PackageOrWays", serializers=[PackageSerializer, WAYS], resource_type_field_name=None
)


class NewPackage(Strict):
    plan = RefField(TransitionPlan.objects.select_related("service"))
    ordinal = serializers.IntegerField(min_value=1, max_value=999)
    name = serializers.CharField(max_length=200)
    target_date = serializers.DateField()
    els_days = serializers.IntegerField(min_value=0, max_value=999, required=False)


class Retarget(Strict):
    target_date = serializers.DateField()
    reason = serializers.CharField(required=False, allow_blank=True)


class NewTarget(Strict):
    requirement = RefField(Requirement.objects)
    target_percent = serializers.DecimalField(**PERCENT)


class Measurement(Strict):
    requirement = RefField(Requirement.objects)
    attained_percent = serializers.DecimalField(**PERCENT)


class PackageViewSet(CreateRecord, RecordViewSet):
    queryset = ask.packages().prefetch_related("nfr_targets__requirement")
    serializer_class = PackageSerializer
    filterset_class = PackageFilter
    record_actions = PACKAGE_ACTIONS
    create_arguments = NewPackage

    def perform_create(self, data: dict[str, Any]) -> ReleasePackage:
        return packages.plan(actor=self.actor, **data)

    def _perform(self, verb: Callable[..., ReleasePackage], **arguments: Any) -> Response:
        package = self.get_object()
        with self.as_seen(package):
            return self.answer(verb(package_id=package.pk, actor=self.actor, **arguments))

    @extend_schema(request=Retarget, responses={200: PackageSerializer})
    @action(detail=True, methods=["post"])
    def retarget(self, request: Request, pk: str) -> Response:
        """Move the target date; what is due at an offset from it moves along."""
        return self._perform(packages.retarget, **self.arguments(Retarget))

    @extend_schema(request=None, responses={200: PackageSerializer})
    @action(detail=True, methods=["post"])
    def build(self, request: Request, pk: str) -> Response:
        """Begin building."""
        return self._perform(packages.build)

    @extend_schema(request=None, responses={200: PackageSerializer})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Operations take the package over."""
        return self._perform(packages.accept)

    @extend_schema(request=None, responses={200: PackageSerializer})
    @action(detail=True, methods=["post"])
    def deploy(self, request: Request, pk: str) -> Response:
        """The package goes live with every requirement in it."""
        return self._perform(packages.deploy, now=timezone.now())

    @extend_schema(request=None, responses={200: PackageSerializer})
    @action(detail=True, methods=["post"], url_path="begin-early-life")
    def begin_early_life(self, request: Request, pk: str) -> Response:
        """Early life support begins."""
        return self._perform(packages.begin_early_life)

    @extend_schema(request=None, responses={200: PackageSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """End early life support once its days are over and nothing is left to do."""
        return self._perform(packages.close, now=timezone.now())

    @extend_schema(request=Reason, responses={200: PackageSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Give the package up."""
        return self._perform(packages.cancel, **self.arguments(Reason))

    @extend_schema(request=NewTarget, responses={200: PackageSerializer})
    @action(detail=True, methods=["post"], url_path="set-target")
    def set_target(self, request: Request, pk: str) -> Response:
        """Agree on how much of a non-functional requirement this delivery must reach."""
        package = self.get_object()
        targets.set_target(package=package, actor=self.actor, **self.arguments(NewTarget))
        return self.answer(package)

    @extend_schema(request=Measurement, responses={200: PackageSerializer})
    @action(detail=True, methods=["post"])
    def measure(self, request: Request, pk: str) -> Response:
        """Record what was measured of a non-functional requirement."""
        package, measured = self.get_object(), self.arguments(Measurement)
        target = targets.of(package=package, requirement=measured["requirement"])
        targets.measure(target_id=target.pk, attained_percent=measured["attained_percent"], actor=self.actor)
        return self.answer(package)

    @extend_schema(request=NewSlices, responses={200: PACKAGE_OR_WAYS})
    @action(detail=True, methods=["post"])
    def slice(self, request: Request, pk: str) -> Response:
        """Cut it into smaller packages; items keep their offsets from T. With `preview`, only tell each item's way."""
        package, said = self.get_object(), self.arguments(NewSlices)
        slices = [Slice(**piece) for piece in said["slices"]]
        if said["preview"]:
            return Response(told(replanning.preview_slices(package=package, slices=slices, actor=self.actor)))
        return self._perform(replanning.slice_, slices=slices, reason=said.get("reason", ""))

    @extend_schema(request=IntoStreams, responses={200: PACKAGE_OR_WAYS})
    @action(detail=True, methods=["post"], url_path="replan-as-streams")
    def replan_as_streams(self, request: Request, pk: str) -> Response:
        """Let what is left to do go over into streams of the plan. With `preview`, only tell each item's way."""
        package, said = self.get_object(), self.arguments(IntoStreams)
        streams = said.get("streams", {})
        if said["preview"]:
            return Response(told(replanning.preview_streams(package=package, streams=streams, actor=self.actor)))
        return self._perform(replanning.replan_as_streams, streams=streams, reason=said.get("reason", ""))

    @extend_schema(request=None, responses={200: PackageSerializer})
    @action(detail=True, methods=["post"], url_path="undo-replanning")
    def undo_replanning(self, request: Request, pk: str) -> Response:
        """Take the last cut or re-planning back: items return with their dates."""
        return self._perform(replanning.undo, now=timezone.now())


class ItemSerializer(RecordSerializer):
    package = RefField(read_only=True)
    stream = RefField(read_only=True)
    requirement = RefField(read_only=True)
    ci = RefField(read_only=True)
    article = RefField(read_only=True)
    done_in = RefField(read_only=True)
    due = serializers.DateField(read_only=True)

    class Meta:
        model = DeliveryItem
        fields = (
            *RecordSerializer.BASE, "kind", "title", "package", "stream", "requirement", "ci", "article",
            "offset_days", "due", "state", "done_at", "done_in", "actions",
        )  # fmt: skip


class NewItem(Strict):
    kind = serializers.ChoiceField(DeliveryItem.Kind.choices)
    title = serializers.CharField(max_length=200)
    package = RefField(ReleasePackage.objects.select_related("plan__service"), required=False)
    stream = RefField(DeliveryStream.objects.select_related("plan__service"), required=False)
    requirement = RefField(Requirement.objects, required=False, allow_null=True)
    ci = RefField(ConfigurationItem.objects, required=False, allow_null=True)
    article = RefField(Article.objects, required=False, allow_null=True)
    offset_days = serializers.IntegerField(min_value=-999, max_value=999, required=False)


class ItemViewSet(CreateRecord, RecordViewSet):
    queryset = ask.items()
    serializer_class = ItemSerializer
    filterset_class = ItemFilter
    record_actions = ITEM_ACTIONS
    create_arguments = NewItem

    def perform_create(self, data: dict[str, Any]) -> DeliveryItem:
        return items.add(actor=self.actor, **data)

    def _perform(self, verb: Callable[..., DeliveryItem], **arguments: Any) -> Response:
        item = self.get_object()
        with self.as_seen(item):
            return self.answer(verb(item_id=item.pk, actor=self.actor, **arguments))

    @extend_schema(request=None, responses={200: ItemSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Work on it has begun."""
        return self._perform(items.start)

    @extend_schema(request=None, responses={200: ItemSerializer})
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """It is delivered."""
        return self._perform(items.complete, now=timezone.now())

    @extend_schema(request=Reason, responses={200: ItemSerializer})
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """It will not be delivered."""
        return self._perform(items.drop, **self.arguments(Reason))
