"""What clients read and write of a service."""

from rest_framework import serializers

from cmdb.models import ConfigurationItem, Service
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.models import Team


class ServiceSerializer(RecordSerializer):
    ci = RefField(read_only=True)
    owner = PersonField(read_only=True)
    sponsor = PersonField(read_only=True)
    support_team = RefField(read_only=True)

    class Meta:
        model = Service
        fields = (
            *RecordSerializer.BASE, "slug", "name", "summary", "ci", "status", "sub_state", "owner", "sponsor",
            "support_team", "hours", "sla_targets", "delivery_model", "support_access", "actions",
        )  # fmt: skip


class ServiceChanges(Strict):
    name = serializers.CharField(max_length=200)
    summary = serializers.CharField(required=False, allow_blank=True)
    owner = PersonField(required=False, allow_null=True)
    sponsor = PersonField(required=False, allow_null=True)
    support_team = RefField(Team.objects, required=False, allow_null=True)
    hours = serializers.CharField(max_length=100, required=False, allow_blank=True)
    sla_targets = serializers.DictField(required=False)
    delivery_model = serializers.ChoiceField(Service.DeliveryModel.choices, required=False)
    support_access = serializers.CharField(required=False, allow_blank=True)


class NewService(ServiceChanges):
    slug = serializers.SlugField(max_length=80, required=False)
    criticality = serializers.ChoiceField(ConfigurationItem.Criticality.choices, required=False)
    step = serializers.ChoiceField(
        Service.SubState.choices, required=False, help_text="Where a service is that is there already."
    )
