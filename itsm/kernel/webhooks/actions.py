"""What can be done with an endpoint, for buttons and for the API's `actions`."""

from itsm.kernel.actions import Action
from itsm.kernel.models import WebhookDelivery, WebhookEndpoint
from itsm.kernel.webhooks import rules

State = WebhookEndpoint.State


def _is_disabled(endpoint: WebhookEndpoint) -> str | None:
    return None if endpoint.state == State.ACTIVE else f"{endpoint} is disabled. Enable it first."


def _goes_nowhere(delivery: WebhookDelivery) -> str | None:
    return _is_disabled(delivery.endpoint)


WEBHOOK_ACTIONS = (
    Action("ping", "Send a test", rules.may_manage, unless=_is_disabled, primary=True),
    Action("edit", "Edit", rules.may_manage),
    Action("rotate", "Rotate the secret", rules.may_manage),
    Action("enable", "Enable", rules.may_manage, to=State.ACTIVE, primary=True),
    Action("disable", "Disable", rules.may_manage, to=State.DISABLED, danger=True),
)
DELIVERY_ACTIONS = (Action("send-again", "Send again", rules.may_manage, unless=_goes_nowhere, primary=True),)
