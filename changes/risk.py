"""How risky a change is by what is known of it: parts with points, and their sum. Pure, and explained part by part.

What is not known counts nothing, and says so: people's own estimate stands beside it, and the higher of the two counts.
"""

from dataclasses import asdict, dataclass

MEDIUM, HIGH = 5, 9  # points from which on it is more than low
MOST = 13  # points that there can be
FEW, MANY = 0.10, 0.25  # of changes that went wrong
CRITICALITIES = {1: "low", 2: "medium", 3: "high", 4: "critical"}
TITLES = {
    "criticality": "What it can hit", "breadth": "How far it reaches", "history": "How its like went",
    "team": "How its people's changes went", "time": "When it happens",
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """How changes ended."""

    ended: int = 0
    wrong: int = 0


@dataclass(frozen=True)
class RiskFacts:
    """`touched` CIs and what is `impacted` by them; None is what nobody knows."""

    touched: int
    impacted: int
    criticality: int | None
    alike: Record
    alike_is: str  # whose record that is, in words
    team: Record
    in_hours: bool | None


@dataclass(frozen=True)
class Part:
    code: str
    points: int
    why: str

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


def parts_of(facts: RiskFacts) -> list[Part]:
    return [
        _criticality(facts), _breadth(facts), _record("history", facts.alike, facts.alike_is),
        _record("team", facts.team, "of their teams"), _time(facts),
    ]  # fmt: skip


def level_of(points: int) -> int:
    """1 low, 2 medium, 3 high."""
    return 3 if points >= HIGH else 2 if points >= MEDIUM else 1


def _criticality(facts: RiskFacts) -> Part:
    if facts.criticality is None:
        return Part("criticality", 0, "Nobody knows: no CI with a criticality is named.")
    word = CRITICALITIES[facts.criticality]
    return Part("criticality", facts.criticality - 1, f"The most critical of what it touches or impacts is {word}.")


def _breadth(facts: RiskFacts) -> Part:
    if not facts.touched:
        return Part("breadth", 0, "Nobody knows: no CI is named.")
    points = sum(facts.impacted >= bound for bound in (1, 10, 100))
    return Part("breadth", points, f"{facts.touched:,} touched, {facts.impacted:,} impacted.")


def _record(code: str, record: Record, whose: str) -> Part:
    if not record.ended:
        return Part(code, 0, f"Nobody knows: no change {whose} ended within a year.")
    share = record.wrong / record.ended
    points = 0 if not record.wrong else 1 if share <= FEW else 2 if share <= MANY else 3
    return Part(
        code, min(points, record.wrong), f"{record.wrong} of the last {record.ended} {whose} failed or were backed out."
    )


def _time(facts: RiskFacts) -> Part:
    if facts.in_hours is None:
        return Part("time", 0, "Nobody knows: there is no window, or no service with agreed hours.")
    if facts.in_hours:
        return Part("time", 1, "The window lies within the agreed hours of a service that it is about.")
    return Part("time", 0, "The window lies outside the agreed hours of its services.")
