"""Plan how a service is brought into live use."""

from cmdb.models import Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from transition.models import TransitionPlan
from transition.rules import delivery as rules

EDITABLE = frozenset({"style", "strategy", "policy_name"})


@operation
def create(
    *, service: Service, actor: Actor, style: str = "hybrid", strategy: str = "", policy_name: str = ""
) -> TransitionPlan:
    """The transition plan of a service; it has one."""
    plan = TransitionPlan(service=service, style=style, strategy=strategy, policy_name=policy_name)
    require(rules.may_plan, actor, plan)
    if style not in TransitionPlan.Style.values:
        raise InvalidInput.at("style", f"Unknown style {style!r}. Known: {', '.join(TransitionPlan.Style.values)}.")
    if there := TransitionPlan.objects.filter(service=service).first():
        raise InvalidInput.at("service", f"{service} has a plan already: {there.number}. Change that one.")
    plan.save(force_insert=True)
    events.record("transition.plan.created", plan, actor=actor)
    return plan


@operation
def update(*, plan_id: int, actor: Actor, **changes: str) -> TransitionPlan:
    plan = TransitionPlan.objects.lock(plan_id)
    require(rules.may_plan, actor, plan)
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(plan, field, value)
    plan.save(update_fields=sorted(changes))
    events.record("transition.plan.updated", plan, actor=actor, fields=sorted(changes))
    return plan
