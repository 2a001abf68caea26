"""What a proposal promised beside what came: price, worth, day, and how its changes went."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from changes.models import ChangeProposal, ChangeRequest
from itsm.kernel.actor import Actor
from itsm.kernel.templatetags import _time

Status = ChangeProposal.Status
SHOWN = (Status.IN_DELIVERY, Status.REALISED, Status.CLOSED)
Money = Decimal | None


def euros(low: Money, high: Money = None) -> str:
    known = [f"{amount:,.0f}" for amount in (low, high) if amount is not None]
    return f"EUR {' – '.join(dict.fromkeys(known))}" if known else ""


def forecast_of(proposal: ChangeProposal, actor: Actor) -> list[dict[str, Any]]:
    """Rows of what was forecast and what is; none before anything is delivered. One query."""
    if proposal.status not in SHOWN:
        return []
    return [
        _row("Cost", euros(proposal.cost_low_eur, proposal.cost_high_eur), euros(proposal.cost_actual_eur),
             _cost(proposal.cost_high_eur, proposal.cost_actual_eur)),
        _row("Worth in a year", euros(proposal.value_low_eur, proposal.value_high_eur),
             euros(proposal.value_actual_eur), _worth(proposal.value_low_eur, proposal.value_actual_eur)),
        _row("There by", _time.day(proposal.deadline) if proposal.deadline else "",
             _time.day(timezone.localdate(proposal.realised_at)) if proposal.realised_at else "", _day(proposal)),
        _changes(proposal, actor),
    ]  # fmt: skip


def _row(label: str, forecast: str, actual: str, verdict: tuple[str, str] | None) -> dict[str, Any]:
    return {"label": label, "forecast": forecast or "not said", "actual": actual or "not known yet", "verdict": verdict}


def _cost(most: Money, actual: Money) -> tuple[str, str] | None:
    if most is None or actual is None:
        return None
    return ("ok", "as forecast") if actual <= most else ("warn", f"{_share(actual - most, most)} more")


def _worth(least: Money, actual: Money) -> tuple[str, str] | None:
    if least is None or actual is None:
        return None
    return ("ok", "as forecast") if actual >= least else ("warn", f"{_share(least - actual, least)} less")


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{100 * part / whole:.0f} %" if whole else euros(part)


def _day(proposal: ChangeProposal) -> tuple[str, str] | None:
    if proposal.deadline is None or proposal.realised_at is None:
        return None
    late = (timezone.localdate(proposal.realised_at) - proposal.deadline).days
    return ("ok", "in time") if late <= 0 else ("warn", f"{late} day{'' if late == 1 else 's'} late")


def _changes(proposal: ChangeProposal, actor: Actor) -> dict[str, Any]:
    """How many of its changes ended, and how many of those well."""
    planned = proposal.requests.visible_to(actor).exclude(status=ChangeRequest.Status.CANCELLED)
    outcomes = list(planned.values_list("outcome", flat=True))
    ended = [outcome for outcome in outcomes if outcome]
    wrong = sum(outcome in (ChangeRequest.Outcome.FAILED, ChangeRequest.Outcome.BACKED_OUT) for outcome in ended)
    verdict = ("warn", f"{wrong} went wrong") if wrong else ("ok", "none went wrong") if ended else None
    return _row("Changes", f"{len(outcomes)} planned", f"{len(ended)} ended", verdict)
