"""What the application's own database role may do, where it is not the owner of the tables.

A trigger can be switched off by the tables' owner, and pgtrigger's are passed over by whoever asks for it;
a grant binds every role but the owner. Run once as the owner, and again after each upgrade's migrations.
"""

from django.db import connection, transaction
from psycopg2 import sql

from itsm.kernel.errors import DomainError
from itsm.kernel.models import LedgerCheckpoint, LedgerEntry

INSERT_ONLY = (LedgerEntry._meta.db_table, LedgerCheckpoint._meta.db_table)
EVERYWHERE = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)
ON_THE_LEDGER = (
    "REVOKE ALL ON TABLE {table} FROM {role}",
    "REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER ON TABLE {table} FROM PUBLIC",
    "GRANT SELECT, INSERT ON TABLE {table} TO {role}",
)


class UnknownRole(DomainError):
    code = "unknown_role"


class RoleIsOwner(DomainError):
    code = "role_is_owner"


@transaction.atomic
def protect(role: str) -> None:
    """Open all tables to the role, and the ledger's for reading and appending only. Raises UnknownRole, RoleIsOwner."""
    with connection.cursor() as cursor:
        _check(cursor, role)
        cursor.execute("SELECT current_schema()")
        names = {"schema": sql.Identifier(cursor.fetchone()[0]), "role": sql.Identifier(role)}
        for statement in EVERYWHERE:
            cursor.execute(sql.SQL(statement).format(**names))
        for table in INSERT_ONLY:
            for statement in ON_THE_LEDGER:
                cursor.execute(sql.SQL(statement).format(table=sql.Identifier(table), **names))


def _check(cursor, role: str) -> None:  # type: ignore[no-untyped-def]
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
    found = cursor.fetchone()
    if found is None:
        raise UnknownRole(f"There is no role {role!r}. Make it first: CREATE ROLE \"{role}\" LOGIN PASSWORD '…'")
    cursor.execute(
        "SELECT pg_has_role(%s, tableowner, 'MEMBER') FROM pg_tables WHERE tablename = ANY(%s)",
        [role, list(INSERT_ONLY)],
    )
    if found[0] or any(may for (may,) in cursor.fetchall()):
        raise RoleIsOwner(
            f"{role!r} owns the ledger's tables, or may act as their owner: grants do not bind it. "
            "Run migrations as one role and the application as another; docs/operations.md says how."
        )
