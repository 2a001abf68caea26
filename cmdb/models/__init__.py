from cmdb.models.ci import CIClass, ConfigurationItem, ExternalKey
from cmdb.models.relation import Relation
from cmdb.models.service import Service

__all__ = ["CIClass", "ConfigurationItem", "ExternalKey", "Relation", "Service"]
