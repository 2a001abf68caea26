"""python -m tests.faults.seed COUNT: an empty site, filled; prints what the clients need as JSON."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from itsm.kernel import tokens  # noqa: E402
from itsm.kernel.models import RoleAssignment, User  # noqa: E402
from itsm.kernel.roles import Role  # noqa: E402
from tests.builders import make_ci  # noqa: E402
from tests.changes.builders import make_change, waiting  # noqa: E402

EFFECTS = """
    CREATE TABLE fault_effects (
        id bigserial PRIMARY KEY, event_id bigint, name text, subject_type text, subject_id bigint
    )
"""


def main(count: int) -> dict[str, object]:
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(EFFECTS)
    alice, bob, manager = (User.objects.create(username=name) for name in ("alice", "bob", "change.manager"))
    for user, role in ((alice, Role.REQUESTER), (bob, Role.IMPLEMENTER), (manager, Role.CHANGE_MANAGER)):
        RoleAssignment.objects.create(user=user, role=role)
    asked = []
    for day in range(1, count + 1):
        start = timezone.now() + timedelta(days=day)
        change = make_change(
            requested_by=alice, assignee=bob, cis=[make_ci()], status="assessment",
            start=start, end=start + timedelta(hours=2),
        )  # fmt: skip
        asked.append(waiting(change).pk)
    return {"token": tokens.make(manager, name="faults"), "authorisations": asked}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
