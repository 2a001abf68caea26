"""What stood before a change: a baseline of the CIs that it touches, taken when it begins."""

from datetime import datetime

from changes.models import ChangeRequest, ImpactPrediction
from cmdb.models import Baseline, ConfigurationItem
from cmdb.operations import baselines
from cmdb.queries.impact import reach
from itsm.kernel.actor import Actor
from itsm.kernel.operation import operation


@operation
def keep_before(*, change: ChangeRequest, actor: Actor, now: datetime) -> Baseline | None:
    """In the transaction that begins the change, so that nothing it alters can be among what is kept.

    Everybody may read baselines, and nobody can rename one.
    """
    touched = ConfigurationItem.objects.filter(affected_by__change=change)
    name = f"Before {change.number}" + ("" if change.confidential else f" {change.title}")
    return baselines.take_before(record=change, name=name, cis=touched, actor=actor, now=now)


def keep_prediction(*, change: ChangeRequest, now: datetime) -> ImpactPrediction:
    """Write down what the CMDB says the change can hit, before it does: later relations must not improve it."""
    touched = list(change.affected.order_by("ci_id").values_list("ci_id", flat=True))
    impacted = sorted(reach(touched)) if touched else []
    kept, _ = ImpactPrediction.objects.get_or_create(
        change=change, defaults={"at": now, "touched": touched, "impacted": impacted}
    )
    return kept
