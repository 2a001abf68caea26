from cmdb.api.accounting import AccountingViewSet
from cmdb.api.audits import AuditViewSet
from cmdb.api.baselines import BaselineViewSet
from cmdb.api.cis import CIClassViewSet, ConfigurationItemViewSet, RelationViewSet
from cmdb.api.discrepancies import DiscrepancyViewSet
from cmdb.api.edits import CIEditViewSet
from cmdb.api.import_schedules import ImportScheduleViewSet
from cmdb.api.imports import ImportProfileViewSet, ImportRunViewSet
from cmdb.api.reconciliation import ConflictViewSet, SourcePrecedenceViewSet
from cmdb.api.relation_groups import RelationGroupViewSet, RelationProposalViewSet
from cmdb.api.samples import SampledCIViewSet, SampleViewSet
from cmdb.api.services import ServiceViewSet

__all__ = [
    "AccountingViewSet",
    "AuditViewSet",
    "BaselineViewSet",
    "CIClassViewSet",
    "CIEditViewSet",
    "ConfigurationItemViewSet",
    "ConflictViewSet",
    "DiscrepancyViewSet",
    "ImportProfileViewSet",
    "ImportRunViewSet",
    "ImportScheduleViewSet",
    "RelationGroupViewSet",
    "RelationProposalViewSet",
    "RelationViewSet",
    "SampleViewSet",
    "SampledCIViewSet",
    "ServiceViewSet",
    "SourcePrecedenceViewSet",
]
