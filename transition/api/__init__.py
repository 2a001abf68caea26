"""REST: the resources of transition."""

from transition.api.acceptance import AcceptanceCriterionViewSet, AcceptanceReviewViewSet, GapViewSet
from transition.api.changes import ChangeRequestViewSet
from transition.api.cover import AbsenceViewSet, ShiftViewSet
from transition.api.deployments import DeploymentViewSet
from transition.api.devolutions import DevolutionViewSet
from transition.api.improvements import ImprovementViewSet, MeetingSeriesViewSet, MeetingViewSet
from transition.api.incidents import IncidentViewSet
from transition.api.needs import NeedViewSet
from transition.api.packages import ItemViewSet, PackageViewSet
from transition.api.pipeline_events import PipelineEventViewSet
from transition.api.pipeline_sources import PipelineSourceViewSet
from transition.api.pipeline_webhooks import GitHubWebhook, GitLabWebhook
from transition.api.plans import PlanViewSet, RequirementViewSet
from transition.api.portfolio import PortfolioViewSet
from transition.api.services import FlowViewSet, ServiceViewSet
from transition.api.streams import PeriodViewSet, RunViewSet, StreamViewSet

__all__ = [
    "AbsenceViewSet",
    "AcceptanceCriterionViewSet",
    "AcceptanceReviewViewSet",
    "ChangeRequestViewSet",
    "DeploymentViewSet",
    "DevolutionViewSet",
    "FlowViewSet",
    "GapViewSet",
    "GitHubWebhook",
    "GitLabWebhook",
    "ImprovementViewSet",
    "IncidentViewSet",
    "ItemViewSet",
    "MeetingSeriesViewSet",
    "MeetingViewSet",
    "NeedViewSet",
    "PackageViewSet",
    "PeriodViewSet",
    "PipelineEventViewSet",
    "PipelineSourceViewSet",
    "PlanViewSet",
    "PortfolioViewSet",
    "RequirementViewSet",
    "RunViewSet",
    "ServiceViewSet",
    "ShiftViewSet",
    "StreamViewSet",
]
