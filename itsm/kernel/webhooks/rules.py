from itsm.kernel.actor import Actor
from itsm.kernel.models import WebhookEndpoint
from itsm.kernel.permissions import rule


@rule("Only an administrator manages webhooks.")
def may_manage(actor: Actor, endpoint: WebhookEndpoint | None = None) -> bool:
    return actor.is_admin
