"""Backup and restore of everything, with PostgreSQL's own programs, and proof that the ledger is whole.

Beside a dump lie `.sha256` (as `sha256sum --check` reads it) and `.checkpoint.json` (as `verify_ledger` reads it).
"""

from itsm.kernel.backup.dumping import Backup, back_up
from itsm.kernel.backup.problem import BackupProblem
from itsm.kernel.backup.restoring import Restored, restore

__all__ = ["Backup", "BackupProblem", "Restored", "back_up", "restore"]
