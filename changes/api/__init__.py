from changes.api.authorisations import AuthorisationViewSet
from changes.api.boards import BoardViewSet
from changes.api.calendar import FreezeViewSet, OperationalJobViewSet, calendar, outages
from changes.api.feeds import CalendarFeedViewSet
from changes.api.meetings import BoardMeetingViewSet
from changes.api.models import ChangeModelViewSet, PreAuthorisationViewSet
from changes.api.policies import PolicyViewSet
from changes.api.proposals import ChangeProposalViewSet
from changes.api.recurring import RecurringChangeViewSet
from changes.api.reports import ReportViewSet
from changes.api.requests import ChangeRequestViewSet
from changes.api.running import WindowExtensionViewSet
from changes.api.tasks import ChangeTaskViewSet

__all__ = [
    "AuthorisationViewSet",
    "BoardMeetingViewSet",
    "BoardViewSet",
    "CalendarFeedViewSet",
    "ChangeModelViewSet",
    "ChangeProposalViewSet",
    "ChangeRequestViewSet",
    "ChangeTaskViewSet",
    "FreezeViewSet",
    "OperationalJobViewSet",
    "PolicyViewSet",
    "PreAuthorisationViewSet",
    "RecurringChangeViewSet",
    "ReportViewSet",
    "WindowExtensionViewSet",
    "calendar",
    "outages",
]
