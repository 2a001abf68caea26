from typing import Any

from itsm.kernel.actor import Actor
from itsm.kernel.permissions import rule


@rule("Only an administrator does this.")
def may_administer(actor: Actor, record: Any = None) -> bool:
    return actor.is_admin
