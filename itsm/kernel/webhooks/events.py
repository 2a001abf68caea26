from itsm.kernel.events import declare

declare("kernel.webhook.created", "A webhook endpoint was added.")
declare("kernel.webhook.updated", "A webhook endpoint was changed.", fields="Names of the fields that changed.")
declare("kernel.webhook.rotated", "A webhook endpoint got a new secret.")
declare("kernel.webhook.disabled", "A webhook endpoint is told nothing any more.", reason="Why.")
declare("kernel.webhook.enabled", "A webhook endpoint is told again.")
