from cmdb.models.audit import Audit, AuditChunk, AuditProgress, Discrepancy
from cmdb.models.baseline import Baseline, BaselineItem, BaselineRelation
from cmdb.models.ci import AttributeValue, CIClass, ConfigurationItem, ExternalKey
from cmdb.models.edit import CIEdit
from cmdb.models.fit import FitCheck, Misfit
from cmdb.models.import_schedule import ImportSchedule
from cmdb.models.imports import (
    Encoding,
    ImportChunk,
    ImportDifference,
    ImportProblem,
    ImportProfile,
    ImportProgress,
    ImportRun,
)
from cmdb.models.portfolio import CriterionWaiver, PointPassed
from cmdb.models.proposal import RelationProposal
from cmdb.models.reconciliation import Conflict, SourcePrecedence, TypedValue
from cmdb.models.relation import Relation, RelationGroup
from cmdb.models.sample import Sample, SampledCI
from cmdb.models.service import Service
from cmdb.models.service_parts import HoursException, ServiceHours, ServiceTarget, SupportAccess

__all__ = [
    "AttributeValue",
    "Audit",
    "AuditChunk",
    "AuditProgress",
    "Baseline",
    "BaselineItem",
    "BaselineRelation",
    "CIClass",
    "CIEdit",
    "ConfigurationItem",
    "Conflict",
    "CriterionWaiver",
    "Discrepancy",
    "Encoding",
    "ExternalKey",
    "FitCheck",
    "HoursException",
    "ImportChunk",
    "ImportDifference",
    "ImportProblem",
    "ImportProfile",
    "ImportProgress",
    "ImportRun",
    "ImportSchedule",
    "Misfit",
    "PointPassed",
    "Relation",
    "RelationGroup",
    "RelationProposal",
    "Sample",
    "SampledCI",
    "Service",
    "ServiceHours",
    "ServiceTarget",
    "SourcePrecedence",
    "SupportAccess",
    "TypedValue",
]
