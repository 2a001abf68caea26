from changes.models.authorisation import Authorisation, Decision, Policy
from changes.models.board import AgendaItem, Board, BoardMeeting, BoardSeat, BoardVote
from changes.models.calendar import Freeze, OperationalJob
from changes.models.checked import BasicsCheck, BasicsState, KeptReach
from changes.models.consultation import Consultation
from changes.models.discovery import Discovery
from changes.models.feed import CalendarFeed
from changes.models.pre_authorisation import PreAuthorisation
from changes.models.prediction import ImpactPrediction
from changes.models.proposal import ChangeProposal
from changes.models.recurring import Occurrence, RecurringChange
from changes.models.request import AffectedCI, ChangeModel, ChangeRequest
from changes.models.review import Review, Waiver
from changes.models.running import RunQuestion, WindowExtension
from changes.models.task import ChangeTask

__all__ = [
    "AffectedCI",
    "AgendaItem",
    "Authorisation",
    "BasicsCheck",
    "BasicsState",
    "Board",
    "BoardMeeting",
    "BoardSeat",
    "BoardVote",
    "CalendarFeed",
    "ChangeModel",
    "ChangeProposal",
    "ChangeRequest",
    "ChangeTask",
    "Consultation",
    "Decision",
    "Discovery",
    "Freeze",
    "ImpactPrediction",
    "KeptReach",
    "Occurrence",
    "OperationalJob",
    "Policy",
    "PreAuthorisation",
    "RecurringChange",
    "Review",
    "RunQuestion",
    "Waiver",
    "WindowExtension",
]
