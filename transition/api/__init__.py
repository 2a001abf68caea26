"""REST: the resources of transition."""

from transition.api.packages import ItemViewSet, PackageViewSet
from transition.api.plans import PlanViewSet, RequirementViewSet
from transition.api.services import FlowViewSet, ServiceViewSet
from transition.api.streams import PeriodViewSet, RunViewSet, StreamViewSet

__all__ = [
    "FlowViewSet",
    "ItemViewSet",
    "PackageViewSet",
    "PeriodViewSet",
    "PlanViewSet",
    "RequirementViewSet",
    "RunViewSet",
    "ServiceViewSet",
    "StreamViewSet",
]
