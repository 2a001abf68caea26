"""The transition points of the portfolio: from where to where, who may pass each, and what it means."""

from dataclasses import dataclass

from cmdb import rules
from cmdb.models import Service
from itsm.kernel.permissions import Rule, refusal_of

Step = Service.SubState
# A service that somebody enters where it is already has passed no point of ours.
ADOPTED = "adopted"


@dataclass(frozen=True)
class Point:
    """`back` is a step back or off the way: it asks for a reason and for nothing else."""

    code: str
    label: str
    meaning: str
    starts: tuple[Step, ...]
    to: Step
    rule: Rule
    back: bool = False

    @property
    def who(self) -> str:
        """Who may pass it, as a sentence."""
        return refusal_of(self.rule)


POINTS = (
    Point("charter", "Charter", "The business wants it and says who answers for it.",
          (Step.DEFINED,), Step.CHARTERED, rules.may_charter),
    Point("design", "Sign off the design", "What is promised, and who will support it, is agreed.",
          (Step.CHARTERED,), Step.DESIGNED, rules.may_design),
    Point("build", "Sign off the build", "What it is made of is there and recorded.",
          (Step.DESIGNED,), Step.BUILT, rules.may_build),
    Point("accept", "Accept into support", "Those who will run it take it over.",
          (Step.BUILT,), Step.ACCEPTED, rules.may_accept_service),
    Point("go_live", "Go live", "Customers may use it from now on.",
          (Step.ACCEPTED,), Step.OPERATIONAL, rules.may_go_live),
    Point("freeze", "Freeze", "It goes on as it is; nothing about it changes.",
          (Step.OPERATIONAL,), Step.FROZEN, rules.may_freeze_service),
    Point("thaw", "Lift the freeze", "It may change again.",
          (Step.FROZEN,), Step.OPERATIONAL, rules.may_freeze_service),
    Point("wind_down", "Wind down", "No new customers; those there are move away.",
          (Step.OPERATIONAL, Step.FROZEN), Step.RETIRING, rules.may_wind_down),
    Point("retire", "Retire", "Nobody uses it and nothing relies on it.",
          (Step.RETIRING,), Step.RETIRED, rules.may_retire_service),
    Point("keep", "Keep after all", "It stays in the catalogue.",
          (Step.RETIRING,), Step.OPERATIONAL, rules.may_wind_down, back=True),
    Point("rebuild", "Back to the build", "What was built does not do.",
          (Step.ACCEPTED,), Step.BUILT, rules.may_send_back, back=True),
    Point("redesign", "Back to the design", "What was designed does not do.",
          (Step.BUILT,), Step.DESIGNED, rules.may_send_back, back=True),
    Point("drop", "Drop", "It will not be.",
          (Step.DEFINED, Step.CHARTERED, Step.DESIGNED, Step.BUILT), Step.RETIRED, rules.may_drop, back=True),
)  # fmt: skip
BY_CODE = {point.code: point for point in POINTS}


def open_from(step: str) -> list[Point]:
    """The points ahead of a service at this step, the usual way first."""
    return [point for point in POINTS if step in point.starts]


def between(step: str, to: str) -> Point | None:
    return next((point for point in open_from(step) if point.to == to), None)


def label_of(code: str) -> str:
    return BY_CODE[code].label if code in BY_CODE else "Entered as it was"
