"""A backup is restored into another database, whole or not at all, and its ledger is proved."""

import os
import re
import subprocess
import sys
from contextlib import closing
from urllib.parse import quote

import psycopg2
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from cmdb.models import ConfigurationItem
from itsm.kernel import checkpoints, ledger
from itsm.kernel.backup import programs
from itsm.local.home import CHECKOUT
from tests.builders import make_ci

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


class Other:
    """A second database on the server of the tests, and this program's commands on it."""

    def __init__(self, key: str = "") -> None:
        self.name = f"{connection.settings_dict['NAME']}_other"
        self.key = key
        self.drop()
        self._on_server(f'CREATE DATABASE "{self.name}" TEMPLATE template0')

    def drop(self) -> None:
        self._on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def restore(self, dump, *options: str) -> tuple[int, str]:
        given = connection.settings_dict
        host = quote(given["HOST"] or "127.0.0.1", safe="") + (f":{given['PORT']}" if given["PORT"] else "")
        url = f"postgresql://{given['USER']}:{given['PASSWORD']}@{host}/{self.name}"
        done = subprocess.run(
            [sys.executable, "manage.py", "restore", str(dump), *options],
            cwd=CHECKOUT, env=os.environ | {"DATABASE_URL": url, "LEDGER_KEY": self.key},
            capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def ask(self, question: str):
        return _say(self.name, question)

    def _on_server(self, statement: str) -> None:
        _say("postgres", statement)


def _say(database: str, statement: str):
    given = connection.get_connection_params()
    known = {name: given[name] for name in ("host", "port", "user", "password") if given.get(name)}
    with closing(psycopg2.connect(**known, dbname=database)) as there, there.cursor() as cursor:
        there.autocommit = True
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def key(settings):
    settings.LEDGER_KEY = checkpoints.make_key()
    return settings.LEDGER_KEY


@pytest.fixture
def other(key):
    found = Other(key)
    yield found
    found.drop()


@pytest.fixture
def dump(key, system, tmp_path):
    """A backup of three CIs and five decisions."""
    cis = [make_ci(f"db-{n}") for n in range(3)]
    with transaction.atomic():
        for n in range(5):
            ledger.append(actor=system, subject=cis[0], decision=f"decision {n}")
    call_command("backup", tmp_path / "slipway.dump")
    return tmp_path / "slipway.dump"


def test_what_was_backed_up_is_there_again_elsewhere_and_its_ledger_verifies(dump, other):
    heads = ledger.head()
    make_ci("made-after-the-backup")

    code, said = other.restore(dump)

    assert code == 0, said
    assert re.search(r"\d+ tables with \d+ rows\.\n", said)
    assert "Ledger: 5 entries, all in order. It agrees with the checkpoint of entry 5.\n" in said
    assert other.ask("SELECT sequence, hash FROM kernel_ledgerentry ORDER BY sequence DESC LIMIT 1") == [heads]
    names = [name for (name,) in other.ask("SELECT name FROM cmdb_configurationitem ORDER BY name")]
    assert names == ["db-0", "db-1", "db-2"]
    triggers = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'"
    assert other.ask(triggers) == _say(connection.settings_dict["NAME"], triggers)


def test_it_refuses_a_database_with_something_in_it_until_it_may_replace_it(dump, other):
    other.ask("CREATE TABLE precious (id int); INSERT INTO precious VALUES (1)")

    code, said = other.restore(dump)
    assert code == 1
    assert f"The database {other.name} is not empty: 1 tables with 1 rows. Add --replace to lose them." in said
    assert other.ask("SELECT * FROM precious") == [(1,)]

    code, said = other.restore(dump, "--replace")
    assert code == 0, said
    assert other.ask("SELECT to_regclass('precious')::text") == [(None,)]


@pytest.mark.parametrize(("harm", "with_sum"), [("overwritten", True), ("overwritten", False), ("cut", False)])
def test_a_damaged_file_is_named_and_the_target_is_as_it_was(dump, other, harm, with_sum):
    other.ask("CREATE TABLE precious (id int); INSERT INTO precious VALUES (1)")
    content = bytearray(dump.read_bytes())
    middle = len(content) // 2
    if harm == "cut":
        del content[middle:]
    else:
        content[middle : middle + 5000] = b"\xff" * 5000
    dump.write_bytes(bytes(content))
    if not with_sum:
        dump.with_name("slipway.dump.sha256").unlink()

    code, said = other.restore(dump, "--replace")

    assert code == 1
    assert "damaged" in said
    assert "Traceback" not in said
    assert other.ask("SELECT * FROM precious") == [(1,)]


def test_a_dump_of_another_ledger_is_refused_before_anything_is_changed(dump, other, system, tmp_path):
    """Somebody who rewrote the chain, and dumped that, has no checkpoint for it."""
    other.ask("CREATE TABLE precious (id int)")
    with transaction.atomic():
        ledger.append(actor=system, subject=ConfigurationItem.objects.first(), decision="one more")
    call_command("backup", tmp_path / "later.dump")
    (tmp_path / "slipway.dump.checkpoint.json").write_text((tmp_path / "later.dump.checkpoint.json").read_text())

    code, said = other.restore(dump, "--replace")

    assert code == 1
    assert "nothing was changed" in said
    assert "the ledger in the dump does not agree with its checkpoint of entry 6" in said
    assert other.ask("SELECT count(*) FROM precious") == [(0,)]


def test_a_checkpoint_that_another_key_signed_is_refused(dump, other):
    other.key = checkpoints.make_key()

    code, said = other.restore(dump)

    assert code == 1
    assert "was not signed with this key" in said


def test_a_file_that_is_no_backup_is_refused(other, tmp_path):
    (tmp_path / "notes.txt").write_text("hello")

    assert "is no backup, or damaged" in other.restore(tmp_path / "notes.txt")[1]
    assert "is not there" in other.restore(tmp_path / "nothing.dump")[1]


def test_a_backup_overwrites_nothing_and_only_its_owner_reads_it(dump):
    assert dump.stat().st_mode & 0o077 == 0
    before = dump.read_bytes()

    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", dump)

    assert dump.read_bytes() == before
    assert not dump.with_name("slipway.dump.part").exists()


def test_without_a_key_it_says_that_no_checkpoint_was_signed(settings, tmp_path, capsys):
    settings.LEDGER_KEY = ""

    call_command("backup", tmp_path / "slipway.dump")

    assert "No checkpoint: LEDGER_KEY is not set." in capsys.readouterr().out
    assert not (tmp_path / "slipway.dump.checkpoint.json").exists()


def test_no_program_new_enough_is_said_with_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "version_of", lambda path: 9)

    with pytest.raises(CommandError, match=r"There is no pg_dump for PostgreSQL \d+ here .*Install"):
        call_command("backup", tmp_path / "slipway.dump")
