"""Plans to streams: what can be done with each record."""

from itsm.kernel.actions import Action, declare
from itsm.kernel.actor import Actor
from itsm.kernel.permissions import rule
from transition import models
from transition.models import DeliveryStream, ReleasePackage, Requirement
from transition.queries.replanning import latest_of
from transition.rules import delivery as rules

State = ReleasePackage.State


@rule("Only the service's owner, a transition planner or a release manager may plan its transition.")
def _plans_package(actor: Actor, package: ReleasePackage) -> bool:
    return rules.may_plan(actor, package.plan)


@rule("Only those who say what the service must do may change this.")
def _requires(actor: Actor, requirement: Requirement) -> bool:
    return rules.may_require(actor, requirement.plan)


def _is_marked(requirement: Requirement) -> str | None:
    if requirement.status == Requirement.Status.OPEN:
        return None
    return f"It is {requirement.get_status_display().lower()} already."


def _is_live(requirement: Requirement) -> str | None:
    if requirement.status in (Requirement.Status.OPEN, Requirement.Status.BUILT):
        return None
    return f"It is {requirement.get_status_display().lower()}."


def _has_ended(stream: DeliveryStream) -> str | None:
    return "The stream has ended." if stream.state == DeliveryStream.State.ENDED else None


def _has_no_roles(stream: DeliveryStream) -> str | None:
    return _has_ended(stream) or (None if stream.roles else "It names no role that somebody could stand for.")


def _is_fixed(package: ReleasePackage) -> str | None:
    if package.state in (State.PLANNED, State.BUILDING):
        return None
    return f"It is {package.get_state_display().lower()}: only what is planned or being built can be planned anew."


def _was_not_replanned(package: ReleasePackage) -> str | None:
    return None if latest_of(package) else "It was neither cut nor re-planned."


PLAN_ACTIONS = (
    Action("edit", "Edit", rules.may_plan),
    Action("add-requirement", "Add a requirement", rules.may_require),
    Action("add-package", "Plan a package", rules.may_plan),
    Action("add-stream", "Start a stream", rules.may_plan),
)
REQUIREMENT_ACTIONS = (
    Action("mark-built", "Mark as built", rules.may_mark, unless=_is_marked),
    Action("mark-deployed", "Mark as live", rules.may_mark, unless=_is_live),
    Action("edit", "Edit", _requires),
    Action("withdraw", "Withdraw", _requires, unless=_is_live, danger=True),
)
PACKAGE_ACTIONS = (
    Action("build", "Begin building", _plans_package, to=State.BUILDING, primary=True),
    Action("accept", "Accept", _plans_package, to=State.ACCEPTED, primary=True),
    Action("deploy", "Deploy", _plans_package, to=State.DEPLOYED, primary=True),
    Action("begin-early-life", "Begin early life", _plans_package, to=State.EARLY_LIFE, primary=True),
    Action("close", "Close", _plans_package, to=State.CLOSED, primary=True),
    Action("add-item", "Add an item", _plans_package),
    Action("retarget", "Move the target date", _plans_package),
    Action("slice", "Slice", _plans_package, unless=_is_fixed),
    Action("replan-as-streams", "Re-plan as streams", _plans_package, unless=_is_fixed),
    Action("undo-replanning", "Undo the re-planning", _plans_package, unless=_was_not_replanned),
    Action("cancel", "Cancel", _plans_package, to=State.CANCELLED, danger=True),
)
ITEM_ACTIONS = (
    Action("start", "Start", rules.may_deliver, to="in_work"),
    Action("complete", "Complete", rules.may_deliver, to="done", primary=True),
    Action("drop", "Drop", rules.may_deliver, to="dropped", danger=True),
)
STREAM_ACTIONS = (
    Action("record-run", "Record a run", rules.may_record_run, unless=_has_ended, primary=True),
    Action("change-rhythm", "Change the rhythm", rules.may_steer, unless=_has_ended),
    Action("assign-shift", "Add to the rota", rules.may_steer, unless=_has_no_roles),
    Action("pause", "Pause", rules.may_steer, to="paused"),
    Action("resume", "Resume", rules.may_steer, to="active"),
    Action("edit", "Edit", rules.may_steer),
    Action("end", "End", rules.may_steer, to="ended", danger=True),
)

declare(models.TransitionPlan, PLAN_ACTIONS)
declare(models.Requirement, REQUIREMENT_ACTIONS)
declare(models.ReleasePackage, PACKAGE_ACTIONS)
declare(models.DeliveryItem, ITEM_ACTIONS)
declare(models.DeliveryStream, STREAM_ACTIONS)
