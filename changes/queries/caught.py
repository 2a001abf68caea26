"""What the basics caught: each check's words against how the changes ended, and against what reviews found."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q

from changes.basics import title_of
from changes.models import BasicsCheck, ChangeRequest
from changes.queries.ended import ended_in
from changes.reviewing import FORESEEABLE, WRONG
from itsm.kernel.measures import Scope, share

SAID = ("ok", "warn", "block", "unknown", "waived")
LATEST = 20
ENOUGH = 20  # words of a kind, before anything is made of them


@dataclass
class Caught:
    """One check: how many changes it said what of, how these ended, and what it foresaw of the causes found later."""

    code: str
    group: str
    said: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)  # of these, how many were backed out or failed
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    foreseen: int = 0
    missed: int = 0

    @property
    def title(self) -> str:
        return title_of(self.code)

    @property
    def examined(self) -> int:
        return self.said.total()

    @property
    def doubted(self) -> int:
        """Of how many changes it did not say that all was in order."""
        return self.examined - self.said["ok"]

    @property
    def wrong_when_ok(self) -> float | None:
        return share(self.wrong["ok"], self.said["ok"])

    @property
    def wrong_when_doubted(self) -> float | None:
        return share(self.wrong.total() - self.wrong["ok"], self.doubted)

    @property
    def worth(self) -> str:
        """`blind`: it missed more than it foresaw of what it should see; `tells`: more goes wrong where it doubts;
        `says_nothing`: not so; `never_doubts`: it never warned; `too_few` to know."""
        if self.missed > self.foreseen:
            return "blind"
        if self.examined >= ENOUGH and not self.doubted:
            return "never_doubts"
        if self.doubted >= ENOUGH and not self.wrong_when_doubted:
            return "says_nothing"
        if self.doubted < ENOUGH or self.said["ok"] < ENOUGH:
            return "too_few"
        return "tells" if (self.wrong_when_doubted or 0) > (self.wrong_when_ok or 0) else "says_nothing"


@dataclass(frozen=True)
class Unforeseen:
    """Of the examined changes those that went wrong, and of these the latest that no check had doubted."""

    wrong: int
    without_a_word: int
    latest: list[ChangeRequest]


def unforeseen_in(scope: Scope) -> Unforeseen:
    """Two queries, however many went wrong."""
    said = BasicsCheck.objects.filter(change=OuterRef("pk"))
    wrong = ended_in(scope).filter(Exists(said), outcome__in=WRONG)
    unseen = wrong.exclude(Exists(said.exclude(verdict="ok")))
    counts = wrong.order_by().aggregate(
        wrong=Count("pk", distinct=True), unseen=Count("pk", distinct=True, filter=Q(pk__in=unseen.values("pk")))
    )
    return Unforeseen(counts["wrong"], counts["unseen"], list(unseen.order_by("-finished_at", "-pk")[:LATEST]))


def caught_in(scope: Scope) -> list[Caught]:
    """Over the changes that ended in the time; one query, whose rows are kinds of changes and not changes."""
    ended = ended_in(scope).exclude(outcome="")
    doubting = BasicsCheck.objects.filter(change=OuterRef("change"), group=OuterRef("group")).exclude(verdict="ok")
    rows = (
        BasicsCheck.objects.filter(change__in=ended.values("pk"))
        .annotate(doubted=Exists(doubting))
        .values("code", "group", "verdict", "waived", "doubted", "change__outcome", "change__review__causes")
        .annotate(changes=Count("pk"))
        .order_by("group", "code")
    )
    found: dict[str, Caught] = {}
    for row in rows:
        check = found.setdefault(row["code"], Caught(row["code"], row["group"]))
        word = "waived" if row["waived"] and row["verdict"] != "ok" else row["verdict"]
        _count(check, word, row["change__outcome"], row["changes"])
        if any(FORESEEABLE.get(cause) == check.group for cause in row["change__review__causes"] or ()):
            check.foreseen += row["changes"] if word != "ok" else 0
            check.missed += row["changes"] if not row["doubted"] else 0
    return list(found.values())


def _count(check: Caught, word: str, outcome: str, changes: int) -> None:
    check.said[word] += changes
    check.outcomes.setdefault(word, Counter())[outcome] += changes
    if outcome in WRONG:
        check.wrong[word] += changes
