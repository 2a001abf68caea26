"""Which discrepancies of an audit an implemented change explains."""

from datetime import timedelta

from django.db import connection

from changes.models import ChangeRequest
from cmdb.models import Audit

# Longer ago, a change is no excuse for a record that was not brought up to date.
EXPLAINS_FOR = timedelta(days=30)
# It touched the CI, it was carried out in its window and not taken back, and that lies between the last verification
# of the CI and the moment at which it was seen. The latest explains it.
EXPLAIN = """
    UPDATE cmdb_discrepancy d SET state = 'authorised', explained_kind = %(kind)s, explained_id = x.change_id,
        explained_by = %(prefix)s || x.change_id
    FROM (
        SELECT DISTINCT ON (e.id) e.id, c.id AS change_id FROM (
            SELECT id, ci_id AS touched FROM cmdb_discrepancy
            WHERE audit_id = %(audit)s AND state = 'open' AND ci_id IS NOT NULL
            UNION ALL SELECT id, other_id FROM cmdb_discrepancy
            WHERE audit_id = %(audit)s AND state = 'open' AND other_id IS NOT NULL
        ) e JOIN cmdb_configurationitem ci ON ci.id = e.touched
            JOIN changes_affectedci a ON a.ci_id = e.touched JOIN changes_changerequest c ON c.id = a.change_id
        WHERE c.type <> 'unauthorised' AND c.started_at <= %(seen)s
            AND (c."window" IS NULL OR c."window" @> c.started_at)
            AND (c.finished_at IS NULL AND c.status = 'implementing' OR c.outcome IN ('successful', 'with_issues'))
            AND coalesce(c.finished_at, %(seen)s) >= greatest(ci.verified_at, %(since)s)
        ORDER BY e.id, c.started_at DESC, c.id DESC
    ) x WHERE d.id = x.id
"""


def by_changes(audit: Audit) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            EXPLAIN,
            {
                "audit": audit.pk,
                "kind": ChangeRequest._meta.label_lower,
                "prefix": f"{ChangeRequest.PREFIX}-",
                "seen": audit.observed_at,
                "since": audit.observed_at - EXPLAINS_FOR,
            },
        )
