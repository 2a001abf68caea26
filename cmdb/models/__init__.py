from cmdb.models.baseline import Baseline, BaselineItem, BaselineRelation
from cmdb.models.ci import CIClass, ConfigurationItem, ExternalKey
from cmdb.models.imports import (
    Encoding,
    ImportChunk,
    ImportDifference,
    ImportProblem,
    ImportProfile,
    ImportProgress,
    ImportRun,
)
from cmdb.models.proposal import RelationProposal
from cmdb.models.relation import Relation, RelationGroup
from cmdb.models.service import Service

__all__ = [
    "Baseline",
    "BaselineItem",
    "BaselineRelation",
    "CIClass",
    "ConfigurationItem",
    "Encoding",
    "ExternalKey",
    "ImportChunk",
    "ImportDifference",
    "ImportProblem",
    "ImportProfile",
    "ImportProgress",
    "ImportRun",
    "Relation",
    "RelationGroup",
    "RelationProposal",
    "Service",
]
