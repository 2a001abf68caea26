"""What a reviewed change teaches becomes an entry of the improvement register."""

from typing import Any

from changes.models import ChangeRequest
from changes.operations.reviews import lesson_of
from itsm.kernel.actor import Actor
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import Improvement
from transition.operations import improvements
from transition.rules import operation as rules


def origin_of(change: ChangeRequest) -> str:
    return f"change:{change.pk}"


@operation
def log_improvement(*, change_id: int, title: str, actor: Actor, **details: Any) -> Improvement:
    """Log the lesson of the change's review; the same change again is the same improvement."""
    change = ChangeRequest.objects.lock(change_id)
    require(rules.may_log, actor, change)
    details.setdefault("text", lesson_of(change).lessons)
    details.setdefault("service", change.services.order_by("pk").first())
    return improvements.log(title=title, origin=origin_of(change), actor=actor, **details)
