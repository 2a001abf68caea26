from itsm.kernel.errors import DomainError


class BackupProblem(DomainError):
    code = "backup_failed"
