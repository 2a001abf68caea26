"""A chain that was rewritten as a whole verifies; a checkpoint that was kept elsewhere finds it."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import InternalError, connection, transaction

from itsm.kernel import checkpoints, jobs, ledger
from itsm.kernel.models import LedgerCheckpoint, LedgerEntry
from tests.builders import make_ci

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(settings):
    settings.LEDGER_KEY = checkpoints.make_key()
    return checkpoints.own_key()


@pytest.fixture
def chain(system):
    ci = make_ci("db-1")
    with transaction.atomic():
        return [ledger.append(actor=system, subject=ci, decision=f"decision {i}") for i in range(5)]


def checkpoint_file(folder, name="checkpoint.json"):
    call_command("ledger_checkpoint", out=folder / name)
    return folder / name


def verify(*files, **options):
    out = StringIO()
    call_command("verify_ledger", checkpoint=list(files), stdout=out, **options)
    return out.getvalue()


def rewrite(change: str, sequence: int) -> None:
    """What somebody with the owner's rights can do: change an entry, and make all hashes fit again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE kernel_ledgerentry SET {change} WHERE sequence = %s", [sequence])
        previous = ledger.GENESIS
        for entry in LedgerEntry.objects.order_by("sequence"):
            entry.previous_hash = previous
            entry.hash = previous = ledger.seal(entry)
            entry.save(update_fields=["previous_hash", "hash"])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_rewritten_chain_verifies_and_the_checkpoint_finds_it(chain, key, tmp_path):
    kept = checkpoint_file(tmp_path)
    assert verify(kept) == "5 entries, all in order. Checkpoints that agree: 1.\n"

    rewrite("comment = 'never said'", 3)

    assert ledger.verify().intact
    with pytest.raises(CommandError, match="Entry 5 is not the one that was signed"):
        verify(kept)


def test_of_several_checkpoints_the_answer_names_the_last_that_holds(chain, key, tmp_path, system):
    early = checkpoint_file(tmp_path, "early")
    with transaction.atomic():
        ledger.append(actor=system, subject=make_ci("db-2"), decision="late")
    late = checkpoint_file(tmp_path, "late")

    rewrite("comment = 'never said'", 6)

    with pytest.raises(CommandError, match=r"Entry 6 is not .* Up to entry 5 the chain is as it was signed"):
        verify(late, early)


def test_entries_cut_off_at_the_end_are_missed(chain, key, tmp_path):
    kept = checkpoint_file(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM kernel_ledgerentry WHERE sequence > 3")
        cursor.execute("SET LOCAL session_replication_role = origin")

    assert ledger.verify().intact
    with pytest.raises(CommandError, match="Entry 5 is missing"):
        verify(kept)


@pytest.mark.parametrize("change", [{"hash": "0" * 64}, {"sequence": 4}, {"signature": "AAAA"}, {"key": "x"}])
def test_a_changed_checkpoint_is_not_believed(chain, key, tmp_path, change):
    kept = checkpoint_file(tmp_path)
    kept.write_text(json.dumps(json.loads(kept.read_text()) | change))

    with pytest.raises(CommandError, match="was not signed with the key"):
        verify(kept)


def test_a_checkpoint_can_be_checked_with_the_public_key_alone(chain, key, tmp_path, settings):
    kept = checkpoint_file(tmp_path)
    public = tmp_path / "public.pem"
    public.write_text(checkpoints.public_pem(key.public_key()))
    settings.LEDGER_KEY = ""

    assert "all in order" in verify(kept, public_key=public)
    with pytest.raises(CommandError, match="LEDGER_KEY is not set"):
        verify(kept)


def test_anothers_key_does_not_fit(chain, key, tmp_path, settings):
    kept = checkpoint_file(tmp_path)
    settings.LEDGER_KEY = checkpoints.make_key()

    with pytest.raises(CommandError, match="was not signed with the key"):
        verify(kept)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sequence": "1"}', "no json"])
def test_what_is_no_checkpoint_is_called_so(key, tmp_path, text):
    (tmp_path / "file").write_text(text)
    with pytest.raises(CommandError, match="This is no checkpoint"):
        verify(tmp_path / "file")


def test_an_empty_ledger_has_nothing_to_sign(key):
    with pytest.raises(CommandError, match="no entry yet"):
        call_command("ledger_checkpoint")


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path, settings):
    path, out = tmp_path / "key.pem", StringIO()
    call_command("ledger_key", path, stdout=out)
    settings.LEDGER_KEY = path.read_text()

    assert path.stat().st_mode & 0o777 == 0o600
    assert out.getvalue().strip() == checkpoints.public_pem(checkpoints.own_key().public_key()).strip()
    with pytest.raises(CommandError, match="never replaced"):
        call_command("ledger_key", path)


def test_a_checkpoint_is_not_changed_in_the_database(chain, key):
    checkpoints.make()
    with pytest.raises(InternalError), transaction.atomic():
        LedgerCheckpoint.objects.update(hash="x")


def test_one_is_signed_each_night_where_there_is_a_key(chain, key, settings, caplog):
    caplog.set_level("INFO")
    jobs.sign_checkpoint()
    assert checkpoints.read(caplog.messages[-1].split(": ", 1)[1])["sequence"] == 5

    settings.LEDGER_KEY = ""
    jobs.sign_checkpoint()
    assert LedgerCheckpoint.objects.count() == 1


def test_the_api_lists_them_and_says_whether_they_hold(chain, key, viewer, api, django_assert_max_num_queries):
    checkpoints.make()
    with django_assert_max_num_queries(8):
        [found] = api(viewer).get("/api/ledger/checkpoints/").json()["results"]
    assert found["sequence"] == 5
    assert found["holds"] is True

    rewrite("comment = 'never said'", 3)

    assert api(viewer).get(f"/api/ledger/checkpoints/{found['id']}/").json()["holds"] is False


def test_the_page_lists_them_and_says_whether_they_hold(chain, key, viewer, browser_of):
    checkpoints.make()
    assert '<span class="v ok">holds</span>' in browser_of(viewer).get("/ledger/checkpoints/").content.decode()
