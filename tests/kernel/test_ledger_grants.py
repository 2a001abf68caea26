"""A role of its own for the application: it may append to the ledger, and do nothing else to it."""

import pgtrigger
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from itsm.kernel import ledger
from itsm.kernel.models import LedgerEntry, User
from tests.builders import make_ci

pytestmark = pytest.mark.django_db


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def application(system):
    """Signed in to the database as a role that is not the owner."""
    run("CREATE ROLE ledger_test_application")
    with transaction.atomic():
        ledger.append(actor=system, subject=make_ci("db-1"), decision="first")
    call_command("protect_ledger", role="ledger_test_application")
    run("SET LOCAL ROLE ledger_test_application")
    yield
    run("RESET ROLE")


def test_the_application_goes_on_deciding(application, system):
    entry = ledger.append(actor=system, subject=make_ci("db-2"), decision="second")
    assert ledger.verify() == ledger.Verdict(examined=2, upto=2)
    assert entry.sequence == 2
    assert User.objects.filter(pk=0).update(first_name="x") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_ledgerentry SET comment = 'x'",
        "DELETE FROM kernel_ledgerentry",
        "TRUNCATE kernel_ledgerentry",
        "ALTER TABLE kernel_ledgerentry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "UPDATE kernel_ledgercheckpoint SET hash = 'x'",
    ],
)
def test_the_database_refuses_it_everything_else(application, statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        run(statement)
    assert LedgerEntry.objects.get().comment == ""


def test_going_past_the_trigger_does_not_go_past_the_grant(application):
    with (
        pgtrigger.ignore("kernel.LedgerEntry:append_only"),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        LedgerEntry.objects.update(comment="x")


def test_an_owner_is_told_that_grants_do_not_bind_it():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    with pytest.raises(CommandError, match="grants do not bind it"):
        call_command("protect_ledger", role=owner)


def test_an_unknown_role_is_named():
    with pytest.raises(CommandError, match="There is no role 'nobody-here'"):
        call_command("protect_ledger", role="nobody-here")
