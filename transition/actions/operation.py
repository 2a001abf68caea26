"""Deployments to improvements: what can be done with each record."""

from typing import Any

from django.utils import timezone

from itsm.kernel.actions import Action, declare
from transition import models
from transition.models import AcceptanceReview, Deployment, Devolution, Gap, Improvement, Incident, MeetingSeries
from transition.rules import operation as rules


def _ran_out(deployment: Deployment) -> str | None:
    until = deployment.valid_until
    if until is not None and until <= timezone.now():
        return "Its authorisation has run out; ask again."
    return None


DEPLOYMENT_ACTIONS = (
    Action("start", "Start", rules.may_run, to=Deployment.State.RUNNING, unless=_ran_out, primary=True),
    Action("finish", "Finish", rules.may_run, to=Deployment.State.SUCCEEDED, primary=True),
    Action("roll-back", "Roll back", rules.may_run, to=Deployment.State.ROLLED_BACK, danger=True),
)


DEVOLUTION_ACTIONS = (Action("revoke", "Take it back", rules.may_devolve, to=Devolution.State.REVOKED, danger=True),)


def _accepted(review: AcceptanceReview) -> str | None:
    return "It is accepted." if review.state == AcceptanceReview.State.ACCEPTED else None


REVIEW_ACTIONS = (
    Action("accept", "Accept", rules.may_decide_review, to=AcceptanceReview.State.ACCEPTED, primary=True),
    Action("push-back", "Push back", rules.may_decide_review, unless=_accepted, danger=True),
    Action("answer", "Answer a criterion", rules.may_decide_review, unless=_accepted),
)
GAP_ACTIONS = (
    Action("close", "Close", rules.may_close_gap, to=Gap.State.CLOSED, primary=True),
    Action("accept-risk", "Accept the risk", rules.may_accept_risk, to=Gap.State.RISK_ACCEPTED),
)


def _caused(incident: Incident) -> str | None:
    if incident.cause != Incident.Cause.CHANGE:
        return None
    return f"It was put down to {incident.caused_by}. Dismiss that first."


def _not_a_change(incident: Incident) -> str | None:
    return "It was decided: not a change." if incident.cause == Incident.Cause.NOT_A_CHANGE else _caused(incident)


INCIDENT_ACTIONS = (
    Action("confirm-cause", "A change did it", rules.may_decide_cause, unless=_caused, primary=True),
    Action("dismiss-cause", "Not a change", rules.may_decide_cause, unless=_not_a_change),
    Action("resolve", "Resolve", rules.may_resolve, to=Incident.State.RESOLVED),
)


def _may_agree(actor: Any, series: MeetingSeries) -> bool:
    return rules.may_agree_meetings(actor, series.service)


_may_agree.refusal = rules.may_agree_meetings.refusal  # type: ignore[attr-defined]
SERIES_ACTIONS = (
    Action("end", "End", _may_agree, unless=lambda series: None if series.active else "It has ended.", danger=True),
)
MEETING_ACTIONS = (
    Action("minute", "Write the minutes", rules.may_minute, primary=True),
    Action("act", "Make an improvement", rules.may_minute),
)
State = Improvement.State


def _finished(improvement: Improvement) -> str | None:
    done = improvement.state in (State.WORKED, State.DROPPED)
    return f"It is {improvement.get_state_display().lower()}; log a new one." if done else None


IMPROVEMENT_ACTIONS = (
    Action("approve", "Approve", rules.may_steer_improvement, to=State.APPROVED, primary=True),
    Action("start", "Start", rules.may_steer_improvement, to=State.DOING, primary=True),
    Action("finish", "Done, check it", rules.may_steer_improvement, to=State.CHECKING, primary=True),
    Action("check", "Measure again", rules.may_steer_improvement, to=State.WORKED, primary=True),
    Action("edit", "Edit", rules.may_steer_improvement, unless=_finished),
    Action("drop", "Drop", rules.may_steer_improvement, to=State.DROPPED, danger=True),
)

declare(models.Deployment, DEPLOYMENT_ACTIONS)
declare(models.Devolution, DEVOLUTION_ACTIONS)
declare(models.AcceptanceReview, REVIEW_ACTIONS)
declare(models.Gap, GAP_ACTIONS)
declare(models.Incident, INCIDENT_ACTIONS)
declare(models.MeetingSeries, SERIES_ACTIONS)
declare(models.Meeting, MEETING_ACTIONS)
declare(models.Improvement, IMPROVEMENT_ACTIONS)
