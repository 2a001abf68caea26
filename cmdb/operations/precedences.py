"""Say whose word counts: rules of precedence."""

from collections.abc import Iterable

from cmdb import rules
from cmdb.models import CIClass, ConfigurationItem, SourcePrecedence
from cmdb.models.reconciliation import ATTRIBUTE, FIELDS
from cmdb.reconciling import conflicts
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.uniqueness import unique

MOST_SOURCES = 50


@operation
def create(
    *,
    sources: Iterable[str],
    actor: Actor,
    field: str = "",
    ci: ConfigurationItem | None = None,
    ci_class: CIClass | None = None,
) -> SourcePrecedence:
    """For one CI, for a class with those below it, or for every CI. It holds from the next word of a source on."""
    require(rules.may_reconcile, actor)
    return _save(SourcePrecedence(ci=ci, ci_class=ci_class), field, sources, actor)


@operation
def update(
    *, precedence_id: int, actor: Actor, sources: Iterable[str] | None = None, field: str | None = None
) -> SourcePrecedence:
    rule = SourcePrecedence.objects.lock(precedence_id)
    require(rules.may_reconcile, actor, rule)
    return _save(rule, rule.field if field is None else field, rule.sources if sources is None else sources, actor)


@operation
def remove(*, precedence_id: int, actor: Actor) -> None:
    """What it decided stays as it is; what sources say differently from now on is a conflict again."""
    rule = SourcePrecedence.objects.lock(precedence_id)
    require(rules.may_reconcile, actor, rule)
    events.record("cmdb.precedence.removed", rule, actor=actor)
    rule.delete()


def _save(rule: SourcePrecedence, field: str, sources: Iterable[str], actor: Actor) -> SourcePrecedence:
    rule.field, rule.sources = check_field(field, may_be_empty=True), check_sources(sources)
    if rule.ci is not None and rule.ci_class is not None:
        raise InvalidInput.at("ci_class", "A rule is for one CI or for a class, not for both.")
    with unique("field", f"There is a rule for {rule.field_label.lower()} of {rule.scope} already. Change that one."):
        rule.save()
    # What it settles of the open conflicts is seen at the next look; those of one CI at once.
    if rule.ci_id is not None:
        conflicts.look([rule.ci_id])
    events.record("cmdb.precedence.saved", rule, actor=actor)
    return rule


def check_field(field: str, *, may_be_empty: bool = False) -> str:
    field = field.strip()
    named = field in FIELDS or (field.startswith(ATTRIBUTE) and len(field) > len(ATTRIBUTE))
    if not named and (field or not may_be_empty):
        raise InvalidInput.at("field", f"{field!r} is none of {', '.join(FIELDS)} and attributes.NAME.")
    return field


def check_sources(sources: Iterable[str]) -> list[str]:
    named = list(dict.fromkeys(source.strip() for source in sources if source.strip()))
    if not named or len(named) > MOST_SOURCES:
        raise InvalidInput.at("sources", f"Name the sources, the one that counts first: 1 to {MOST_SOURCES} of them.")
    if wrong := next((source for source in named if len(source) > 60 or ":" in source), None):
        raise InvalidInput.at("sources", f"{wrong[:70]!r} is no source: at most 60 characters, without a colon.")
    return named
