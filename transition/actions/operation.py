"""Deployments to improvements: what can be done with each record."""

from itsm.kernel.actions import Action
from transition.models import AcceptanceReview, Deployment, Gap, Improvement, Incident
from transition.rules import operation as rules

DEPLOYMENT_ACTIONS = (
    Action("start", "Start", rules.may_run, to=Deployment.State.RUNNING, primary=True),
    Action("finish", "Finish", rules.may_run, to=Deployment.State.SUCCEEDED, primary=True),
    Action("roll-back", "Rolled back", rules.may_run, to=Deployment.State.ROLLED_BACK, danger=True),
)
REVIEW_ACTIONS = (
    Action("accept", "Accept", rules.may_decide_review, to=AcceptanceReview.State.ACCEPTED, primary=True),
    Action("push-back", "Push back", rules.may_decide_review, danger=True),
)
GAP_ACTIONS = (
    Action("close", "Close", rules.may_close_gap, to=Gap.State.CLOSED, primary=True),
    Action("accept-risk", "Accept the risk", rules.may_accept_risk, to=Gap.State.RISK_ACCEPTED),
)


def _decided(incident: Incident) -> str | None:
    if incident.cause == Incident.Cause.UNDECIDED:
        return None
    return f"It was decided: {incident.get_cause_display().lower()}."


INCIDENT_ACTIONS = (
    Action("confirm-cause", "A change did it", rules.may_decide_cause, unless=_decided, primary=True),
    Action("dismiss-cause", "Not a change", rules.may_decide_cause, unless=_decided),
    Action("resolve", "Resolve", rules.may_resolve, to=Incident.State.RESOLVED),
)
MEETING_ACTIONS = (
    Action("minute", "Write the minutes", rules.may_minute, primary=True),
    Action("act", "Make an improvement", rules.may_minute),
)
State = Improvement.State
IMPROVEMENT_ACTIONS = (
    Action("approve", "Approve", rules.may_steer_improvement, to=State.APPROVED, primary=True),
    Action("start", "Start", rules.may_steer_improvement, to=State.DOING, primary=True),
    Action("finish", "Done, check it", rules.may_steer_improvement, to=State.CHECKING, primary=True),
    Action("check", "Measure again", rules.may_steer_improvement, to=State.WORKED, primary=True),
    Action("drop", "Drop", rules.may_steer_improvement, to=State.DROPPED, danger=True),
)
