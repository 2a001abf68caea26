"""The ledger: append-only, chained, and honest about tampering."""

import pytest
from django.db import InternalError, connection, transaction

from itsm.kernel import ledger
from itsm.kernel.models import LedgerEntry
from tests.builders import make_ci

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(system):
    ci = make_ci("db-1")
    with transaction.atomic():
        return [ledger.append(actor=system, subject=ci, decision=f"decision {i}") for i in range(3)]


def test_each_entry_continues_the_one_before(chain):
    assert chain[1].previous_hash == chain[0].hash
    assert ledger.verify() == ledger.Verdict(examined=3)


@pytest.mark.parametrize("change", ["UPDATE kernel_ledgerentry SET comment = 'x'", "DELETE FROM kernel_ledgerentry"])
def test_the_database_refuses_to_change_an_entry(chain, change):
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_database_refuses_to_empty_the_ledger():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_ledgerentry ENABLE TRIGGER USER")
        with pytest.raises(InternalError):
            cursor.execute("TRUNCATE kernel_ledgerentry")


def test_verification_names_the_first_broken_entry(chain):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE kernel_ledgerentry SET comment = 'forged' WHERE sequence = 2")
        cursor.execute("SET session_replication_role = origin")

    verdict = ledger.verify()

    assert verdict.broken_at == 2
    assert LedgerEntry.objects.count() == 3
