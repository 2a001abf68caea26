"""Whether the owners of impacted services were heard about the plan as it is now."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from changes.fingerprint import fingerprint_among
from changes.models import ChangeTask, Consultation
from changes.queries.authorisations import Asked
from changes.queries.requests import Consulted
from cmdb.queries.surroundings import Surroundings


@dataclass(frozen=True)
class Hearing:
    """By the owner's id: what they said of this plan, and (in words) who is silent."""

    said: dict[int, Consulted]
    unheard: dict[int, str]
    awaited: dict[int, str]
    objections: dict[int, str]

    @property
    def facts(self) -> dict[str, list[str]]:
        return {
            "unheard": list(self.unheard.values()), "awaited": list(self.awaited.values()),
            "objections": list(self.objections.values()),
        }  # fmt: skip


def heard_on(change: Any, around: Surroundings, asked: list[Asked], tasks: Iterable[ChangeTask]) -> Hearing:
    """Of a change that was read `in_full`. Who asked for it or decided on it has spoken, too."""
    spoke = {who for one in asked for said in one.said for who in (said.by_id, said.for_id)} | {change.requested_by_id}
    consulted = {row["owner"]: Consulted.read(row) for row in change.consulted}
    said: dict[int, Consulted] = {}
    if any(one.view for one in consulted.values()):
        present = fingerprint_among(change, tasks, change.touched_ids, change.service_ids, people=False)
        said = {who: one for who, one in consulted.items() if one.view and one.fingerprint == present}
    silent = {owner: words for owner, words in around.owners if owner not in spoke and owner not in said}
    waits = {owner for owner, one in consulted.items() if not one.view}
    return Hearing(
        said,
        unheard={owner: words for owner, words in silent.items() if owner not in waits},
        awaited={owner: words for owner, words in silent.items() if owner in waits},
        objections={
            owner: f"{words}, objects: {said[owner].comment}"
            for owner, words in around.owners
            if owner in said and said[owner].view == Consultation.View.OBJECTION
        },
    )
