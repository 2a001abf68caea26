from changes.api.authorisations import AuthorisationViewSet
from changes.api.calendar import FreezeViewSet, OperationalJobViewSet, calendar
from changes.api.policies import ChangeModelViewSet, PolicyViewSet
from changes.api.proposals import ChangeProposalViewSet
from changes.api.requests import ChangeRequestViewSet
from changes.api.tasks import ChangeTaskViewSet

__all__ = [
    "AuthorisationViewSet",
    "ChangeModelViewSet",
    "ChangeProposalViewSet",
    "ChangeRequestViewSet",
    "ChangeTaskViewSet",
    "FreezeViewSet",
    "OperationalJobViewSet",
    "PolicyViewSet",
    "calendar",
]
