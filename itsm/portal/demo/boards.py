"""The weekly board with its next agenda, and the one that meets when it is called."""

from datetime import timedelta
from typing import Any

from changes.models import AgendaItem, Board, ChangeRequest
from changes.operations import agendas, board_decisions, boards, meetings
from changes.queries.boards import awaited
from itsm.kernel.actor import Actor
from itsm.portal.demo import changes
from itsm.portal.demo.history import TUE
from itsm.portal.demo.stage import Stage

CLOCKWORK = Actor.system("calendar")


def load(stage: Stage) -> None:
    manager = stage.act("change.manager")
    for said in stage.script["boards"]:
        _establish(stage, said, manager)
    asked = [(said, _request(stage, said)) for said in stage.script["cab_requests"]]
    meetings.prepare(actor=CLOCKWORK, now=stage.now)
    for said, change in asked:
        _read(stage, said, change, manager)


def _establish(stage: Stage, said: dict[str, Any], manager: Actor) -> Board:
    about = {name: value for name, value in said.items() if name not in ("clock", "members")}
    seats = {seat: [stage.people[who] for who in people] for seat, people in said["members"].items()}
    if "clock" in said:
        about |= {"first_start": stage.weekday(4, TUE, said["clock"]), "time_zone": stage.zone}
    return boards.establish(members=seats, actor=manager, **about)


def _request(stage: Stage, said: dict[str, Any]) -> ChangeRequest:
    change = changes.draft(stage, said, stage.at(said["in_days"], said["clock"]), minutes=said["minutes"])
    changes.send(stage, change, said, stage.now - timedelta(hours=30))
    return change


def _read(stage: Stage, said: dict[str, Any], change: ChangeRequest, manager: Actor) -> None:
    """What is to be read before, and who has voted already."""
    item = AgendaItem.objects.select_related("meeting__board").get(change=change)
    at: dict[str, Any] = {"meeting_id": item.meeting_id, "item_id": item.pk}
    if said["reading"]:
        agendas.note(reading=said["reading"], actor=manager, **at)
    for username, (vote, comment) in said["votes"].items():
        asked = awaited(item.meeting.board.role, change).get()
        board_decisions.vote(
            vote=vote, comment=comment, fingerprint=asked.fingerprint, actor=stage.act(username), now=stage.now, **at
        )
