"""A change that a deployment came with is known to people by the deployment."""

from cmdb.models import Audit
from itsm.kernel.inserting import run

DEPLOYED = """
    UPDATE cmdb_discrepancy d SET explained_kind = 'transition.deployment', explained_id = p.id,
        explained_by = 'DEP-' || p.id
    FROM transition_deployment p WHERE d.audit_id = %(audit)s AND d.explained_kind = 'changes.changerequest'
        AND p.change_id = d.explained_id
"""


def by_deployments(audit: Audit) -> None:
    """After the changes have explained theirs."""
    run(DEPLOYED, audit=audit.pk)
