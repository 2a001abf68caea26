"""REST: services."""

from typing import Any

from cmdb.actions import SERVICE_ACTIONS
from cmdb.api.levels import TellsLevels
from cmdb.api.points import PassesPoints
from cmdb.api.service_fields import NewService, ServiceChanges, ServiceSerializer
from cmdb.api.service_map import TellsMap
from cmdb.filters.services import ServiceFilter
from cmdb.models import Service
from cmdb.operations import services
from cmdb.queries.services import listed
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord


class ServiceViewSet(PassesPoints, TellsLevels, TellsMap, CreateRecord, UpdateRecord, RecordViewSet):
    queryset = listed().prefetch_related("weekly_hours", "hours_exceptions", "targets", "access")
    serializer_class = ServiceSerializer
    filterset_class = ServiceFilter
    record_actions = SERVICE_ACTIONS
    create_arguments = NewService
    update_arguments = ServiceChanges

    def perform_create(self, data: dict[str, Any]) -> Service:
        return services.define(actor=self.actor, **data)

    def perform_update(self, record: Service, data: dict[str, Any]) -> Service:
        return services.update(service_id=record.pk, actor=self.actor, **data)
