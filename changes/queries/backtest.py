"""What a version of a policy would have asked for the changes of the past, beside what was asked.

By sets: changes are read by the thousand with all that a rule may ask about, however many there are.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from changes.models import Authorisation, ChangeRequest, Policy
from changes.policy import Ruling, facts_asked, rule_on
from changes.queries import success
from changes.queries.facts import facts_from
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.roles import Role

MOST = 50_000
KEPT = 200
A_READ = 1000
USUAL = timedelta(days=90)
WENT_WRONG = (ChangeRequest.Outcome.FAILED, ChangeRequest.Outcome.BACKED_OUT)
Place = tuple[str, str, int]  # role, point, quorum


@dataclass(frozen=True)
class Difference:
    """A change for which something else would have been asked; `kind` says in which direction."""

    change: ChangeRequest
    kind: str
    was: list[str]
    would: list[str]
    rule: str
    minutes: int


@dataclass
class Backtest:
    """`let_through` and `stopped` count changes that failed or were backed out: asked less of, or more."""

    policy: Policy
    since: datetime
    until: datetime
    examined: int = 0
    imported: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    let_through: int = 0
    stopped: int = 0
    minutes_saved: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def different(self) -> int:
        return self.kinds.total()


def backtest(
    policy: Policy, *, since: datetime | None, until: datetime | None, actor: Actor, now: datetime
) -> Backtest:
    """Over the changes of this policy's models that were submitted in [since, until). Raises InvalidInput.

    Pre-authorised models ask no policy when they are submitted, so their changes are no part of it.
    """
    until = until or now
    found = Backtest(policy, since or until - USUAL, until)
    if found.since >= found.until:
        raise InvalidInput.at("until", "It must end after it begins.")
    changes = _changes(policy, found, actor)
    if (count := changes.count()) > MOST:
        raise InvalidInput.at("since", f"These are {count:,} changes; at most {MOST:,} are looked at. Take less time.")
    in_force = Policy.objects.filter(name=policy.name, state=Policy.State.IN_FORCE).first()
    asked = facts_asked([*policy.rules, *(in_force.rules if in_force else [])])
    for lot in _lots(_read(changes)):
        records = success.records_of({one.pk: one.handed_in for one in lot}) if success.asks_for_it(asked) else {}
        for change in lot:
            _look(found, change, in_force, records.get(change.pk, {}))
    return found


def _lots(changes: Iterator[Any]) -> Iterator[list[Any]]:
    """As many at once as are read at once."""
    while lot := list(islice(changes, A_READ)):
        yield lot


def _changes(policy: Policy, found: Backtest, actor: Actor) -> QuerySet[ChangeRequest]:
    changes: QuerySet[ChangeRequest] = ChangeRequest.objects.visible_to(actor)
    asked = Q(submitted_at__isnull=False) | ~Q(source="")
    handed_in = changes.annotate(handed_in=Coalesce("submitted_at", "created_at")).filter(asked)
    span = {"handed_in__gte": found.since, "handed_in__lt": found.until}
    return handed_in.filter(model__policy_name=policy.name, model__pre_authorised=False, **span)


def _read(changes: QuerySet[ChangeRequest]) -> Iterator[ChangeRequest]:
    """With the highest criticality of what each touches, its services, and what was asked of whom."""
    of_cis = (
        ConfigurationItem.objects.filter(affected_by__change=OuterRef("pk")).order_by().values("affected_by__change")
    )
    of_services = Service.objects.filter(changes=OuterRef("pk")).order_by().values("changes")
    most = Greatest(
        Coalesce(Subquery(of_cis.annotate(most=Max("criticality")).values("most")), 0),
        Coalesce(Subquery(of_services.annotate(most=Max("ci__criticality")).values("most")), 0),
    )
    # Each by its own index: an OR over both ways reads all that was ever touched, for each change anew.
    touched = ConfigurationItem.objects.filter(affected_by__change=OuterRef("pk"))
    about = ConfigurationItem.objects.filter(service__changes=OuterRef("pk"))
    where, about_where = (
        ArraySubquery(cis.order_by("environment").values("environment").distinct()) for cis in (touched, about)
    )
    asked = Authorisation.objects.exclude(state=Authorisation.State.FALLEN).order_by("pk")
    read = changes.annotate(criticality=most, where=where, about_where=about_where)
    read = read.select_related("model").order_by("pk")
    yield from read.prefetch_related("services", Prefetch("authorisations", asked, to_attr="asked")).iterator(A_READ)


def _look(found: Backtest, change: Any, in_force: Policy | None, record: dict[str, Any]) -> None:
    slugs = [service.slug for service in change.services.all()]
    facts = facts_from(change, change.criticality, slugs, [*change.where, *change.about_where]) | record
    ruling = rule_on(found.policy.rules, facts)
    was = {(one.role, one.point, one.quorum) for one in change.asked}
    if not was and change.source and in_force is not None:  # its history was imported: nobody was asked here
        was, found.imported = _places(rule_on(in_force.rules, facts)), found.imported + 1
    found.examined += 1
    would = _places(ruling)
    if was == would and ruling.decision == "ask":
        return
    kind = _kind(was, would, ruling)
    if kind == "same":
        return
    minutes = _minutes(change.asked, would) if kind in ("less", "devolved") else 0
    found.kinds[kind] += 1
    found.minutes_saved += minutes
    if change.outcome in WENT_WRONG:
        found.let_through += kind in ("less", "devolved")
        found.stopped += kind in ("more", "refused")
    if len(found.differences) < KEPT:
        found.differences.append(Difference(change, kind, _told(was), _told(would), ruling.rule, minutes))


def _places(ruling: Ruling) -> set[Place]:
    return {(one.role, one.point, one.quorum) for one in ruling.require}


def _kind(was: set[Place], would: set[Place], ruling: Ruling) -> str:
    if ruling.decision == "refuse":
        return "refused"
    if ruling.decision == "authorise":
        return "devolved" if was else "same"
    if would > was:
        return "more"
    return "less" if would < was else "other"


def _minutes(asked: list[Authorisation], would: set[Place]) -> int:
    """How much sooner the last answer would have been there, had nobody but these been asked."""
    waited = [(_waited(one), (one.role, one.point, one.quorum) in would) for one in asked if one.decided_at]
    last = max((minutes for minutes, _ in waited), default=0)
    return last - max((minutes for minutes, still in waited if still), default=0)


def _waited(one: Authorisation) -> int:
    return int((one.decided_at - one.asked_at).total_seconds() // 60) if one.decided_at else 0


def _told(places: set[Place]) -> list[str]:
    """In words, as the page of the policy and its test bench say it."""
    return sorted(
        f"{f'{quorum} × ' if quorum > 1 else ''}{Role(role).label} {Authorisation.Point(point).label}"
        for role, point, quorum in places
    )
