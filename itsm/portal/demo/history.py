"""Three weeks of the streams, day by day: what was delivered, and the clockwork that judged it."""

from collections.abc import Callable, Iterator
from datetime import datetime

from itsm.kernel.actor import Actor
from itsm.portal.demo.stage import Stage
from transition.operations import periods, runs

KNOWLEDGE, ACCEPTANCE, HARDWARE = 2, 3, 4
MON, TUE, WED, THU, FRI = range(5)
WEEKS = 3
CLOCKWORK = Actor.system("cadence")

Deed = tuple[datetime, Callable[[datetime], object]]

# (weeks ago, weekday, clock, what); the knowledge period of last Wednesday and Thursday has none, and the acceptance
# week before last has one more than at most. Deployments, meetings and acceptance reviews record runs of their own.
KNOWLEDGE_RUNS = [
    (3, TUE, "16:10", "How search finds goods: reviewed, still right"),
    (3, THU, "15:30", "Rules of CORP_PIX_001: tested and published"),
    (3, FRI, "11:20", "Old articles of the former shop retired"),
    (2, TUE, "14:05", "Baskets that outlive a visit: reviewed with support"),
    (2, THU, "16:40", "Five articles linked to the servers they describe"),
    (2, FRI, "10:15", "Feedback of the support team worked in"),
    (1, TUE, "15:50", "Where the delivery date comes from: sent to test"),
    (1, FRI, "13:30", "Ratings and how to remove one: outline agreed"),
]
ACCEPTANCE_RUNS = [
    (3, WED, "10:00", "Search under load, with the support team"),
    (2, TUE, "10:00", "Basket: restore after a lost server"),
    (2, WED, "14:00", "Basket: again, after the repair"),
    (2, THU, "10:00", "Delivery date: with the carrier's test system"),
    (1, TUE, "10:00", "Instalments: with the bank's test system"),
]
HARDWARE_RUNS = [(2, WED, "09:15", "LB-SHOP-1 in its rack, WEB-SHOP-2 behind it")]


def load(stage: Stage, deeds: list[Deed]) -> None:
    """Play the days: first the clockwork, shortly after midnight, then what people and pipelines did."""
    deeds = sorted([*deeds, *_runs(stage)], key=lambda deed: deed[0])
    first = -stage.at(0).weekday() - 7 * WEEKS
    for day in range(first, 1):
        midnight, next_midnight = stage.at(day, "00:00"), stage.at(day + 1, "00:00")
        periods.turn(now=min(stage.at(day, "00:01"), stage.now), actor=CLOCKWORK)
        for moment, do in deeds:
            if midnight <= moment < next_midnight and moment <= stage.now:
                do(moment)
    periods.turn(now=stage.now, actor=CLOCKWORK)


def _runs(stage: Stage) -> Iterator[Deed]:
    for number, username, told in [
        (KNOWLEDGE, "knowledge.manager", KNOWLEDGE_RUNS),
        (ACCEPTANCE, "test.manager", ACCEPTANCE_RUNS),
        (HARDWARE, "r.adeyemi", HARDWARE_RUNS),
    ]:
        for weeks_ago, weekday, clock, summary in told:
            yield stage.weekday(weeks_ago, weekday, clock), _run(stage, number, username, summary)


def _run(stage: Stage, number: int, username: str, summary: str) -> Callable[[datetime], object]:
    def record(now: datetime) -> object:
        return runs.record_run(stream_id=stage.streams[number].pk, actor=stage.act(username), now=now, summary=summary)

    return record
