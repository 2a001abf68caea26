"""Users, teams and the roles they hold."""

from django.contrib.auth.hashers import make_password

from itsm.kernel import history
from itsm.kernel.models import RoleAssignment, Team, User
from itsm.kernel.roles import Role
from itsm.kernel.sign_in import DEMO_PASSWORD
from itsm.portal.demo.stage import SYSTEM, Stage

THURSDAY, FRIDAY = 3, 4


def load(stage: Stage) -> None:
    with history.attributed(SYSTEM, through="demo.people"):
        _make_users(stage)
        _make_teams(stage)
        _make_assignments(stage)


def _make_users(stage: Stage) -> None:
    # Hashing is slow on purpose; the whole world knows this password, so one hash serves all.
    password = make_password(DEMO_PASSWORD)
    for username, said in stage.script["people"].items():
        first, _, last = said["name"].partition(" ")
        stage.people[username] = User.objects.create(
            username=username,
            first_name=first,
            last_name=last,
            email=f"{username}@slipway.example",
            password=make_password(None) if said.get("machine") else password,
            is_machine=said.get("machine", False),
            is_superuser=said.get("superuser", False),
            is_staff=said.get("superuser", False),
        )


def _make_teams(stage: Stage) -> None:
    for name, said in stage.script["teams"].items():
        team = Team.objects.create(name=name, lead=stage.people[said["lead"]])
        team.members.set(stage.people[member] for member in said["members"])
        stage.teams[name] = team


def _make_assignments(stage: Stage) -> None:
    began = stage.at(-365)
    RoleAssignment.objects.bulk_create(
        RoleAssignment(role=Role(role), user=stage.people[username], since=began)
        for username, said in stage.script["people"].items()
        for role in said.get("roles", [])
    )
    cover = stage.script["role_cover"]
    thursday = stage.days_until(THURSDAY)
    for username, since, until in [
        (cover["until_next_thursday"], began, stage.at(thursday, "00:00")),
        (cover["from_next_friday"], stage.at(thursday + 1, "00:00"), None),
    ]:
        RoleAssignment.objects.create(role=Role(cover["role"]), user=stage.people[username], since=since, until=until)
