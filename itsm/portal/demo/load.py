"""All acts in their order, in one transaction: the demo is there whole or not at all."""

from datetime import datetime

from django.db import transaction

from cmdb.models import Service
from itsm.kernel import locks
from itsm.kernel.locks import Lock
from itsm.portal.demo import (
    audits,
    boards,
    changes,
    delivery,
    history,
    inventory,
    knowledge,
    people,
    pipeline,
    plan,
    portfolio,
    services,
    sources,
    support,
)
from itsm.portal.demo.stage import SYSTEM, Stage
from transition.operations import handoffs


@transaction.atomic
def load(*, now: datetime) -> bool:
    """Make the demo organisation; False when it is there already."""
    locks.hold(Lock.DEMO)
    if Service.objects.filter(slug="online-shop").exists():
        return False
    stage = Stage(now)
    people.load(stage)
    services.load(stage)
    sources.load(stage)
    portfolio.load(stage)
    changes.load_rules(stage)
    plan.load(stage)
    knowledge.load(stage)
    support.agree(stage)
    history.load(stage, [*changes.deeds(stage), *delivery.deeds(stage), *support.deeds(stage)])
    handoffs.sweep(actor=SYSTEM, now=stage.now)
    pipeline.load(stage)
    changes.load_waiting(stage)
    changes.load_freeze(stage)
    changes.load_under_way(stage)
    boards.load(stage)
    inventory.load(stage)
    audits.load(stage)
    changes.load_emergency(stage)
    return True
