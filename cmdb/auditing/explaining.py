"""Which discrepancies need no answer: somebody lives with them for a time, or a change explains them."""

from collections.abc import Callable

from cmdb.models import Audit
from itsm.kernel.inserting import run

# What somebody chose to live with, and still does: the same thing again is no news. The latest word counts.
IGNORED = """
    UPDATE cmdb_discrepancy d SET state = 'resolved', resolution = 'ignored', reason = b.reason,
        ignored_until = b.ignored_until, resolved_by_id = b.resolved_by_id, resolved_at = b.resolved_at
    FROM (
        SELECT DISTINCT ON (n.id) n.id AS new_id, o.* FROM cmdb_discrepancy n JOIN cmdb_discrepancy o
            ON {same} AND o.resolution = 'ignored' AND o.ignored_until >= %(today)s AND o.audit_id < n.audit_id
            AND o.kind = n.kind AND o.field = n.field AND o.other_id IS NOT DISTINCT FROM n.other_id
            AND (n.kind <> 'different' OR o.found IS NOT DISTINCT FROM n.found)
        WHERE n.audit_id = %(audit)s AND n.state = 'open' ORDER BY n.id, o.id DESC
    ) b WHERE d.id = b.new_id
"""
OF_THE_CI = "o.ci_id = n.ci_id"
OF_NO_CI = """n.ci_id IS NULL AND o.ci_id IS NULL AND o.key = n.key
    AND (SELECT source FROM cmdb_audit a WHERE a.id = o.audit_id) = %(source)s"""

# Higher apps know what was changed: each marks the discrepancies of the audit that it explains, by one statement.
EXPLAINERS: list[Callable[[Audit], None]] = []


def explain(audit: Audit) -> None:
    said = {"audit": audit.pk, "source": audit.source, "today": audit.observed_at.date()}
    for same in (OF_THE_CI, OF_NO_CI):
        run(IGNORED.format(same=same), **said)
    for explains in EXPLAINERS:
        explains(audit)
