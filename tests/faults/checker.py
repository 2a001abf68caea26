"""Compares what clients were told with what is there."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.faults.site import Site

# Where an effect of each kind must stand, and the event that tells of it: (rows by key, event, subject's id).
ROWS = {
    "post": "SELECT title, id FROM changes_changerequest WHERE title LIKE %s",
    "decide": "SELECT comment, authorisation_id FROM changes_decision WHERE comment LIKE %s",
    "ledger": "SELECT comment, sequence FROM kernel_ledgerentry WHERE comment LIKE %s",
}
EVENTS = {"post": "changes.change_request.drafted", "decide": "changes.authorisation.decided"}
EFFECTS = """
    SELECT event.id, count(effect.id) FROM kernel_outboxevent event
    LEFT JOIN fault_effects effect ON effect.event_id = event.id WHERE event.id > %s GROUP BY event.id
"""
OVERTAKEN = """
    SELECT count(*) FROM (
        SELECT event_id, lag(event_id) OVER (PARTITION BY subject_type, subject_id ORDER BY id) AS before
        FROM fault_effects WHERE event_id > %s
    ) AS told WHERE before > event_id
"""


@dataclass
class Report:
    acknowledged: int = 0
    found: int = 0
    unknown: int = 0
    events: int = 0
    missing: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    refused_but_done: list[str] = field(default_factory=list)
    without_effect: list[str] = field(default_factory=list)
    effects_doubled: list[str] = field(default_factory=list)
    overtaken: int = 0
    chain: str = ""

    @property
    def is_clean(self) -> bool:
        wrong = [
            *self.missing, *self.doubled, *self.refused_but_done, *self.without_effect, *self.effects_doubled,
        ]  # fmt: skip
        return not wrong and not self.overtaken and "all in order" in self.chain

    def __str__(self) -> str:
        return (
            f"acknowledged {self.acknowledged}, found {self.found}, missing {len(self.missing)}, "
            f"doubled {len(self.doubled)}, refused but done {len(self.refused_but_done)}, unknown {self.unknown}; "
            f"events {self.events}, without effect {len(self.without_effect)}, "
            f"effects doubled {len(self.effects_doubled)}, overtaken {self.overtaken}; ledger: {self.chain.strip()}"
        )


def check(site: Site, said: dict[str, dict[str, Any]], name: str, after_event: int) -> Report:
    report = Report(chain=site.run("manage.py", "verify_ledger"))
    there = {kind: site.rows(statement, f"{name}-%") for kind, statement in ROWS.items()}
    counted = {kind: Counter(key for key, _ in rows) for kind, rows in there.items()}
    effects = Counter(site.rows("SELECT name, subject_id FROM fault_effects"))
    for key, word in said.items():
        _check_word(report, key, word, counted)
    for kind, event in EVENTS.items():
        for key, subject in there[kind]:
            _check_effect(report, key, effects[event, subject])
    for event, count in site.rows(EFFECTS, after_event):
        report.events += 1
        _check_effect(report, f"event {event}", count)
    report.overtaken = site.rows(OVERTAKEN, after_event)[0][0]
    return report


def _check_word(report: Report, key: str, word: dict[str, Any], counted: dict[str, Counter[str]]) -> None:
    kinds = ["decide", "ledger"] if word["kind"] == "decide" else ["post"]
    counts = [counted[kind][key] for kind in kinds]
    if max(counts) > 1:
        report.doubled.append(key)
    if word["told"] == "done":
        report.acknowledged += 1
        report.found += min(counts) >= 1
        if min(counts) < 1:
            report.missing.append(key)
    elif word["told"] == "refused" and max(counts):
        report.refused_but_done.append(key)
    elif word["told"] not in ("done", "refused"):
        report.unknown += 1


def _check_effect(report: Report, what: str, count: int) -> None:
    if count == 0:
        report.without_effect.append(what)
    elif count > 1:
        report.effects_doubled.append(what)
