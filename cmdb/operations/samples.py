"""Draw CIs by lot, answer whether their records are true, close the sample."""

from datetime import date, datetime

from cmdb import rules
from cmdb.models import ConfigurationItem, Sample, SampledCI
from cmdb.operations import verification
from cmdb.queries import selection
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, IllegalMove, InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

MOST = 500
LIVE = "status=live"
Verdict = SampledCI.Verdict


class NothingToDraw(DomainError):
    code = "nothing_to_draw"


class AlreadyAnswered(DomainError):
    code = "already_answered"


@operation
def draw(*, name: str, size: int, due_on: date, actor: Actor, now: datetime, query: str = "") -> Sample:
    """By lot: each CI that the filter finds is as likely as any other. Each is sent to whoever answers for it."""
    require(rules.may_audit, actor)
    if not 1 <= size <= MOST:
        raise InvalidInput.at("size", f"Draw at least one CI and at most {MOST}.")
    if due_on <= now.date():
        raise InvalidInput.at("due_on", "Choose a day to come.")
    query = selection.tidy(query)
    found = selection.of_query(query or LIVE).order_by()
    population = found.count()
    if not population:
        raise NothingToDraw("There is no CI to draw from. Give another filter.")
    sample = Sample.objects.create(
        name=name, query=query, population=population, due_on=due_on, drawn_at=now, requested_by=actor.user
    )
    drawn = list(found.select_related("owner", "support_team__lead").order_by("?")[:size])
    SampledCI.objects.bulk_create(SampledCI(sample=sample, ci=ci, asked=_answers_for(ci)) for ci in drawn)
    events.record("cmdb.sample.drawn", sample, actor=actor, size=len(drawn), population=population)
    return sample


def _answers_for(ci: ConfigurationItem) -> User | None:
    """Its owner, else the lead of the team that supports it; nobody stands for the configuration managers."""
    lead = ci.support_team.lead if ci.support_team else None
    return next((who for who in (ci.owner, lead) if who is not None and who.is_active and not who.is_machine), None)


@operation
def answer(*, sampled_id: int, verdict: str, actor: Actor, now: datetime, note: str = "") -> SampledCI:
    """Say whether the record is true, which verifies the CI, or what is wrong with it."""
    sampled = SampledCI.objects.select_related("sample", "ci").lock(sampled_id)
    require(rules.may_answer_sample, actor, sampled)
    if sampled.sample.state != Sample.State.OPEN:
        raise IllegalMove(f"{sampled.sample} is closed; nobody counts answers any more.")
    if sampled.verdict:
        raise AlreadyAnswered(f"{sampled.ci} was answered already.")
    if verdict not in (Verdict.TRUE, Verdict.WRONG):
        raise InvalidInput.at("verdict", f"Say {Verdict.TRUE} or {Verdict.WRONG}.")
    if verdict == Verdict.WRONG and not note.strip():
        raise InvalidInput.at("note", "Say what is wrong, so that somebody can mend it.")
    sampled.verdict, sampled.note, sampled.answered_by, sampled.answered_at = verdict, note, actor.user, now
    sampled.save(update_fields=["verdict", "note", "answered_by", "answered_at"])
    if verdict == Verdict.TRUE:
        ci = ConfigurationItem.objects.filter(pk=sampled.ci_id)
        verification.verify_found(cis=ci, actor=actor, at=now)
    events.record("cmdb.sampled_ci.answered", sampled, actor=actor, verdict=verdict)
    return sampled


@operation
def close(*, sample_id: int, actor: Actor, now: datetime) -> Sample:
    """What was not answered until now does not count."""
    sample = Sample.objects.lock(sample_id)
    require(rules.may_audit, actor, sample)
    Sample.LIFECYCLE.move(sample, to=Sample.State.CLOSED)
    sample.closed_at = now
    sample.save(update_fields=["state", "closed_at"])
    events.record("cmdb.sample.closed", sample, actor=actor)
    return sample
