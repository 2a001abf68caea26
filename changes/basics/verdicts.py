"""What a check says, and how the checks of a group speak together."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Word = Literal["ok", "warn", "block", "unknown"]
SERIOUS: dict[str, int] = {"block": 0, "unknown": 1, "warn": 2, "ok": 3}
SHOWN = 3  # sentences of a group; the others stand at their checks


@dataclass(frozen=True)
class Fix:
    """What mends it: words, the action's name, and the record (a task's number) when it is not the change."""

    label: str
    action: str
    target: str = ""


@dataclass(frozen=True)
class Said:
    """What one check found: never nothing, and over nothing never that all is in order."""

    verdict: Word
    explanation: str
    examined: str = ""
    skipped: str = ""
    fix: Fix | None = None
    code: str = ""
    title: str = ""
    about: Mapping[str, str] = field(default_factory=dict)  # what is wrong, each by a key that stays, in words


@dataclass(frozen=True)
class Taken:
    """A group that somebody took upon themselves: who and why, and what was wrong then, by check (None: all)."""

    by: str
    covers: Mapping[str, Mapping[str, str]] | None = None

    def news(self, said: Iterable[Said]) -> list[str]:
        """What of this was not there, in words."""
        if self.covers is None:
            return []
        new = [one for one in said if one.code not in self.covers]
        known = [(one, self.covers[one.code]) for one in said if one.code in self.covers]
        return [one.explanation for one in new] + [
            text for one, then in known for key, text in one.about.items() if key not in then
        ]


@dataclass(frozen=True)
class Verdict:
    """What a group of checks says: the word of its most serious check, and why."""

    code: str
    title: str
    verdict: Word
    explanation: str
    examined: str = ""
    skipped: str = ""
    fix: Fix | None = None
    waived_by: str = ""
    checks: list[Said] = field(default_factory=list)

    @property
    def blocks(self) -> bool:
        return self.verdict == "block" and not self.waived_by

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def wrong(self) -> list[Said]:
        """The checks that say the worst of the group."""
        return [one for one in self.checks if one.verdict == self.verdict != "ok"]

    def waived(self, taken: Taken | None) -> "Verdict":
        """As it is after somebody took it upon themselves; what is new since then stands as before."""
        if taken is None:
            return self
        news = taken.news(self.wrong)
        if not news:
            return replace(self, waived_by=taken.by)
        return replace(self, explanation=f"New since it was waived: {' '.join(news[:SHOWN])}")


def together(code: str, title: str, said: list[Said]) -> Verdict:
    """One verdict of a group; its first check speaks for it while all is in order."""
    worst = min(said, key=lambda one: SERIOUS[one.verdict]).verdict
    loud = [one for one in said if one.verdict == worst]
    speaking = loud[:1] if worst in ("ok", "unknown") else loud[:SHOWN]
    text = " ".join(one.explanation for one in speaking)
    if len(loud) > len(speaking) >= SHOWN:
        text += f" And {len(loud) - SHOWN} more."
    return Verdict(
        code, title, worst, text,
        examined=next((one.examined for one in (*loud, *said) if one.examined), ""),
        skipped="; ".join(one.skipped for one in said if one.skipped),
        fix=next((one.fix for one in loud if one.fix), None), checks=said,
    )  # fmt: skip


def some(things: list[str], most: int = 3, unnamed: int = 0) -> str:
    """“a, b and 2 more”; `unnamed` ones are more yet."""
    shown, more = ", ".join(things[:most]), max(len(things) - most, 0) + unnamed
    return f"{shown} and {more:,} more" if more else shown


def counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
