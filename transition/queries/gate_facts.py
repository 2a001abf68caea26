"""What a policy may ask the gate besides the evidence: each fact is looked up when a rule asks it, and once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from changes.models import ChangeModel, ChangeRequest
from changes.policy import Fact
from changes.queries.collisions import collisions_in
from changes.queries.nearby import Scope
from cmdb.models import Service
from knowledge.queries.coverage import coverage_of
from transition.models import Deployment, Requirement
from transition.queries.gate import Standing
from transition.queries.records import DAYS, Record, record_of

LATELY = timedelta(days=30)
SHOWN = 3


@dataclass(frozen=True)
class Question:
    """What somebody wants to deploy, where and when."""

    deployment: Deployment
    requirements: list[Requirement]
    window: tuple[datetime, datetime]
    standing: Standing
    records: dict[int, Record] = field(default_factory=dict)

    def record(self, days: int = DAYS) -> Record:
        """How the service's deployments went in so many days; looked up once."""
        if days not in self.records:
            self.records[days] = record_of(self.service.pk, self.now, days)
        return self.records[days]

    @property
    def service(self) -> Service:
        return self.standing.service

    @property
    def now(self) -> datetime:
        return self.window[0]


Look = Callable[[Question], Fact]


@dataclass
class Facts(Mapping[str, Any]):
    """The world's facts and the evidence's, by name; what nobody asks for costs nothing.

    What the program knows itself no pipeline can tell it: evidence of that name counts for nothing.
    """

    question: Question
    evidence: Mapping[str, Any]
    more: Mapping[str, Callable[[], Fact]] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name not in self.known:
            self.known[name] = self._found(name)
        return self.known[name]

    def _found(self, name: str) -> Any:
        family, _, rest = name.partition(".")
        if name in self.more:
            return self.more[name]()
        if name in WORLD:
            return WORLD[name](self.question)
        if family in FAMILIES and rest:
            return FAMILIES[family](self.question, rest)
        if name in self.evidence:
            return _shown(rest, self.evidence[name])
        if f"{family}.*" in self.evidence:
            return self.evidence[f"{family}.*"]
        if rest:
            return self._not_shown(family, rest)
        raise KeyError(name)

    def _not_shown(self, family: str, rest: str) -> Fact:
        if f"{family}.pieces" in self.evidence:
            return Fact(None, f"the evidence of the kind {family} says nothing of “{rest}”", "Send it along.")
        return Fact(None, f"no evidence of the kind {family} was sent", "Send it with the question.")

    def __iter__(self) -> Iterator[str]:
        return iter({*self.evidence, *self.more, *WORLD})

    def __len__(self) -> int:
        return len({*self.evidence, *self.more, *WORLD})


def _shown(figure: str, value: Any) -> Any:
    """Evidence in words: 812 passed; verified: yes."""
    named = figure.replace("_", " ")
    if isinstance(value, bool):
        return Fact(value, f"{named}: {'yes' if value else 'no'}")
    return Fact(value, f"{value} {named}") if isinstance(value, int | float) else value


def _some(names: list[str], none: str) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown or none


def _freezes(asked: Question) -> Fact:
    found = asked.standing.freezes
    return Fact(len(found), _some(found, "no freeze"), "Wait for its end, or have an exception made.")


def _critical_gaps(asked: Question) -> Fact:
    found = asked.standing.critical_gaps
    return Fact(len(found), _some(found, "no critical gap"), "Close the gap, or have its risk accepted.")


def _open_gaps(asked: Question) -> Fact:
    found = asked.standing.gaps
    return Fact(len(found), _some(found, "no open gap"), "Close the gaps, or have their risk accepted.")


def _knowledge(asked: Question) -> Fact:
    """Over no requirement nothing can be said: that is unknown, not in place."""
    about = [r for r in asked.requirements if r.kind == Requirement.Kind.FUNCTIONAL]
    if not about:
        return Fact(None, "no functional requirement was named, so no article was looked for", "Name what it brings.")
    covered = coverage_of([r.ci_id for r in about], today=asked.now.date())
    lacking = [r.code for r in about if covered[r.ci_id].state not in ("published", "stale")]
    said = (
        f"without a published article: {_some(lacking, '')}" if lacking else f"{len(about)} of {len(about)} described"
    )
    return Fact(len(lacking), said, "Write the article and have it tested.")


def _collisions(asked: Question) -> Fact:
    scope = Scope(cis=frozenset({asked.service.ci_id}), services=frozenset({asked.service.pk}))
    report = collisions_in(scope, *asked.window, names={asked.service.ci_id: asked.service.ci.name})
    found = [str(getattr(one.what, "display", one.what)) for one in report.found if one.kind != "freeze"]
    seen = ", ".join(f"{count} {name}" for name, count in report.examined.items())
    return Fact(len(found), _some(found, f"nothing among {seen}"), "Wait until it is over, or agree with its owner.")


def _major_incidents(asked: Question) -> Fact:
    found = asked.standing.major_incidents
    return Fact(
        len(found), _some(found, "no open major incident"), "Resolve it first, or deploy its remedy by a change."
    )


def _unauthorised(asked: Question) -> Fact:
    found = ChangeRequest.objects.filter(
        services=asked.service, type=ChangeModel.Type.UNAUTHORISED, discovery__found_at__gt=asked.now - LATELY
    ).order_by("-pk")  # fmt: skip
    numbers = [f"RFC-{pk}" for pk in found.values_list("pk", flat=True)[:20]]
    return Fact(len(numbers), _some(numbers, "none in 30 days"), "Review what was done without authorisation.")


def _failure_percent(asked: Question) -> Fact:
    record = asked.record()
    return Fact(record.failed_percent, record.sentence, "Let the service settle, and review the failures.")


def _plain(value: Callable[[Question], Any]) -> Look:
    return lambda asked: Fact(value(asked))


WORLD: dict[str, Look] = {
    "environment": _plain(lambda asked: asked.deployment.environment),
    "service": _plain(lambda asked: asked.service.slug),
    "service_status": _plain(lambda asked: asked.service.status),
    "criticality": _plain(lambda asked: asked.service.ci.criticality),
    "stream_state": _plain(lambda asked: asked.standing.stream.state if asked.standing.stream else None),
    "requirements": _plain(lambda asked: len(asked.requirements)),
    "commits": _plain(lambda asked: len(asked.deployment.commits)),
    "artifact.named_by_digest": _plain(lambda asked: bool(asked.deployment.artifact_digest)),
    "freezes": _freezes,
    "critical_gaps": _critical_gaps,
    "open_gaps": _open_gaps,
    "knowledge_missing": _knowledge,
    "collisions": _collisions,
    "major_incidents": _major_incidents,
    "unauthorised_changes": _unauthorised,
    "change_failure_percent": _failure_percent,
}


def _deployed(asked: Question, environment: str) -> Fact:
    """Whether this very artifact, by digest, was put there with success."""
    digest = asked.deployment.artifact_digest
    if not digest:
        return Fact(None, "no artifact digest was named, so nothing can be compared", "Name `artifact_digest`.")
    there = Deployment.objects.filter(
        service=asked.service, environment=environment, artifact_digest=digest, state=Deployment.State.SUCCEEDED
    )
    found = there.order_by("-pk").first()
    if found is None:
        return Fact(False, f"never deployed to {environment} with success: {digest[:19]}…",
                    f"Deploy this artifact to {environment} first.")  # fmt: skip
    return Fact(True, f"{found.number} put it there on {found.finished_at:%Y-%m-%d %H:%M} UTC")


def _record(asked: Question, figure: str) -> Fact:
    record = asked.record()
    if figure not in Record.FIGURES:
        return Fact(None, f"the record has no figure {figure}; known are {', '.join(Record.FIGURES)}")
    return Fact(getattr(record, figure), record.sentence, "Deploy with people's authorisation until the record holds.")


FAMILIES: dict[str, Callable[[Question, str], Fact]] = {"deployed": _deployed, "record": _record}
