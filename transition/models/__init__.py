from transition.models.acceptance import AcceptanceCriterion, AcceptanceReview, CriterionResult, Gap, RiskAcceptance
from transition.models.cover import Absence, Shift, UncoveredDay
from transition.models.deployment import Deployment, Evidence
from transition.models.devolution import Devolution
from transition.models.improvement import Improvement, Meeting, MeetingSeries
from transition.models.incident import Incident, Suspect
from transition.models.need import Need
from transition.models.package import DeliveryItem, NonFunctionalTarget, ReleasePackage
from transition.models.pipeline import CodeCommit, PipelineEvent, PipelineProof, PipelineSource, SourceName
from transition.models.plan import Requirement, TransitionPlan
from transition.models.replanning import ItemMove, Replanning
from transition.models.stream import DeliveryStream, StreamClock, StreamPeriod, StreamRun

__all__ = [
    "Absence",
    "AcceptanceCriterion",
    "AcceptanceReview",
    "CodeCommit",
    "CriterionResult",
    "DeliveryItem",
    "DeliveryStream",
    "Deployment",
    "Devolution",
    "Evidence",
    "Gap",
    "Improvement",
    "Incident",
    "ItemMove",
    "Meeting",
    "MeetingSeries",
    "Need",
    "NonFunctionalTarget",
    "PipelineEvent",
    "PipelineProof",
    "PipelineSource",
    "ReleasePackage",
    "Replanning",
    "Requirement",
    "RiskAcceptance",
    "Shift",
    "SourceName",
    "StreamClock",
    "StreamPeriod",
    "StreamRun",
    "Suspect",
    "TransitionPlan",
    "UncoveredDay",
]
