"""The ledger: append-only, chained, and honest about tampering."""

from types import SimpleNamespace

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
    assert ledger.verify() == ledger.Verdict(examined=3, upto=3)


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


@pytest.mark.parametrize(
    ("tampering", "broken_at", "problem"),
    [
        ("UPDATE kernel_ledgerentry SET at = at + interval '1 microsecond' WHERE sequence = 2", 2, "does not match"),
        ("UPDATE kernel_ledgerentry SET details = '{\"a\": 2}' WHERE sequence = 3", 3, "does not match"),
        ("UPDATE kernel_ledgerentry SET previous_hash = 'x' WHERE sequence = 3", 3, "does not continue"),
        ("DELETE FROM kernel_ledgerentry WHERE sequence = 2", 2, "missing"),
        ("DELETE FROM kernel_ledgerentry WHERE sequence = 1", 1, "missing"),
    ],
)
def test_each_kind_of_tampering_is_found_at_its_entry(chain, tampering, broken_at, problem):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(tampering)
        cursor.execute("SET LOCAL session_replication_role = origin")

    verdict = ledger.verify()

    assert (verdict.broken_at, verdict.examined) == (broken_at, broken_at - 1)
    assert problem in verdict.problem


def test_details_keep_their_hash_on_their_way_through_the_database(system):
    details = {"é": 1.0, "big": 1e22, "small": 1e-9, "odd": 5.594186078364238e16, "z": [None, True, "\u2028"], "a": {}}
    with transaction.atomic():
        ledger.append(actor=system, subject=make_ci("db-1"), decision="odd numbers", details=details)
    assert ledger.verify().intact


def test_a_decision_that_is_rolled_back_leaves_no_entry_and_no_gap(chain, system):
    ci = make_ci("db-2")
    with transaction.atomic():
        ledger.append(actor=system, subject=ci, decision="never")
        transaction.set_rollback(True)
    with transaction.atomic():
        ledger.append(actor=system, subject=ci, decision="next")
    assert ledger.verify() == ledger.Verdict(examined=4, upto=4)


def test_it_is_appended_only_inside_a_transaction(system, monkeypatch):
    monkeypatch.setattr("itsm.kernel.locks.connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError, match="LEDGER must be held inside a transaction"):
        ledger.append(actor=system, subject=make_ci("db-1"), decision="x")


def test_a_long_walk_is_taken_in_parts(chain):
    first = ledger.verify(limit=2)
    assert first == ledger.Verdict(examined=2, upto=2)
    assert ledger.verify(after=first.upto) == ledger.Verdict(examined=1, upto=3)
    assert ledger.verify(after=9).broken_at == 9


def test_the_api_verifies_in_parts_and_filters(chain, viewer, api, django_assert_max_num_queries):
    client = api(viewer)
    first = client.get("/api/ledger/verify/?limit=2").json()
    assert first == {
        "intact": True, "examined": 2, "upto": 2, "next_after": 2, "broken_at": None, "problem": "",
    }  # fmt: skip
    assert client.get("/api/ledger/verify/?after=2").json()["next_after"] is None
    assert client.get("/api/ledger/verify/?limit=0").status_code == 400
    with django_assert_max_num_queries(8):
        found = client.get("/api/ledger/?decision=decision 1").json()
    assert [entry["sequence"] for entry in found["results"]] == [2]
    assert client.get("/api/ledger/2/").json()["hash"] == chain[1].hash
    assert client.get("/api/ledger/99/").status_code == 404
    assert client.get("/api/ledger/?who=x").status_code == 400


def test_the_page_goes_on_by_itself_through_a_long_chain(chain, viewer, browser_of, monkeypatch):
    monkeypatch.setattr("itsm.portal.views.ledger.PART", 2)
    client = browser_of(viewer)
    first = client.get("/ledger/verify/").content.decode()
    assert 'hx-get="/ledger/verify/?after=2"' in first
    assert "2 of 3 entries hold so far" in first
    last = client.get("/ledger/verify/?after=2", headers={"HX-Request": "true"}).content.decode()
    assert "3 entries were read" in last
    assert "hx-get" not in last


def test_the_page_of_an_entry_shows_what_it_was_decided_on(system, viewer, browser_of):
    with transaction.atomic():
        entry = ledger.append(actor=system, subject=make_ci("db-1"), decision="x", details={"rule": "R1"})
    page = browser_of(viewer).get(f"/ledger/{entry.sequence}/").content.decode()
    assert "R1" in page
    assert entry.hash in page
    assert browser_of(viewer).get("/ledger/99/").status_code == 404
