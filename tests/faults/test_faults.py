"""Processes are killed while clients decide and post: what was acknowledged is there, once, and so are its effects."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.faults.checker import Report, check
from tests.faults.clients import Client, Log
from tests.faults.site import Site, eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
CLIENTS = 4
DECISIONS, FEW = 60, 16
OPEN = """
    SELECT (SELECT count(*) FROM kernel_outboxevent WHERE published_at IS NULL)
         + (SELECT count(*) FROM kernel_eventdelivery WHERE done_at IS NULL AND parked_at IS NULL)
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    try:
        site.start_servers()
        yield site
    finally:
        site.close()


@pytest.fixture(scope="module")
def seeded(site: Site) -> dict:
    return site.seed(DECISIONS + 3 * FEW)


class Run:
    """Clients at work on the site for as long as the block lasts; what they were told is compared afterwards."""

    def __init__(self, site: Site, seeded: dict, name: str):
        self.site, self.name = site, name
        self.log = Log(site.folder / f"{name}.log")
        self.after_event = site.rows("SELECT coalesce(max(id), 0) FROM kernel_outboxevent")[0][0]
        asked = [seeded["authorisations"].pop() for _ in range(DECISIONS if name == "kill" else FEW)]
        address = f"http://127.0.0.1:{site.port}"
        self.clients = [
            Client(f"{name}-{n}", address, seeded["token"], self.log, asked[n::CLIENTS]) for n in range(CLIENTS)
        ]
        self.threads = [threading.Thread(target=client.work) for client in self.clients]

    def __enter__(self) -> "Run":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.stopping.set()
        for thread in self.threads:
            thread.join(90)

    def until(self, count: int) -> None:
        """Until so many more things were acknowledged."""
        target = self.acknowledged() + count
        eventually(lambda: self.acknowledged() >= target, f"{count} more acknowledgements", 60)

    def acknowledged(self) -> int:
        return sum(word["told"] == "done" for word in self.log.read().values())

    def report(self) -> Report:
        report = check(self.site, self.log.read(), self.name, self.after_event)
        ended = Counter(word["fault"] for word in self.log.read().values() if word.get("fault"))
        ended["in an effect"] = len(list(self.site.folder.glob("event-*")))
        print(f"\n{self.name}: {report}; repeated requests {sum(c.retries for c in self.clients)}")
        print(f"processes that ended themselves: {dict(ended)}")
        return report


def drained(site: Site, seconds: float = 60) -> None:
    eventually(lambda: site.rows(OPEN)[0][0] == 0, "The end of all deliveries", seconds)


def test_whatever_is_killed_nothing_acknowledged_is_lost_or_doubled(site, seeded):
    site.start()
    drained(site)
    faults: list[Callable[[], None]] = [
        site.kill_worker_child, site.kill_web, site.kill_valkey, site.kill_beat, site.kill_postgres_backend,
        site.kill_worker, site.kill_postgres, site.kill_valkey, site.kill_worker_child, site.kill_postgres_backend,
    ]  # fmt: skip
    with Run(site, seeded, "kill") as run:
        for fault in faults:
            run.until(10)
            fault()
        run.until(10)
    drained(site)

    report = run.report()

    assert report.is_clean, report
    assert report.acknowledged == report.found > 100
    assert report.unknown == 0


@pytest.mark.parametrize(
    ("sabotage", "finds"),
    [
        ("idempotency", lambda report: report.doubled or report.refused_but_done),
        ("outbox", lambda report: report.without_effect),
        ("receipts", lambda report: report.effects_doubled),
    ],
)
def test_the_checker_finds_a_build_without(site, seeded, sabotage, finds):
    """The proof that the test above can fail: the same clients on a build that is broken on purpose."""
    site.stop()
    site.rows("DELETE FROM kernel_eventdelivery RETURNING 1")
    site.sabotage = sabotage
    site.start()

    with Run(site, seeded, sabotage) as run:
        run.until(36)
    if sabotage == "receipts":
        eventually(lambda: finds(run.report()), "A second effect", 30)
    else:
        time.sleep(3)
    report = run.report()

    assert not report.is_clean
    assert finds(report), report
