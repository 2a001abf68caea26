from cmdb.api.cis import CIClassViewSet, ConfigurationItemViewSet, RelationViewSet
from cmdb.api.services import ServiceViewSet

__all__ = ["CIClassViewSet", "ConfigurationItemViewSet", "RelationViewSet", "ServiceViewSet"]
