"""Take baselines: by hand, and by the program before something is altered."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

from cmdb import rules
from cmdb.models import Baseline, ConfigurationItem, Service
from cmdb.queries import selection
from cmdb.queries.states import CIS, STATE, ids_of
from itsm.kernel import events, history
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

ITEMS = f"""
    INSERT INTO cmdb_baselineitem (baseline_id, ci_id, state)
    SELECT %s, ci.id, {STATE} FROM {CIS} WHERE ci.id IN ({{ids}})
"""  # noqa: S608  # noqa: S608
# What starts at one of the CIs, and what only ends at one: each by an index of its own.
RELATIONS = """
    INSERT INTO cmdb_baselinerelation (baseline_id, source_id, type, target_id, source_name, target_name)
    SELECT %(id)s, r.source_id, r.type, r.target_id, s.name, t.name FROM (
        SELECT r.source_id, r.type, r.target_id FROM cmdb_relation r
        JOIN cmdb_baselineitem i ON i.baseline_id = %(id)s AND i.ci_id = r.source_id
        UNION
        SELECT r.source_id, r.type, r.target_id FROM cmdb_relation r
        JOIN cmdb_baselineitem i ON i.baseline_id = %(id)s AND i.ci_id = r.target_id
    ) r JOIN cmdb_configurationitem s ON s.id = r.source_id JOIN cmdb_configurationitem t ON t.id = r.target_id
"""


class NothingToKeep(DomainError):
    code = "nothing_to_keep"


@operation
def take(
    *, name: str, actor: Actor, now: datetime, service: Service | None = None, query: str | None = None, note: str = ""
) -> Baseline:
    """Keep how a service, or what a filter of the list of CIs finds, stands now."""
    require(rules.may_take_baseline, actor, service)
    if (service is None) == (query is None):
        raise InvalidInput.at("service", "Name a service, or give a query; one of the two.")
    if service is not None:
        return _taken(
            selection.of_service(service), actor, now, name=name, note=note,
            scope=Baseline.Scope.SERVICE, service=service,
        )  # fmt: skip
    asked = selection.tidy(query or "")
    found = selection.of_query(asked)
    return _taken(found, actor, now, name=name, note=note, scope=Baseline.Scope.QUERY, query=asked)


@operation
def take_before(
    *, record: Model, name: str, cis: QuerySet[ConfigurationItem], actor: Actor, now: datetime
) -> Baseline | None:
    """Keep how the CIs stand that a change or a release is about to alter; once for each, and not for none.

    It belongs to the operation that alters them, which has asked the rights and shares its transaction:
    what is kept is what stood before, whatever happens a moment later.
    """
    label = record._meta.label_lower
    if Baseline.objects.filter(of_kind=label, of_id=record.pk).exists():
        return None
    with history.because(record):
        try:
            return _taken(
                cis, actor, now, name=name[:200], scope=Baseline.Scope.RECORD, of_kind=label, of_id=record.pk,
                of_number=getattr(record, "number", ""), automatic=True,
            )  # fmt: skip
        except NothingToKeep:
            return None


def _taken(cis: QuerySet[ConfigurationItem], actor: Actor, now: datetime, **about: Any) -> Baseline:
    """The content first and then its baseline: from then on the database lets nothing be added."""
    ids, params = ids_of(cis)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('cmdb_baseline', 'id'))")
        pk = cursor.fetchone()[0]
        cursor.execute(ITEMS.format(ids=ids), [pk, *params])
        items = cursor.rowcount
        if not items:
            raise NothingToKeep("No CI fits; a baseline of nothing would say nothing. Widen the filter.")
        cursor.execute(RELATIONS, {"id": pk})
        relations = cursor.rowcount
    baseline = Baseline(
        pk=pk, taken_at=now, taken_by=actor.user, ci_count=items, relation_count=relations, **about
    )  # fmt: skip
    baseline.save(force_insert=True)
    events.record("cmdb.baseline.taken", baseline, actor=actor, cis=items)
    return baseline
