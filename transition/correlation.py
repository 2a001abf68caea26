"""How likely a change caused an incident: pure, explainable, and in words.

score = 0.55 · nearness in time + 0.35 · nearness in the CMDB + 0.10 · record, each from 0 to 1.
Nearness in time halves every twelve hours; nearness in the CMDB is 1 for the same CI and 1/(1+d) at d steps,
a quarter where only the service is shared. The record is 1 for a change that failed or was backed out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

HALF_LIFE = timedelta(hours=12)
WEIGHTS = {"time": 0.55, "distance": 0.35, "record": 0.10}
RECORDS = {"failed": 1.0, "backed_out": 1.0, "with_issues": 0.5}


@dataclass(frozen=True)
class Candidate:
    """A change that was under way or ended before the incident; `distance` is None when only the service is shared."""

    change_id: int
    ended_at: datetime
    distance: int | None
    same_service: bool
    outcome: str = ""
    ci: str = ""


@dataclass(frozen=True)
class Score:
    change_id: int
    score: float
    reasons: list[str]


def score_of(candidate: Candidate, opened_at: datetime) -> Score:
    """Between 0 and 1, with its reasons, the strongest first."""
    before = max(opened_at - candidate.ended_at, timedelta(0))
    time = 0.5 ** (before / HALF_LIFE)
    near = 1 / (1 + candidate.distance) if candidate.distance is not None else 0.25 * candidate.same_service
    record = RECORDS.get(candidate.outcome, 0.0)
    total = WEIGHTS["time"] * time + WEIGHTS["distance"] * near + WEIGHTS["record"] * record
    return Score(candidate.change_id, round(min(max(total, 0.0), 1.0), 3), _reasons(candidate, before))


def _reasons(candidate: Candidate, before: timedelta) -> list[str]:
    reasons = [_ago(before)]
    if candidate.distance == 0:
        reasons.append(f"touched {candidate.ci}, the CI that failed")
    elif candidate.distance is not None:
        steps = "1 CI away" if candidate.distance == 1 else f"{candidate.distance} CIs away"
        reasons.append(f"touched {candidate.ci}, {steps}")
    elif candidate.same_service:
        reasons.append("same service")
    if candidate.outcome in RECORDS:
        reasons.append(f"the change itself {candidate.outcome.replace('_', ' ')}")
    return reasons


def _ago(before: timedelta) -> str:
    minutes = int(before.total_seconds() // 60)
    if minutes == 0:
        return "under way when it began"
    if minutes < 120:
        return f"{minutes} min before"
    return f"{minutes // 60} h before" if minutes < 2880 else f"{minutes // 1440} d before"


def rank(candidates: list[Candidate], opened_at: datetime, most: int = 10) -> list[Score]:
    """The best scores first; a change counts once, with its best score."""
    best: dict[int, Score] = {}
    for candidate in candidates:
        score = score_of(candidate, opened_at)
        if candidate.change_id not in best or score.score > best[candidate.change_id].score:
            best[candidate.change_id] = score
    return sorted(best.values(), key=lambda s: (-s.score, s.change_id))[:most]
