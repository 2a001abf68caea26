from itsm.kernel.models.delegation import Delegation
from itsm.kernel.models.inbox import EventDelivery, OutboxEvent, StoredAnswer
from itsm.kernel.models.ledger import LedgerCheckpoint, LedgerEntry
from itsm.kernel.models.notification import DigestSent, Notification, NotificationMute, NotificationPreference
from itsm.kernel.models.organisation import Organisation
from itsm.kernel.models.people import Membership, RoleAssignment, Team, User
from itsm.kernel.models.record import Numbered, Record, RecordQuerySet
from itsm.kernel.models.tokens import ApiToken
from itsm.kernel.models.webhooks import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookHealth

__all__ = [
    "ApiToken",
    "Delegation",
    "DigestSent",
    "EventDelivery",
    "LedgerCheckpoint",
    "LedgerEntry",
    "Membership",
    "Notification",
    "NotificationMute",
    "NotificationPreference",
    "Numbered",
    "Organisation",
    "OutboxEvent",
    "Record",
    "RecordQuerySet",
    "RoleAssignment",
    "StoredAnswer",
    "Team",
    "User",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookHealth",
]
